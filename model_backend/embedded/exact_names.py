"""Names that can be spelt in one way only (`--autostash`, `json_pretty`, `APT::Install-Window`).

Where one is asked about that stands on no page, the pages tell of something else, however many words they share. Pure.
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
    r"|(?<![\w.])[A-Za-z]\w+(?=\((?:\)|[A-Za-z_]\w*(?:,\s*[A-Za-z_]\w*)+\)))"  # no gloss in brackets
    r"|(?<![\w./-])[A-Za-z][\w-]*(?:\.[\w-]+)*\.[a-z][\w-]{4,}(?![\w/.])"  # `app.db` and `example.org` are anybody's
    r"|(?<=[`'\"“])[a-z]+(?:-[a-z]+)+(?=[`'\"”])",
    re.ASCII,
)
"""Long options, names with underscores, namespaces, functions, settings, hyphenated words between quotes."""
_HYPHENATED = re.compile(r"(?<![\w./-])[a-z]+(?:-[a-z]+)+(?![\w/-])", re.ASCII)
_BEFORE_ONES_OWN = re.compile(
    r"(?:\b(?:my|our|from|into|join|update|called|named|table|column|database|schema|branch|variable|function|method|"
    r"class|file|folder|user|key)\s+|我们?的|名为|叫|表|库|分支|字段|列|变量)\W?\s?$",
    re.IGNORECASE,
)
_BEHIND_ONES_OWN = re.compile(
    r"\W{0,3}\s?(?:(?:table|database|schema|branch|column|file|variable)\b|表|库|分支|字段|列|变量)", re.IGNORECASE
)
"""What stands before and behind the name of something that the reader made: `FROM app_users`, `the app_users table`."""
_MINE = re.compile(r"[Mm]y[_A-Z-]")


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
    told = "\n".join(texts)
    return any(not _spelt(name).search(told) for name in names)


def _spelt(name: str) -> re.Pattern[str]:
    """How pages may write it: an option with `[no-]`, a setting or a member by its last part, a hyphen as a space."""
    if name.startswith("--"):
        bare = re.escape(name.removeprefix("--").removeprefix("no-"))
        pattern = rf"--(?:\[no-\]|no-)?{bare}(?![\w-])"
    elif "::" in name or "." in name:
        pattern = rf"(?<!\w){re.escape(re.split('::|[.]', name)[-1])}"
    else:
        pattern = rf"(?<![\w-]){re.escape(name)}".replace(r"\-", "[- ]?")
    return re.compile(pattern, re.ASCII | re.IGNORECASE)  # ASCII: a Chinese character may stand straight before it


def _named(shape: re.Pattern[str], question: str) -> Iterator[str]:
    for match in shape.finditer(question):
        name = match.group()
        option = name.startswith("--")
        ordinary = not option and (_MINE.match(name) or is_compound_word(name.lower()))
        ones_own = _BEFORE_ONES_OWN.search(question, 0, match.start()) or _BEHIND_ONES_OWN.match(question, match.end())
        if not ordinary and (option or not ones_own):
            yield name
