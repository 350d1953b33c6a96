"""Selecting: the passages that the model will see, and whether they are enough."""

from agent import evidence
from agent.answer import Source
from agent.context import KEEP_FOR_ANSWER, Context
from agent.datamark import BUDGET_SHARE
from agent.events import PassagesSelected, Tell
from agent.state import State, Update
from agent.write import passage_budget

REORDER_TIMEOUT_S = 6.0
"""Longest time for all servers that put passages in order; each has its own, shorter one."""
MIN_ROUND_S = 4.0
"""Another round is not begun with less than this left: it would only take time from the answer."""


async def select(state: State, ctx: Context, tell: Tell) -> Update:
    """Rank the passages of every page read so far, keep what fits, number the pages."""
    budget = passage_budget(
        ctx.model,
        wanted=ctx.limits.passage_tokens,
        answer_tokens=ctx.limits.answer_tokens,
        question=state.question,
    )
    # Only what was told as read: a page that came in since then would be a source out of nowhere.
    read = {page["url"] for page in state.pages if page["status"] == "read"}
    chosen = await evidence.gather(
        [page for url, page in ctx.desk.pages.items() if url in read],
        question=state.standalone,
        queries=state.asked,
        token_budget=round(budget * BUDGET_SHARE) if ctx.limits.datamarking else budget,
        count_tokens=ctx.model.count_tokens,
        reordering=ctx.reordering,
        timeout_s=ctx.deadline.stage_s(REORDER_TIMEOUT_S, keep=KEEP_FOR_ANSWER),
    )
    sources = evidence.number(
        chosen.passages, ctx.desk.pages, [Source.model_validate(source) for source in state.sources]
    )
    tokens = sum(ctx.model.count_tokens(passage.text) for passage in chosen.passages)
    tell(PassagesSelected(sources=sources, passages=len(chosen.passages), tokens=tokens))
    told = await evidence.instruction_warnings(sources, chosen.passages, ctx.desk.pages)
    return {
        "passages": [evidence.to_plain(passage) for passage in chosen.passages],
        "sources": [source.model_dump() for source in sources],
        "thin": chosen.thin,
        "warnings": list(dict.fromkeys([*state.warnings, *chosen.warnings, *told])),
    }


def worth_another_round(state: State, ctx: Context) -> bool:
    """Whether the evidence is thin, and rounds and time are left."""
    rounds_left = state.round < ctx.effort.rounds and not state.undecided
    return state.thin and rounds_left and ctx.deadline.left_s() > MIN_ROUND_S
