"""Checking an answer: every claim gets its verdict, and the policy decides what becomes of those that fail."""

import asyncio
from collections.abc import Sequence

from agent import evidence
from agent.answer import Claim, Source
from agent.cite import normalise_marks, without_marks
from agent.claims import ClaimSpan, split_claims
from agent.context import Context
from agent.events import AnswerRevised, CitationAdded, ClaimsChecked, Tell
from agent.ground import Grounded, evidence_of, ground
from agent.repair import FAILED, removed_claims, revise, rewrite
from agent.state import State, Update
from agent.verify import Verifier
from agent.verify.consult import consult
from agent.write import neutral
from model_backend import Document
from tools.pages import Passage

MOST_ROUNDS = 3
"""Revisions of one answer: taking a sentence out can leave the next one without its subject."""
MOST_REWRITES = 6
"""Sentences rewritten of one answer; one that needs more is better asked for again."""
KEEP_FOR_END = 0.2
"""Share of the time left that rewriting may not touch."""


async def check_answer(state: State, ctx: Context, tell: Tell) -> Update:
    """Judge, revise where the policy wants it, tell, and give back what changed."""
    checker = _Checker(state, ctx)
    grounded = await checker.ground(state.answer, state.orphan_marks)
    warnings = [*grounded.warnings, *checker.warnings]
    answer, removed = state.answer, list[Claim]()
    policy = ctx.options.verify or ctx.limits.verify
    if policy != "flag" and checker.verifier and (warnings or _failed(grounded)):
        tell(ClaimsChecked(claims=grounded.claims, groundedness=grounded.groundedness))
        rewritten = await checker.rewritten(grounded.claims) if policy == "repair" else {}
        texts: list[str] = []
        for _ in range(MOST_ROUNDS):
            revised = revise(answer, grounded.claims, rewritten, state.language)
            removed += [claim for claim in grounded.claims if claim.verdict in FAILED]
            texts += revised.removed
            answer, rewritten = revised.answer, {}
            grounded = await checker.ground(answer)
            if not _failed(grounded):
                break
        tell(AnswerRevised(answer=answer, removed=texts))
    for citation in grounded.citations:
        tell(CitationAdded(citation=citation))
    final = Grounded.of([*grounded.claims, *removed_claims(removed, answer)], grounded.citations)
    tell(ClaimsChecked(claims=final.claims, groundedness=final.groundedness))
    return {
        "answer": answer,
        "citations": [citation.model_dump() for citation in final.citations],
        "claims": [claim.model_dump() for claim in final.claims],
        "turns": [*state.turns, {"question": state.question, "answer": answer}],
        "warnings": [*state.warnings, *warnings],
    }


def _failed(grounded: Grounded) -> bool:
    return any(claim.verdict in FAILED for claim in grounded.claims)


class _Checker:
    """What checking one run's answer needs, read once."""

    def __init__(self, state: State, ctx: Context) -> None:
        self._state, self._ctx = state, ctx
        self._sources = [Source.model_validate(source) for source in state.sources]
        self._passages: Sequence[Passage] = evidence.to_passages(state.passages, ctx.desk.pages)
        self.verifier = ctx.early.verifier
        self.warnings: list[str] = []
        """Of layers that gave nothing, one sentence each."""
        self._consulted: set[tuple[str, tuple[int, ...]]] = set()
        if self.verifier is None and self._passages:
            # Nothing was checked while it streamed: a resumed run.
            pieces = evidence_of(self._sources, self._passages, ctx.desk.pages)
            self.verifier = Verifier(pieces, question=state.standalone or state.question)

    async def ground(self, answer: str, orphan_marks: Sequence[int] = ()) -> Grounded:
        """Grounded by all layers together; the classifier alone decides what they leave open."""
        if self._ctx.layers and self.verifier is not None:
            await self._consult(self.verifier, split_claims(answer, orphan_marks))
        return ground(
            answer,
            sources=self._sources,
            passages=self._passages,
            pages=self._ctx.desk.pages,
            orphan_marks=orphan_marks,
            verifier=self.verifier,
        )

    async def _consult(self, verifier: Verifier, claims: Sequence[ClaimSpan]) -> None:
        fresh = [claim for claim in claims if (claim.full, claim.citations) not in self._consulted]
        self._consulted.update((claim.full, claim.citations) for claim in fresh)
        told = await consult(
            verifier,
            fresh,
            {source.number for source in self._sources},
            self._ctx.layers,
            timeout_s=self._ctx.deadline.stage_s(self._ctx.checks.timeout_s, keep=KEEP_FOR_END),
            classifier="classifier" in self._ctx.checks.layers,
        )
        self.warnings = list(dict.fromkeys([*self.warnings, *told]))

    async def rewritten(self, claims: Sequence[Claim]) -> dict[int, str]:
        """New sentences for failed claims, by place; only those that stand the same check."""
        failed = [(place, claim) for place, claim in enumerate(claims) if claim.verdict in FAILED][:MOST_REWRITES]
        timeout_s = self._ctx.deadline.stage_s(self._ctx.limits.repair_timeout_s, keep=KEEP_FOR_END)
        async with asyncio.TaskGroup() as group:
            tasks = {place: group.create_task(self._rewritten(claim, timeout_s)) for place, claim in failed}
        return {place: text for place, task in tasks.items() if (text := task.result())}

    async def _rewritten(self, claim: Claim, timeout_s: float) -> str:
        documents = self._documents(claim)
        text = await rewrite(self._ctx.model, claim.text, documents, language=self._state.language, timeout_s=timeout_s)
        known = frozenset(source.number for source in self._sources)
        text, orphans = normalise_marks(text, known)
        words = without_marks(text)
        if not words or orphans or self.verifier is None:
            return ""
        marked = text if words != text.strip() else f"{text} [{documents[0].number}]"
        checked = (await self.ground(marked)).claims
        return marked if checked and all(one.verdict == "supported" for one in checked) else ""

    def _documents(self, claim: Claim) -> list[Document]:
        """The passages that come closest to the claim: of the sources it names, and of all."""
        if self.verifier is None:
            return []
        supports = [self.verifier.judge(claim.text, {number}) for number in claim.citations]
        supports.append(self.verifier.judge(claim.text))
        pieces = {(s.evidence.url, s.evidence.start): s.evidence for s in supports if s.evidence}
        return [
            Document(
                number=piece.number,
                title=neutral(piece.title, self._ctx.boundary),
                url=piece.url,
                site="",
                published=None,
                text=neutral(piece.text, self._ctx.boundary),
            )
            for piece in pieces.values()
        ]
