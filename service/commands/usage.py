"""The command line from its first word to its exit code. Light: `--help` waits for it.

What the parser refuses is told in our words, and with what to type instead where that is known.
"""

import os
import re
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol, cast

import typer

from service.commands.output import NO_ROOM, let_go, write_out

ASKING = (("ask",), ("demo",), ("library", "search"))
"""Commands that take words of people, which may begin with a dash or be left without quotes."""
LEAKED = "Value error, "
"""Pydantic's name for any refusal by code; typer repeats it."""
NO_OPTION = "No such option: "
TOO_MANY = "Got unexpected extra argument"
MAX_REPEATED = 80
"""Longest question, in characters, that a hint repeats."""
_NEGATIVE = re.compile(r"-[\d(.]")
_SPACE = re.compile(r"\s")


class _Refusal(Protocol):
    """What the parser raises."""

    message: str
    exit_code: int

    def show(self) -> None:
        """Print it, with the usage line."""


def call(app: typer.Typer, words: Sequence[str]) -> int:
    """Run the command that the words name; returns the exit code.

    Commands end with SystemExit themselves; what comes back here was ended by the parser.
    """
    try:
        code = app(list(words), standalone_mode=False)
        write_out()
        return code if isinstance(code, int) else 0
    except typer.TyperException as error:
        return _refuse(cast(_Refusal, error), words)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        print(f"asterism: The output could not be written ({error.strerror}).", file=sys.stderr)
        return os.EX_IOERR
    except SystemExit as ended:
        # The parser makes 1 of a reader who has gone before `--help` was written.
        if isinstance(ended.__context__, BrokenPipeError):
            return 0
        raise
    finally:
        let_go()


def _refuse(refusal: _Refusal, words: Sequence[str]) -> int:
    refusal.message = refusal.message.removeprefix(LEAKED)
    with suppress(OSError):
        refusal.show()
        hint = hint_for(refusal.message, words)
        if hint:
            print(hint, file=sys.stderr)
    return refusal.exit_code


def hint_for(message: str, words: Sequence[str]) -> str:
    """What to type instead; empty where nobody knows."""
    command = next((name for name in ASKING if tuple(words[: len(name)]) == name), None)
    if command is None:
        return ""
    start = f"asterism {' '.join(command)}"
    if message.startswith(TOO_MANY):
        return f'Put what you ask into quotes: {start} "…"'
    if not message.startswith(NO_OPTION):
        return ""
    option = message.removeprefix(NO_OPTION)
    asked = next((word for word in words[len(command) :] if word.startswith(option) and _is_asked(word)), None)
    if asked is None:
        return ""
    repeated = shlex.quote(asked) if len(asked) <= MAX_REPEATED else '"…"'
    return f"Put -- before words that begin with a dash: {start} -- {repeated}"


def _is_asked(word: str) -> bool:
    """Whether it is no misspelt option but a question, such as `-5 + 3` or `-v flag of git`."""
    first = _SPACE.split(word, maxsplit=1)[0]
    return _NEGATIVE.match(word) is not None or (first != word and "=" not in first)
