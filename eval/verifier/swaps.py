"""Number and name swaps over the sample web: true sentences, reworded ones, and ones with one thing changed.

The verifier sees what it would see in a run: the page of the sentence and two others as sources.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agent.answer import Verdict
from agent.verify import Evidence, Verifier
from eval.verifier.falsify import Change, exchanged_numbers, names_in, other_name, other_number, reworded
from eval.verifier.sample_pages import Fact, facts_of, sample_pages
from tools.pages import Page
from tools.passages import split_passages

FACTS_A_PAGE = 30
"""Facts taken of one page."""
OTHER_PAGES = 2
"""Pages read besides the one that states the fact."""


@dataclass(frozen=True, slots=True)
class Swap:
    """One claim and what it should be called."""

    claim: str
    kind: str
    language: str
    true: bool
    verdict: Verdict


def judge_swaps(*, seed: int = 0) -> list[Swap]:
    """Every fact of the sample web as it stands, reworded, and swapped in each way that it can be."""
    chance = random.Random(seed)
    pages = sample_pages()
    facts = few_of_each(facts_of(pages))
    names = sorted({name for fact in facts for name in names_in(fact.text)})
    swaps: dict[str, Change] = {
        "number": other_number,
        "numbers exchanged": exchanged_numbers,
        "name": other_name(names),
    }
    found = []
    for fact in facts:
        changed = [(kind, change(fact.text, chance)) for kind, change in swaps.items()]
        false = [(kind, text) for kind, text in changed if text and text not in fact.page.text]
        if not false:
            continue
        verifier = Verifier(evidence_around(fact, pages, chance))
        true = [("as it stands", fact.text), ("reworded", reworded(fact.text, chance))]
        for kind, text in [*true, *false]:
            is_true = (kind, text) in true
            found.append(Swap(text, kind, fact.language, is_true, verifier.judge(text, {1}).verdict))
    return found


def few_of_each(facts: Sequence[Fact]) -> list[Fact]:
    """At most `FACTS_A_PAGE` of each page, in order: the gazetteer's hundreds must not outweigh all others."""
    taken: Counter[str] = Counter()
    found = []
    for fact in facts:
        taken[fact.page.url] += 1
        if taken[fact.page.url] <= FACTS_A_PAGE:
            found.append(fact)
    return found


def evidence_around(fact: Fact, pages: Sequence[Page], chance: random.Random) -> list[Evidence]:
    """The fact's page as source 1 and a few others of its language."""
    others = [page for page in pages if page.language == fact.language and page is not fact.page]
    read = [fact.page, *chance.sample(others, OTHER_PAGES)]
    return [
        Evidence(
            number=number,
            url=page.url,
            start=passage.start,
            text=passage.text,
            title=f"{page.title} {passage.headings}",
        )
        for number, page in enumerate(read, start=1)
        for passage in split_passages(page)
    ]
