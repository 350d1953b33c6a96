"""A Chinese question as English documents can answer it: its known words in English, its names as they are."""

from collections.abc import Sequence
from dataclasses import replace

from model_backend.embedded.lexicon import GENERIC_WORDS, TRANSLATION_WEIGHT, related_terms
from model_backend.embedded.question import GENERIC_WEIGHT, Question, asked_words
from model_backend.embedded.units import Unit
from tools.text.glossary import WORDS, in_word, segment
from tools.text.words import is_chinese, terms


def english_units(units: Sequence[Unit]) -> list[Unit]:
    """Those of documents that are not Chinese."""
    chinese = {unit.document for unit in units if is_chinese(unit.words)}
    return [unit for unit in units if unit.document not in chinese]


def in_english(question: Question) -> Question:
    """Each known Chinese word by its usual English one, the others as related to it.

    A word that is not known stays, and no English document holds it: the question is then answered less surely.
    """
    weights = {term: weight for term, weight in question.weights.items() if term.isascii()}
    related = {term: near for term, near in question.related.items() if term in weights}
    for word in segment(asked_words(question.text)):
        known = in_word(word)
        if not known:
            told = (term for term in terms(word) if term in question.weights and term not in GENERIC_WORDS)
            weights |= {term: question.weights[term] for term in told}
            continue
        for alternatives in known:
            usual, *others = map(terms, alternatives)
            for term in usual:
                weights.setdefault(term, GENERIC_WEIGHT if term in GENERIC_WORDS else 1.0)
                other = dict.fromkeys((one for alternative in others for one in alternative), TRANSLATION_WEIGHT)
                related[term] = {**related.get(term, {}), **related_terms(term), **other}
    focus = [term for word in question.focus for english in WORDS.get(word, ()) for term in terms(english)]
    return replace(
        question,
        chinese=False,
        weights=weights,
        pairs=(),
        related=related,
        names=frozenset(term for term in question.names if term.isascii()),
        subjects=frozenset(term for term in question.subjects if term.isascii()),
        focus=tuple(focus),
    )
