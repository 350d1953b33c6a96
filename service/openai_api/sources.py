"""What an answer rests on, in the words of OpenAI (annotations), Perplexity (citations, search results) and our own."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from agent.answer import Answer

Json = dict[str, Any]


def citations_of(answer: Answer) -> list[str]:
    """Addresses by number: mark [n] means the n-th, so the list is never shorter than the highest number."""
    urls = {source.number: source.url for source in answer.sources}
    return [urls.get(number, "") for number in range(1, max(urls, default=0) + 1)]


def search_results_of(answer: Answer) -> list[Json]:
    """The same sources with what is known of them."""
    by_number = {source.number: source for source in answer.sources}
    results: list[Json] = []
    for number in range(1, max(by_number, default=0) + 1):
        source = by_number.get(number)
        results.append(
            {
                "title": source.title if source else "",
                "url": source.url if source else "",
                "date": source.published if source else None,
                "last_updated": None,
                "snippet": source.snippet if source else "",
                "source": "web",
            }
        )
    return results


def url_citations(answer: Answer, shown: str) -> list[Json]:
    """The span of each cited claim in the text that the client has, and the page it is tied to; in order of place.

    `shown` differs from the answer when claims were taken out after they were streamed; a claim that stands in both is
    found again, another one is left out.
    """
    found: dict[tuple[int, int, str], Json] = {}
    for citation in answer.citations:
        start, end = citation.start, citation.end
        if shown != answer.answer:
            claim = answer.answer[start:end]
            start = shown.find(claim)
            end = start + len(claim)
        if start >= 0:
            found[start, end, citation.url] = {
                "start_index": start,
                "end_index": end,
                "url": citation.url,
                "title": citation.title,
            }
    return [found[key] for key in sorted(found, key=lambda key: key[:2])]


def extras_of(answer: Answer, notes: Sequence[str], *, kept: bool) -> Json:
    """Everything that the other APIs have no place for, under one key."""
    plain = answer.model_dump(
        mode="json",
        include={
            "run_id",
            "answer",
            "abstained",
            "language",
            "citations",
            "claims",
            "searches",
            "groundedness",
            "related",
            "model",
            "profile",
            "usage",
            "timings",
        },
    )
    return {
        **plain,
        "thread_id": answer.thread_id if kept else None,
        "verdicts": dict(Counter(claim.verdict for claim in answer.claims)),
        "warnings": [*answer.warnings, *notes],
    }
