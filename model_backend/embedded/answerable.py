"""Do the documents hold an answer? One score from what the best units cover of the question."""

import math
import re
from collections.abc import Mapping, Sequence

from model_backend.embedded.exact_names import lacks_exact, lacks_hyphenated, lacks_option
from model_backend.embedded.lexicon import is_ordinary
from model_backend.embedded.manuals import named_manuals, unknown_command
from model_backend.embedded.numbered import unnamed
from model_backend.embedded.question import Question
from model_backend.embedded.score import Scored
from tools.text.thing import thing_asked
from tools.text.words import terms

THRESHOLD = 0.5
"""Below it the model abstains."""
BIAS = -6.74
WEIGHTS: Mapping[str, float] = {
    "best": 2.83,
    "coverage": 0.68,
    "names": 1.41,
    "silent": -0.41,
    "words": 2.26,
    "shapeless": 1.42,
    "few": 1.74,
}
"""Logistic regression over the features below, fitted to questions with and without an answer in their documents
(Chinese news, English encyclopaedia, technical manuals, one page or several; half of each, and the other half gave the
same quality). Of seventeen features these were left by stepwise selection. The bias is shifted so that few answerable
questions are lost."""
SILENT = 0.1
"""Below this share of what is asked, the best units only name the subject."""
TOP = 3
"""Best units looked at: what an answer shows."""
NAMELESS, NAMED = 0.55, 0.5
"""What it costs that nobody seems to be named where a person is asked for, and from where somebody is."""
UNTOLD, TOLD = 0.5, 0.5
"""What it costs that no unit says what the thing is of which that is asked, or gives a date of what happened, and from
where one does."""
OF_ANOTHER = 0.5
"""What it costs not to name the sign, the numbered thing or the exact name asked for: below the threshold, however much
else fits."""
UNHEARD = 0.75
"""What it costs that a name or a command of the question stands on no page. A name may only say where somebody stands
(`on my MacBook`): what is sure otherwise stays above the threshold."""
MIN_NAME_CHARS = 3
"""Shorter Latin words in a question are seldom names of anything."""
MIN_TITLE_WORDS, CAPITALS_SHARE = 5, 0.7
"""Of so many words or more, more than this share with a capital are written as a title is."""
MANY_WORDS = 12
"""A question of as many terms is long: each page can hold but a part of it."""

_LATIN = re.compile(r"[A-Za-z]+")
_HAPPENED = re.compile(
    r"^\s*when\s+(?:was|were|did)\b|\b(?:what|which)\s+(?:year|date)\b|哪一?年|何年|(?:什么时候|何时).{0,20}的",
    re.IGNORECASE,
)
"""`When are boats tied?` asks for no date."""


def features(question: Question, scored: Sequence[Scored]) -> dict[str, float]:
    """What the decision looks at, each about 0 to 1."""
    best = scored[0]
    return {
        "best": best.score,
        "coverage": best.coverage,
        "names": best.names,
        "silent": float(max(one.own for one in scored[:TOP]) < SILENT),
        "words": min(1.0, len(question.weights) / MANY_WORDS),
        # Where the kind of answer has no shape to look for, scores are lower for the same evidence.
        "shapeless": float(question.kind in ("any", "yes_no")),
        # A best unit out of many pages is good by chance more easily than the best of one.
        "few": 1 / len({one.unit.document for one in scored}),
    }


def answerability(question: Question, scored: Sequence[Scored]) -> float:
    """0 (surely not there) to 1 (surely there)."""
    if not scored:
        return 0.0
    found = features(question, scored)
    sure = 1 / (1 + math.exp(-(BIAS + sum(weight * found[name] for name, weight in WEIGHTS.items()))))
    texts = [one.unit.all_words for one in scored]
    if _of_another(question, scored, texts):
        sure *= OF_ANOTHER
    elif _unheard(question, scored, texts):
        sure *= UNHEARD
    if _best_told(question, scored) < TOLD and (
        # `吉祥物是什么` asks for a name, too.
        (question.kind == "definition" and not question.chinese and thing_asked(question.text))
        or (question.kind == "date" and _HAPPENED.search(question.text))
    ):
        sure *= UNTOLD
    return NAMELESS * sure if question.kind == "person" and scored[0].expected < NAMED else sure


def _best_told(question: Question, scored: Sequence[Scored]) -> float:
    """How surely one of the best units tells it; a date of something else that the same person did tells nothing."""
    told = [one.expected for one in scored[:TOP] if question.kind != "date" or one.own >= SILENT]
    return max(told, default=0.0)


def _unheard(question: Question, scored: Sequence[Scored], texts: Sequence[str]) -> bool:
    """Whether a name, a command or a word with hyphens that the question gives stands on no page."""
    if unknown_command(question, [one.unit for one in scored]) or lacks_hyphenated(question.text, texts):
        return True
    if _written_as_title(question.text):
        return False
    names = {
        name
        for name in question.subjects
        if name.isascii() and name.isalpha() and len(name) >= MIN_NAME_CHARS and not is_ordinary(name)
    }
    if not names:
        return False
    told = {term for one in scored for term in one.terms}
    told.update(terms(" ".join({f"{u.title} {u.heading} {u.lead} {u.url}" for u in (one.unit for one in scored)})))
    return any(told.isdisjoint({name, *question.related.get(name, {})}) for name in names)


def _written_as_title(question: str) -> bool:
    """Whether most words have a capital (`How To Clean A Cast Iron Skillet`): it then tells no names."""
    words = _LATIN.findall(question)
    return len(words) >= MIN_TITLE_WORDS and sum(word[0].isupper() for word in words) > CAPITALS_SHARE * len(words)


def _of_another(question: Question, scored: Sequence[Scored], texts: Sequence[str]) -> bool:
    """Whether no unit holds a numbered thing or an exact name asked for, no manual an option, none but code a sign."""
    told = [text for text, one in zip(texts, scored, strict=True) if one.unit.kind != "code"]
    manuals, _ = named_manuals(question, [one.unit for one in scored])
    in_manuals = [text for text, one in zip(texts, scored, strict=True) if one.unit.document in manuals]
    return (
        unnamed(question.text, texts)
        or lacks_exact(question.text, texts)
        or (bool(in_manuals) and lacks_option(question.text, in_manuals))
        or any(not any(sign.search(text) for text in told) for sign in question.signs)
    )
