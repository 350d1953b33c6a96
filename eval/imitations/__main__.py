"""`python -m eval.imitations [FILE]`: ask the sample question of every profile, by every way, on every engine.

Writes the table of `eval/model_table.md`, which the README shows.
"""

import asyncio
import sys
from pathlib import Path

from eval.imitations.table import all_cells, run_cells, to_markdown

TABLE = Path(__file__).parent.parent / "model_table.md"


async def main() -> int:
    """Run, write, and tell what failed."""
    results = await run_cells(all_cells())
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TABLE
    target.write_text(to_markdown(results), encoding="utf-8")
    failed = [(cell, told) for cell, told in results.items() if told]
    for cell, told in failed:
        print(f"✗ {cell.profile_id} {cell.rung} {cell.kind}: {told}")
    print(f"{len(results)} combinations, {len(failed)} failed; table in {target}")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
