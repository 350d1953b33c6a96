"""Names that can be spelt in one way only (`--autostash`, `json_pretty`, `APT::Install-Window`).

Where one is asked about that no page holds, the pages tell of something else, however many words they share. Pure.
"""

import re
from collections.abc import Iterable, Iterator

from model_backend.embedded.question import is_compound_word

_LONG_OPTION = r"(?<![\w-])--[A-Za-z][\w-]+"
_OPTION = re.compile(_LONG_OPTION, re.ASCII)
_EXACT = re.compile(
    rf"{_LONG_OPTION}"
    r"|(?<![\w.])[A-Za-z]\w*(?:_\w+)+"
    r"|(?<!\w)[A-Za-z]\w*(?:::[\w-]+)+"
    r"|(?<![\w.])[A-Za-z]\w+(?=\()"
    r"|(?<![\w./-])[A-Za-z][\w-]*(?:\.[\w-]+)*\.[A-Za-z][\w-]{4,}(?![\w/.])"  # `app.db` and `example.org` are anybody's
    r"|(?<=[`'\"“])[a-z]+(?:-[a-z]+)+(?=[`'\"”])",
    re.ASCII,
)
"""Long options, names with underscores, namespaces, functions, settings, hyphenated words between quotes."""
_HYPHENATED = re.compile(r"(?<![\w./-])[a-z]+(?:-[a-z]+)+(?![\w/-])", re.ASCII)
_ONES_OWN = re.compile(r"\b(?:my|our|table|from|into|join|update|column|called|named)\s+\W?$", re.IGNORECASE)
"""What stands before the name of something that the reader made: `in my app_users`, `SELECT … FROM app_users`."""


def lacks_exact(question: str, texts: Iterable[str]) -> bool:
    """Whether the question gives such a name that none of the texts holds."""
    return _lacks(_EXACT, question, texts)


def lacks_option(question: str, texts: Iterable[str]) -> bool:
    """The same of options alone: the manual of the command is where they stand."""
    return _lacks(_OPTION, question, texts)


def lacks_hyphenated(question: str, texts: Iterable[str]) -> bool:
    """The same of words with hyphens: they may be ordinary ones, so this says less."""
    return _lacks(_HYPHENATED, question, texts)


def _lacks(shape: re.Pattern[str], question: str, texts: Iterable[str]) -> bool:
    names = list(_named(shape, question))
    if not names:
        return False
    told = "\n".join(texts).lower()
    return any(not re.search(rf"(?<![\w-]){re.escape(name)}", told) for name in names)


def _named(shape: re.Pattern[str], question: str) -> Iterator[str]:
    for match in shape.finditer(question):
        name = match.group().lower()
        if not (name.startswith("my") or is_compound_word(name) or _ONES_OWN.search(question, 0, match.start())):
            yield name
