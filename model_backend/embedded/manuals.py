"""The manual pages that a question names: `git instaweb` is asked about, and what another command does is no answer."""

import re
from collections.abc import Sequence

from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from tools.text.words import terms

COMMON_SHARE = 0.5
"""A word in the titles of more of the pages than this (`git`) tells none of them apart."""

_MANUAL = re.compile(r"([\w.+-]+)\(\d\w?\)")
"""How manual pages are titled: `git-instaweb(1)`."""


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


def _stands_in(asked: Sequence[str], name: tuple[str, ...]) -> bool:
    return any(tuple(asked[at : at + len(name)]) == name for at in range(len(asked) - len(name) + 1))
