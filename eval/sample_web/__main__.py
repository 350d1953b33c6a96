"""`python -m eval.sample_web --port 8765`: serve the sample web for a browser until Ctrl-C."""

import argparse
import asyncio
import os
import sys

from eval.sample_web.server import SLOW_S, serve_sample_web


def main() -> int:
    """Serve until interrupted; the exit code says how it ended."""
    parser = argparse.ArgumentParser(prog="python -m eval.sample_web", description="Serve the sample web on loopback.")
    parser.add_argument("--port", type=int, default=8765, help="port to listen on; 0 takes any free one (default 8765)")
    parser.add_argument("--slow", type=float, default=SLOW_S, metavar="S", help="delay of the slow page in seconds")
    options = parser.parse_args()
    if not 0 <= options.port <= 65_535:
        parser.error("a port is a number from 0 to 65535; pass another with --port")
    try:
        asyncio.run(_serve(options.port, options.slow))
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        reason = error.strerror or str(error)
        print(f"Cannot listen on port {options.port} ({reason}). Choose another with --port.", file=sys.stderr)
        return os.EX_UNAVAILABLE
    return 0


async def _serve(port: int, slow_s: float) -> None:
    async with serve_sample_web(port, slow_s=slow_s) as web:
        print(f"{len(web.pages)} pages at {web.base_url}/ (Ctrl-C stops)", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    sys.exit(main())
