"""Grounding: ties each claim of an answer to the words of a page, and gives it a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from agent.answer import Citation, Claim, Source
from agent.claims import ClaimSpan, split_claims
from agent.verify import Evidence, Support, Verifier
from tools.pages import Page, Passage
from tools.text.sentences import sentence_spans

LONGEST_QUOTE = 600
"""A cited span longer than this is cut at its end: a reader looks at a sentence or three, not at a page."""
LONGEST_CONTEXT = 200
"""A sentence beside a quotation is cut here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """The outcome of checking an answer."""

    claims: list[Claim]
    citations: list[Citation]
    groundedness: float | None
    """Supported claims / checked claims; None when nothing was checked."""
    warnings: list[str]
    """Citations that were corrected, one sentence each."""

    @staticmethod
    def of(claims: Sequence[Claim], citations: Sequence[Citation], warnings: Sequence[str] = ()) -> "Grounded":
        """With the share of supported claims worked out."""
        return Grounded(
            claims=list(claims),
            citations=list(citations),
            groundedness=groundedness(claims),
            warnings=list(warnings),
        )


def ground(
    answer: str,
    *,
    sources: Sequence[Source],
    passages: Sequence[Passage],
    pages: Mapping[str, Page],
    orphan_marks: Sequence[int] = (),
    question: str = "",
    verifier: Verifier | None = None,
) -> Grounded:
    """Check every claim against the passages of the sources it names, then against all that was read.

    A claim that its own sources do not support but another does gets that source as its citation, and its reason and
    a warning say so. A claim that names none is checked against all of them, and says so in its reason; one whose mark
    named no source is unsupported and never re-pointed. One citation is made per claim and source, and its
    `cited_text` is cut from the page itself, so that it always equals the page at its offsets.
    """
    by_number = {source.number: source for source in sources}
    verifier = verifier or Verifier(evidence_of(sources, passages, pages), question=question)
    checked = [_check(span, by_number, verifier if passages else None) for span in split_claims(answer, orphan_marks)]
    citations = [
        citation
        for one in checked
        for number, support in one.supports.items()
        if (citation := _citation(one.span, by_number[number], support, pages, passages))
    ]
    claims = [one.claim for one in checked]
    warnings = [one.warning for one in checked if one.warning]
    return Grounded.of(claims, citations, warnings)


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


@dataclass(frozen=True, slots=True)
class _Checked:
    span: ClaimSpan
    claim: Claim
    supports: Mapping[int, Support]
    """What each cited source says, by number."""
    warning: str = ""


def _check(span: ClaimSpan, sources: Mapping[int, Source], verifier: Verifier | None) -> _Checked:
    named = [number for number in span.citations if number in sources]
    if verifier is None or not span.checkable:
        return _unjudged(span, named, verifier)
    if span.orphan and not named:
        return _checked(span, named, Support(verdict="unsupported", score=0.0, reason="no source"), {})
    if not named:
        support = verifier.judge(span.full)
        reason = support.reason or "no mark; checked against all sources"
        return _checked(span, [], replace(support, reason=reason), {})
    supports = {number: verifier.judge(span.full, {number}) for number in named}
    best = max(supports.values(), key=lambda s: (s.verdict == "supported", s.score))
    if best.verdict == "supported":
        return _checked(span, named, best, supports)
    return _together(span, named, supports, best, verifier) or _elsewhere(span, named, supports, best, verifier)


def _unjudged(span: ClaimSpan, named: Sequence[int], verifier: Verifier | None) -> _Checked:
    if span.checkable and span.orphan:
        return _checked(span, named, Support(verdict="unsupported", score=0.0, reason="no source"), {})
    nothing = Support(verdict="unchecked", score=0.0)
    supports = {number: verifier.judge(span.full, {number}) if verifier else nothing for number in named}
    return _checked(span, named, nothing, supports)


def _together(
    span: ClaimSpan, named: Sequence[int], supports: Mapping[int, Support], best: Support, verifier: Verifier
) -> _Checked | None:
    """A claim with several marks may rest on all of them at once; a contradiction by one stands."""
    if len(named) < 2 or best.verdict == "contradicted":
        return None
    support = verifier.judge(span.full, set(named))
    return _checked(span, named, support, supports) if support.verdict == "supported" else None


def _elsewhere(
    span: ClaimSpan, named: Sequence[int], supports: Mapping[int, Support], best: Support, verifier: Verifier
) -> _Checked:
    """Look through everything that was read; a source that supports the claim takes the place of those it names."""
    other = verifier.judge(span.full)
    if other.verdict != "supported" or other.evidence is None or other.evidence.number in named:
        return _checked(span, named, best, supports)
    number = other.evidence.number
    told = ", ".join(f"[{n}]" for n in named)
    reason = f"citation corrected: {told} does not say it, [{number}] does"
    warning = f"A citation was corrected: {told} does not say “{span.text}”, [{number}] does."
    return _checked(span, [number], replace(other, reason=reason), {**supports, number: other}, warning)


def _checked(
    span: ClaimSpan, numbers: Sequence[int], best: Support, supports: Mapping[int, Support], warning: str = ""
) -> _Checked:
    claim = Claim(
        text=span.text,
        start=span.start,
        end=span.end,
        citations=list(numbers),
        verdict=best.verdict,
        score=best.score,
        reason=best.reason,
    )
    return _Checked(span, claim, supports, warning)


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
        start, end = next(((p.start, p.end) for p in passages if p.url == source.url), (0, 0))
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
        before=_last_sentence(page.text[max(0, start - LONGEST_CONTEXT) : start]),
        after=_first_sentence(page.text[end : end + LONGEST_CONTEXT]),
    )


def _last_sentence(text: str) -> str:
    spans = sentence_spans(text)
    return text[spans[-1][0] : spans[-1][1]] if spans else ""


def _first_sentence(text: str) -> str:
    spans = sentence_spans(text)
    return text[spans[0][0] : spans[0][1]] if spans else ""
