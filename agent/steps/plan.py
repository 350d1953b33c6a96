"""Planning: the model decides, and the scout already looks for the user's own words meanwhile."""

from collections.abc import Sequence

from agent.addresses import typed_urls
from agent.context import KEEP_FOR_ANSWER, Context
from agent.events import QueriesPlanned, Tell
from agent.history import turns_of
from agent.plan import Plan, ask_for_plan, distinct, plan_request, replan_request
from agent.state import Plain, State, Update
from agent.write import neutral_page
from model_backend import ChatRequest, Usage
from model_backend.errors import ModelError
from model_backend.rules import needs_search, search_query, standalone_question


async def plan(state: State, ctx: Context, tell: Tell) -> Update:
    """The first decision. The scout starts with the user's own words unless they plainly need no search."""
    turns = turns_of(state.turns)
    urls = typed_urls(state.question)
    mode = ctx.options.search
    own_words = search_query(state.question, turns)
    likely = needs_search(state.question, turns)
    ctx.desk.begin(urls)
    typed: list[Plain] = [{"url": url} for url in urls]
    if mode == "never":
        return _planned(state, tell, [], state.question, Usage(), []) | {"results": typed}
    if mode == "always" or likely:
        ctx.scout.start(own_words)
    request = plan_request(
        state.question,
        turns,
        ctx.model,
        today=ctx.today,
        queries=ctx.effort.queries,
        language=state.language,
    )
    decided, warnings = await _decide(request, ctx)
    queries = list(decided.queries) if decided else [own_words] if likely else []
    if not queries and mode == "always":
        queries = [own_words]
    standalone = standalone_question(state.question, turns)
    usage = decided.usage if decided else Usage()
    update = _planned(state, tell, queries, standalone, usage, warnings)
    return update | {"results": typed, "undecided": decided is None}


async def replan(state: State, ctx: Context, tell: Tell) -> Update:
    """A further decision: what else to search for, now that some pages are read."""
    request = replan_request(
        state.question,
        turns_of(state.turns),
        ctx.model,
        today=ctx.today,
        queries=ctx.effort.queries,
        language=state.language,
        asked=state.asked,
        found=[neutral_page(str(source["title"]), ctx.boundary) for source in state.sources],
    )
    decided, warnings = await _decide(request, ctx)
    fresh = distinct([*state.asked, *(decided.queries if decided else ())])[len(distinct(state.asked)) :]
    usage = decided.usage if decided else Usage()
    return _planned(state, tell, list(fresh), state.standalone, usage, warnings)


async def _decide(request: ChatRequest, ctx: Context) -> tuple[Plan | None, list[str]]:
    """The model's decision, or None and a warning when it gives none in time."""
    timeout_s = ctx.deadline.stage_s(ctx.limits.plan_timeout_s, keep=KEEP_FOR_ANSWER)
    try:
        decided = await ask_for_plan(ctx.model, request, queries=ctx.effort.queries, timeout_s=timeout_s)
    except ModelError as error:
        return None, [f"The model did not decide what to search for ({error}); your own words were used."]
    return decided, list(decided.notes)


def _planned(
    state: State, tell: Tell, queries: list[str], standalone: str, usage: Usage, warnings: Sequence[str]
) -> Update:
    tell(QueriesPlanned(round=state.round + 1, queries=queries, standalone=standalone))
    return {
        "round": state.round + 1,
        "queries": queries,
        "asked": [*state.asked, *queries],
        "standalone": standalone,
        "input_tokens": state.input_tokens + usage.input_tokens,
        "output_tokens": state.output_tokens + usage.output_tokens,
        "warnings": [*state.warnings, *warnings],
    }
