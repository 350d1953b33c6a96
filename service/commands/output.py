"""Standard output and error where nobody reads them, nothing more fits, or letters are missing. Light: no imports."""

import codecs
import errno
import io
import os
import sys
from contextlib import suppress

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a disk says that takes no more."""
ESCAPES = "asterism.escapes"
"""Name of our way to write a letter that an encoding lacks."""


def take_all_letters() -> None:
    """Signs that the terminal's encoding lacks are written as escapes instead of ending the program."""
    codecs.register_error(ESCAPES, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=ESCAPES)


def write_out() -> None:
    """Write what is still held back for standard output.

    Raises:
        OSError: It cannot be written. A reader who has gone is no error.
    """
    if sys.stdout is not None:
        with suppress(BrokenPipeError):
            sys.stdout.flush()


def let_go() -> None:
    """What can no longer be written goes nowhere, so that the end of the program does not try again and fail."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""`×` as `\u00d7`, which is right within JSON too; Python's own `\xd7` is not."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    units = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), error.end
