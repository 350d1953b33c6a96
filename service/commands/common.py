"""What the commands share: options, settings with flags on top, the outer door for errors."""

import asyncio
import os
import sys
import traceback
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Literal

from pydantic import ValidationError

from agent.options import AskOptions, Depth, SearchMode, VerifyPolicy
from agent.problems import problem_of, row_of
from agent.settings import Settings
from tools.search import Recency

Output = Literal["text", "json", "events"]
INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 + SIGINT, as shells have it."""


def options_of(
    search: SearchMode,
    depth: Depth,
    thread: str | None,
    sites: Sequence[str] | None,
    recency: Recency | None,
    verify: VerifyPolicy | None,
) -> AskOptions:
    """Flags as options."""
    return AskOptions(
        search=search, depth=depth, thread_id=thread, sites=tuple(sites or ()), recency=recency, verify=verify
    )


def load_settings(providers: Sequence[str] | None = None, model: str | None = None) -> Settings:
    """Settings, with flags on top."""
    settings = Settings()
    if providers:
        search = settings.search.model_copy(update={"providers": list(providers)})
        settings = settings.model_copy(update={"search": search})
    if model:
        settings = settings.model_copy(update={"model": settings.model.model_copy(update={"name": model})})
    return settings


def guarded(work: Callable[[], Coroutine[Any, Any, int]], *, debug: bool) -> int:
    """Run a command to its exit code: errors become one sentence with the remedy, Ctrl-C becomes 130."""
    try:
        return asyncio.run(work())
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone (`asterism ask … | head`): no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ValidationError as error:
        return fail("; ".join(_setting_errors(error)), os.EX_CONFIG)
    except Exception as error:  # noqa: BLE001  the outer door of the command line
        if debug:
            traceback.print_exc()
        problem = problem_of(error)
        detail = problem.detail
        if problem.code == "internal":
            detail = f"Something broke inside ({type(error).__name__}). Run again with --debug and report it."
        return fail(detail, row_of(error)[2])


def fail(sentence: str, code: int) -> int:
    """One sentence on standard error, and the exit code."""
    print(f"asterism: {sentence}", file=sys.stderr)
    return code


def _setting_errors(error: ValidationError) -> list[str]:
    """Which settings are wrong, by the names of their variables; values are not repeated (they may be secrets)."""
    return [
        f"ASTERISM_{'__'.join(str(part).upper() for part in problem['loc'])}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False)
    ]
