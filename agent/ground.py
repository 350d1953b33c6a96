"""Grounding: ties each claim of an answer to the words of a page, and gives it a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.answer import Citation, Claim, Source
from agent.claims import ClaimSpan, split_claims
from agent.verify import Evidence, Support, Verifier
from tools.pages import Page, Passage

LONGEST_QUOTE = 600
"""A cited span longer than this is cut at its end: a reader looks at a sentence or three, not at a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """The outcome of checking an answer."""

    claims: list[Claim]
    citations: list[Citation]
    groundedness: float | None
    """Supported claims / checked claims; None when nothing was checked."""


def ground(
    answer: str,
    *,
    sources: Sequence[Source],
    passages: Sequence[Passage],
    pages: Mapping[str, Page],
    orphan_marks: Sequence[int] = (),
) -> Grounded:
    """Check every claim against the passages of the sources it names.

    A claim that names none is checked against all of them, and says so in its reason. One citation is made per claim
    and source, and its `cited_text` is cut from the page itself, so that it always equals the page at its offsets.
    """
    by_number = {source.number: source for source in sources}
    verifier = Verifier(evidence_of(sources, passages, pages))
    claims: list[Claim] = []
    citations: list[Citation] = []
    for span in split_claims(answer, orphan_marks):
        named = [number for number in span.citations if number in by_number]
        supports = {number: verifier.judge(span.text, {number}) for number in named}
        claims.append(_claim(span, named, supports, verifier if passages else None))
        citations += [
            citation
            for number, support in supports.items()
            if (citation := _citation(span, by_number[number], support, pages, passages))
        ]
    return Grounded(claims=claims, citations=citations, groundedness=groundedness(claims))


def groundedness(claims: Sequence[Claim]) -> float | None:
    """Supported claims / checked claims; None when nothing was checked."""
    checked = [claim for claim in claims if claim.verdict != "unchecked"]
    if not checked:
        return None
    return round(sum(claim.verdict == "supported" for claim in checked) / len(checked), 4)


def evidence_of(sources: Sequence[Source], passages: Sequence[Passage], pages: Mapping[str, Page]) -> list[Evidence]:
    """The passages shown to the model, under the numbers of their sources."""
    numbers = {source.url: source.number for source in sources}
    return [
        Evidence(
            number=numbers[passage.url],
            url=passage.url,
            start=passage.start,
            text=passage.text,
            title=f"{pages[passage.url].title} {passage.headings}",
        )
        for passage in passages
        if passage.url in numbers and passage.url in pages
    ]


def _claim(span: ClaimSpan, named: Sequence[int], supports: Mapping[int, Support], verifier: Verifier | None) -> Claim:
    best, reason = _verdict(span, supports, verifier)
    return Claim(
        text=span.text,
        start=span.start,
        end=span.end,
        citations=list(named),
        verdict=best.verdict,
        score=best.score,
        reason=reason,
    )


def _verdict(span: ClaimSpan, supports: Mapping[int, Support], verifier: Verifier | None) -> tuple[Support, str]:
    if not span.checkable or (verifier is None and not span.orphan):
        return Support(verdict="unchecked", score=0.0), ""
    if supports:
        best = max(supports.values(), key=lambda s: (s.verdict == "supported", s.score))
        return best, best.reason
    if span.orphan or verifier is None:
        return Support(verdict="unsupported", score=0.0), "no source"
    best = verifier.judge(span.text)
    return best, best.reason or "no mark; checked against all sources"


def _citation(
    span: ClaimSpan, source: Source, support: Support, pages: Mapping[str, Page], passages: Sequence[Passage]
) -> Citation | None:
    page = pages.get(source.url)
    if page is None:
        return None
    if support.evidence is not None and support.end > support.start:
        start = support.evidence.start + support.start
        end = support.evidence.start + support.end
    else:
        # Nothing fits: show where the source was read from, and let the verdict speak.
        start, end = next((p.start, p.end) for p in passages if p.url == source.url)
    end = min(end, start + LONGEST_QUOTE)
    return Citation(
        number=source.number,
        start=span.start,
        end=span.end,
        url=source.url,
        title=source.title,
        cited_text=page.text[start:end],
        page_start=start,
        page_end=end,
        verdict=support.verdict if span.checkable else "unchecked",
    )
