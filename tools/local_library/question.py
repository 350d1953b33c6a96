"""A question -> the ways it may be read against the index: as it stands, and in the other language. Pure."""

import re
from dataclasses import dataclass
from itertools import pairwise

from tools.local_library.analysis import compounds, english_words, joined
from tools.text.glossary import WORDS, in_word, segment, translations
from tools.text.limits import limit_terms
from tools.text.vocabulary import COMMON
from tools.text.words import is_chinese, stem, terms

MAX_GROUPS = 24
"""Things a search looks for at most; a longer question is a text, and its first words and rarest are enough."""
UNTRANSLATED_COMMON = 0.5
"""How much a common word that has no translation counts as missed, beside one that names a thing."""
CHARS_PER_WORD = 2
"""Of Chinese that the glossary cannot tell apart."""
MAX_QUESTION_CHARS = 2_000
"""Read of a question; the rest cannot add a group."""

# What a Chinese question asks with, not about. Longer ones first; 目的 and 是否 are words of their own.
_FILLERS = re.compile(
    "请问|请告诉我|告诉我|为什么|有什么|是什么|用什么|什么样|怎么样|怎样|怎么|如何|什么|哪一个|哪个|哪些|哪里|哪几个|几个|几种|"
    "多少|可不可以|能不能|是不是|有没有|可以|能够|应该|需要|想要|我想|是否|分为|进行|(?<!目)的|了|吗|呢|吧|我|你|请"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question in one language: groups of terms that say the same, each of which a page should have."""

    groups: tuple[tuple[str, ...], ...]
    """In the order of the question."""
    optional: tuple[str, ...] = ()
    """Terms the question may mean: `git rebase` may stand as `git-rebase`. They add, but are not missed."""
    names: frozenset[str] = frozenset()
    """Latin words in a Chinese question: the names of what it is about."""
    translated: bool = False
    """Made with the glossary, for pages in the other language than the question's."""
    share: float = 1.0
    """How much of the question it holds: a page with all three words that could be translated of ten has a third."""


def read_question(question: str) -> list[Reading]:
    """Read a question; the first reading is its own words, a second one a translation where one can be had."""
    question = question[:MAX_QUESTION_CHARS]
    return _read_chinese(question) if is_chinese(question) else _read_english(question)


def _read_english(question: str) -> list[Reading]:
    own = terms(question, unigrams=False) + compounds(question)
    # Nothing but stop words ("to be or not to be"): better those than nothing.
    own = own or [stem(word) for word in english_words(question)]
    may_mean = (*_couples(question), *limit_terms(question))
    return [Reading(_singles(own), tuple(term for term in may_mean if term not in own))] if own else []


def _read_chinese(question: str) -> list[Reading]:
    asked = _FILLERS.sub(" ", question)
    latin = [term for term in terms(asked, unigrams=False) if term.isascii()] + compounds(asked)
    inside, across = _bigrams(asked)
    own = latin + (inside or across or [term for term in terms(question, unigrams=False) if not term.isascii()])
    readings = []
    if own:
        optional = (*_couples(asked), *(term for term in across if term not in own))[:MAX_GROUPS]
        readings.append(Reading(_singles(own), optional, frozenset(latin)))
    english = [tuple(dict.fromkeys(stem(word) for word in words)) for words in translations(asked)]
    if english:
        groups = tuple(dict.fromkeys([*((term,) for term in latin), *english]))[:MAX_GROUPS]
        share = _translated_share(asked, len(set(latin)))
        readings.append(Reading(groups, _couples(asked), frozenset(latin), translated=True, share=share))
    return readings


def _translated_share(asked: str, names: int) -> float:
    """Of the words of a question, names among them, how many the English has; one character alone is not missed."""
    told, missed = float(names), 0.0
    for word in segment(asked):
        if word in WORDS:
            told += 1
        elif word in COMMON:
            missed += UNTRANSLATED_COMMON
        else:
            verbs = len(in_word(word))
            told += verbs / CHARS_PER_WORD
            missed += (len(word) - verbs) / CHARS_PER_WORD if len(word) > 1 else 0.0
    return told / (told + missed)


def _bigrams(text: str) -> tuple[list[str], list[str]]:
    """Chinese terms inside the words of a text, and those across two of them, which no writer chose."""
    inside: list[str] = []
    words = segment(text)
    for word in words:
        inside.extend(terms(word, unigrams=False))
    across = [term for term in terms(text, unigrams=False) if not term.isascii() and term not in inside]
    return inside, across


def _singles(found: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple((term,) for term in dict.fromkeys(found))[:MAX_GROUPS]


def _couples(question: str) -> tuple[str, ...]:
    couples = [joined(pair) for pair in pairwise(english_words(question))]
    return tuple(dict.fromkeys(couples))[:MAX_GROUPS]
