"""The manual pages that a question names: `git instaweb` is asked about, and what another command does is no answer."""

import re
from collections.abc import Sequence

from model_backend.embedded.lexicon import is_ordinary
from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from tools.text.words import STOP_WORDS, fold, stem, terms

COMMON_SHARE = 0.5
"""A word in the titles of more of the pages than this (`git`) tells none of them apart."""

_MANUAL = re.compile(r"([\w.+-]+)\(\d\w?\)")
"""How manual pages are titled: `git-instaweb(1)`."""
_COMMAND = (
    r"(?:\b(?:of|with|using|use|run|running|via)\s+|`|(?<=[^\x00-\x7f])\s?)%s\s+(?P<command>[a-z][a-z-]+)"
    r"(?=\s*(?:$|[`?.,;:]|[^\x00-\x7f])|\s+(?:in|on|for|with|to|when|from|and|or|use|uses)\b)"
)
"""`the batch size of git backfill`: what follows the program there is a command of its own, or a thing that it has."""
_HOW = frozenset(
    ("anymore", "yet", "itself", "alone", "together", "once", "plus", "like", "behind", "offline", "online", "remotely")
)
"""Words behind the name of a program that are no command; nor is one in -ly."""


def named_manuals(question: Question, units: Sequence[Unit]) -> tuple[frozenset[int], frozenset[str]]:
    """The documents that are manuals of commands the question names, and the terms that tell these apart from others.

    Both are empty where it names none, or every document is one.
    """
    titles = {unit.document: unit.title for unit in units}
    names = {
        document: tuple(terms(match[1], unigrams=False))
        for document, title in titles.items()
        if (match := _MANUAL.match(title))
    }
    asked = terms(question.text, unigrams=False)
    found = {document: name for document, name in names.items() if name and _stands_in(asked, name)}
    own = {
        document: {
            term for term in name if sum(term in other for other in names.values()) <= COMMON_SHARE * len(titles)
        }
        for document, name in found.items()
    }
    named = frozenset(document for document, telling in own.items() if telling)
    if not named or len(named) == len(titles):
        return frozenset(), frozenset()
    return named, frozenset().union(*own.values())


def unknown_command(question: Question, units: Sequence[Unit]) -> bool:
    """Whether it asks about a command of a program (`git backfill`) that is told on none of the documents.

    Programs with commands are those with manuals of several words (`git-instaweb(1)`).
    """
    titles = {match[1] for unit in units if (match := _MANUAL.match(unit.title))}
    programs = {title.split("-")[0] for title in titles if "-" in title}
    asked = {
        rf"(?a)\b{re.escape(program)}[ -]?{re.escape(stem(match['command']))}"
        for program in programs
        for match in re.finditer(_COMMAND % re.escape(program), question.text)
        if _may_be_command(match["command"])
    }
    texts = [fold(unit.all_words) for unit in units] if asked else []
    return any(not any(one.search(text) for text in texts) for one in map(re.compile, asked))


def _may_be_command(word: str) -> bool:
    return not (word in STOP_WORDS or word in _HOW or word.endswith("ly") or is_ordinary(stem(word)))


def _stands_in(asked: Sequence[str], name: tuple[str, ...]) -> bool:
    return any(tuple(asked[at : at + len(name)]) == name for at in range(len(asked) - len(name) + 1))
