"""Grounding: own sources first, then all that was read; never silently."""

from datetime import UTC, datetime

from agent.answer import Source
from agent.ground import Grounded, ground
from tools.pages import Page, Passage

TEXTS = {
    1: "The Kestrel tower is 87 metres high. It was built in 1901 by the harbour board.",
    2: "The harbour ferry leaves every 20 minutes and costs 4 crowns. Dogs travel free.",
}


def check(answer: str, orphans: tuple[int, ...] = ()) -> Grounded:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    pages, sources, passages = {}, [], []
    for number, text in TEXTS.items():
        url = f"http://{number}.example/"
        pages[url] = Page(url=url, final_url=url, title="", text=text, site="x", fetched_at=now)
        sources.append(Source(number=number, url=url, title="", site="x", fetched_at="", snippet=""))
        passages.append(Passage(url=url, start=0, end=len(text), text=text))
    return ground(answer, sources=sources, passages=passages, pages=pages, orphan_marks=orphans)


def test_a_claim_that_another_source_supports_is_corrected_and_it_is_said() -> None:
    grounded = check("The harbour ferry leaves every 20 minutes [1].")
    claim = grounded.claims[0]
    assert (claim.verdict, claim.citations) == ("supported", [2])
    assert "[1]" in claim.reason
    assert "[2]" in claim.reason
    assert len(grounded.warnings) == 1
    assert [(c.number, c.verdict) for c in grounded.citations] == [(1, "unsupported"), (2, "supported")]


def test_what_no_source_says_stays_with_its_own_citation() -> None:
    claim = check("The mayor of the town sings opera on Sundays [1].").claims[0]
    assert (claim.verdict, claim.citations) == ("unsupported", [1])


def test_a_claim_over_two_sources_may_rest_on_both() -> None:
    claim = check("The Kestrel tower is 87 metres high, and the harbour ferry costs 4 crowns [1][2].").claims[0]
    assert claim.citations == [1, 2]


def test_a_claim_whose_mark_named_no_source_is_never_pointed_elsewhere() -> None:
    claim = check("The Kestrel tower is 87 metres high.", (len("The Kestrel tower is 87 metres high"),)).claims[0]
    assert (claim.verdict, claim.citations, claim.reason) == ("unsupported", [], "no source")


def test_claims_that_are_not_checked_do_not_count() -> None:
    grounded = check("Hello! Here is what I found:\nThe Kestrel tower is 87 metres high [1]. It is 90 metres high [1].")
    assert [claim.verdict for claim in grounded.claims].count("unchecked") == 2
    assert grounded.groundedness == 0.5


def test_cited_text_is_the_page_at_its_offsets() -> None:
    for citation in check("It was built in 1901 [1]. Dogs travel free [2].").citations:
        assert TEXTS[citation.number][citation.page_start : citation.page_end] == citation.cited_text
