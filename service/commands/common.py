"""What the commands share: options, settings with flags on top, the outer door for errors."""

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Literal

from agent.errors import InvalidQuestion, Misconfigured
from agent.options import AskOptions, Depth, SearchMode, VerifyPolicy
from agent.problems import problem_of, row_of
from agent.read_settings import read_settings
from agent.settings import Settings
from service.commands.output import NO_ROOM, let_go, take_all_letters
from tools.search import Recency, provider_names

Output = Literal["text", "json", "events"]
INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 + SIGINT, as shells have it."""
TERMINATED = 143
"""The same for SIGTERM."""
MAX_READ_CHARS = 10_000_000
"""Read of standard input at most: more than any question, and little memory."""


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
    """Settings, with flags on top.

    Raises:
        InvalidQuestion: when a flag names a provider that there is not.
        Misconfigured: when a setting is wrong.
    """
    settings = read_settings()
    _require_providers(settings.search.providers, providers or ())
    if providers:
        search = settings.search.model_copy(update={"providers": list(providers)})
        settings = settings.model_copy(update={"search": search})
    if model:
        settings = settings.model_copy(update={"model": settings.model.model_copy(update={"name": model})})
    return settings


def _require_providers(settled: Sequence[str], asked: Sequence[str]) -> None:
    known = provider_names()
    remedy = f"Known: {', '.join(known)}."
    for name in asked:
        if name not in known:
            raise InvalidQuestion(f"There is no search provider {name!r}.", remedy=remedy)
    for name in settled:
        if name not in known:
            raise Misconfigured(f"ASTERISM_SEARCH__PROVIDERS: there is no search provider {name!r}.", remedy=remedy)


def guarded(work: Callable[[], Coroutine[Any, Any, int]], *, debug: bool) -> int:
    """Run a command to its exit code: errors become one sentence with the remedy, Ctrl-C becomes 130, SIGTERM 143."""
    if sys.stdout is None:
        return fail("Standard output is closed, so there is nowhere to write to.", os.EX_IOERR)
    take_all_letters()
    try:
        code = asyncio.run(work())
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except asyncio.CancelledError:
        return TERMINATED
    except BrokenPipeError:
        # Whoever read our output has gone (`asterism ask … | head`): no error of ours.
        return 0
    except OSError as error:
        if debug:
            traceback.print_exc()
        if error.errno not in NO_ROOM:
            return _broke(error)
        return fail(f"The output could not be written ({error.strerror}).", os.EX_IOERR)
    except Exception as error:  # noqa: BLE001  the outer door of the command line
        if debug:
            traceback.print_exc()
        return _broke(error)
    finally:
        let_go()


def _broke(error: Exception) -> int:
    problem = problem_of(error)
    detail = problem.detail
    if problem.code == "internal":
        detail = f"Something broke inside ({type(error).__name__}). Run again with --debug and report it."
    return fail(detail, row_of(error)[2])


def end_on_sigterm() -> None:
    """Let SIGTERM cancel the task that calls this, as Ctrl-C does: what is open is closed."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)


def read_question(given: str) -> str:
    """The question of a command line; `-` stands for standard input.

    Raises:
        InvalidQuestion: when there is no standard input, or it is endless or no text.
    """
    if given != "-":
        return given
    if sys.stdin is None:
        raise InvalidQuestion("Standard input is closed.", remedy="Write the question in place of `-`.")
    try:
        question = sys.stdin.read(MAX_READ_CHARS + 1)
    except UnicodeDecodeError as error:
        raise InvalidQuestion("Standard input is no text.", remedy=f"Send it as {error.encoding}.") from error
    if len(question) > MAX_READ_CHARS:
        raise InvalidQuestion(
            f"Standard input has more than {MAX_READ_CHARS:,} characters.", remedy="Send the question alone."
        )
    return question


def fail(sentence: str, code: int) -> int:
    """One sentence on standard error, where somebody reads it, and the exit code."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(f"asterism: {sentence}", file=sys.stderr)
    return code
