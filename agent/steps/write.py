"""Writing: the answer streams from the numbered sources, and its claims are judged as they come."""

from agent import evidence
from agent.abstain import abstention
from agent.answer import Source
from agent.attached import with_pictures
from agent.context import Context
from agent.events import Tell
from agent.ground import evidence_of
from agent.history import turns_of
from agent.state import State, Update
from agent.stream import Written, write_with_fallback
from agent.write import answer_request, documents_of

CHECK_KEEP_S = 0.5
"""Seconds kept for checking the claims."""


async def write(state: State, ctx: Context, tell: Tell) -> Update:
    """Stream the answer; abstain at once when a search brought nothing to read."""
    sources = [Source.model_validate(source) for source in state.sources]
    passages = evidence.to_passages(state.passages, ctx.desk.pages)
    if (state.searches or state.pages) and not passages:
        text = abstention(
            state.language,
            asked=state.asked,
            read=len(ctx.desk.pages),
            blind=any(search["error"] for search in state.searches),
            unread=sum(page["status"] == "failed" for page in state.pages),
        )
        written = Written.said(text, ctx.model, tell)
    else:
        request = answer_request(
            state.question,
            turns_of(state.turns),
            documents_of(sources, passages, ctx.boundary),
            ctx.model,
            today=ctx.today,
            boundary=ctx.boundary,
            language=state.language,
            answer_tokens=ctx.limits.answer_tokens,
            searched=bool(state.searches or state.pages),
            datamarking=ctx.limits.datamarking,
        )
        if not passages:
            request = with_pictures(request, ctx.options.attachments)
        numbers = frozenset(source.number for source in sources)
        timeout_s = max(0.0, ctx.deadline.left_s() - CHECK_KEEP_S)
        ctx.early.begin(evidence_of(sources, passages, ctx.desk.pages), sources, state.standalone or state.question)
        hear = ctx.early.listening(tell)
        written = await write_with_fallback(request, ctx.model, ctx.fallback, numbers, hear, timeout_s=timeout_s)
    return {
        "answer": written.text,
        "orphan_marks": list(written.orphan_marks),
        "model": written.model,
        "profile": written.profile,
        "input_tokens": state.input_tokens + written.usage.input_tokens,
        "output_tokens": state.output_tokens + written.usage.output_tokens,
        "warnings": [*state.warnings, *written.warnings],
    }
