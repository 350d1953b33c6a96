"""False sentences planted among true ones: a model that lies with real marks, over the sample web.

Each answer holds true facts of the pages read (as they stand or reworded) and false ones, every sentence with the
mark of a page. Counted is what the reader is shown as supported, and what `drop` leaves.
"""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.answer import Verdict
from agent.ground import Grounded, ground
from agent.repair import FAILED, revise
from eval.verifier.falsify import (
    Change,
    exchanged_numbers,
    names_in,
    negated,
    opposite,
    other_name,
    other_number,
    reworded,
)
from eval.verifier.sample_pages import Fact, facts_of, sample_pages, source_of
from eval.verifier.swaps import OTHER_PAGES, few_of_each
from tools.pages import Page
from tools.passages import split_passages

ANSWERS = 500
"""Answers written; both languages in turn."""
TRUE_SENTENCES = (2, 5)
FALSE_SENTENCES = (1, 3)
"""How many of each an answer holds, at least and at most."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that the scripted model says."""

    text: str
    number: int
    """The mark it carries."""
    kind: str
    true: bool


@dataclass(slots=True)
class Outcome:
    """What was counted over all answers."""

    verdicts: Counter[tuple[str, bool, Verdict]] = field(default_factory=Counter)
    """By kind, truth and verdict."""
    planted_shown: int = 0
    """Planted sentences that `drop` left in the answer."""
    true_lost: int = 0
    """True sentences that `drop` took out."""

    def share(self, *, true: bool, supported: bool) -> float:
        """Share of the (un)true sentences that are (not) shown as supported."""
        of = {key: count for key, count in self.verdicts.items() if key[1] == true}
        return sum(n for key, n in of.items() if (key[2] == "supported") == supported) / max(1, sum(of.values()))


def plant(*, answers: int = ANSWERS, seed: int = 0) -> Outcome:
    """Write the answers, check them, and count."""
    chance = random.Random(seed)
    pages = sample_pages()
    facts = few_of_each(facts_of(pages))
    names = sorted({name for fact in facts for name in names_in(fact.text)})
    lies: dict[str, Change] = {
        "number": other_number,
        "numbers exchanged": exchanged_numbers,
        "name": other_name(names),
        "negation": negated,
        "opposite": opposite,
    }
    outcome = Outcome()
    for turn in range(answers):
        language = ("en", "zh")[turn % 2]
        local = [page for page in pages if page.language == language]
        read = chance.sample(local, OTHER_PAGES + 1)
        sentences = _sentences(read, facts, lies, chance)
        _count(outcome, sentences, _checked(sentences, read), language)
    return outcome


def _sentences(
    read: Sequence[Page], facts: Sequence[Fact], lies: Mapping[str, Change], chance: random.Random
) -> list[Sentence]:
    numbers = {page.url: number for number, page in enumerate(read, start=1)}
    known = [fact for fact in facts if fact.page.url in numbers]
    foreign = [f for f in facts if f.page.url not in numbers and f.language == read[0].language]
    chance.shuffle(known)
    wanted = chance.randint(*TRUE_SENTENCES)
    true = [
        Sentence(reworded(f.text, chance) if chance.random() < 0.5 else f.text, numbers[f.page.url], "true", True)
        for f in known[:wanted]
    ]
    everything = "\n".join(page.text for page in read)
    false: list[Sentence] = []
    count = chance.randint(*FALSE_SENTENCES)
    for fact in known[wanted:]:
        if len(false) == count:
            break
        kind = chance.choice([*lies, "invented"])
        text = chance.choice(foreign).text if kind == "invented" else lies[kind](fact.text, chance)
        if text and text not in everything:
            false.append(Sentence(text, numbers[fact.page.url], kind, False))
    mixed = [*true, *false]
    chance.shuffle(mixed)
    return mixed


def _written(sentences: Sequence[Sentence], language: str) -> str:
    """The answer: marks before the full stop, as models write them."""
    space = " " if language == "en" else ""
    return space.join(f"{s.text[:-1]}{space}[{s.number}]{s.text[-1]}" for s in sentences)


def _checked(sentences: Sequence[Sentence], read: Sequence[Page]) -> Grounded:
    return ground(
        _written(sentences, read[0].language),
        sources=[source_of(page, number) for number, page in enumerate(read, start=1)],
        passages=[passage for page in read for passage in split_passages(page)],
        pages={page.url: page for page in read},
    )


def _count(outcome: Outcome, sentences: Sequence[Sentence], grounded: Grounded, language: str) -> None:
    """A sentence is shown as supported only when every claim made of it is."""
    answer = _written(sentences, language)
    kept = revise(answer, grounded.claims, {}, language).answer
    at = 0
    for sentence in sentences:
        end = at + len(_written([sentence], language))
        verdicts = [c.verdict for c in grounded.claims if at <= c.start < end]
        failed: list[Verdict] = [v for v in verdicts if v in FAILED]
        shown: Verdict = failed[0] if failed else "supported" if "supported" in verdicts else "unchecked"
        outcome.verdicts[f"{language} {sentence.kind}", sentence.true, shown] += 1
        stands = sentence.text[:-1] in kept
        outcome.planted_shown += stands and not sentence.true
        outcome.true_lost += sentence.true and not stands
        at = end + (language == "en")
