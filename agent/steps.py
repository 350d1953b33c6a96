"""What each node does, as plain coroutines: state and context in, update out, events told on the way."""

from collections.abc import Callable, Sequence

from agent import evidence
from agent.abstain import abstention
from agent.addresses import typed_urls
from agent.answer import PageSeen, Source
from agent.check import check_answer
from agent.context import Context
from agent.datamark import BUDGET_SHARE
from agent.events import (
    EventBase,
    PageFailed,
    PageRead,
    PassagesSelected,
    QueriesPlanned,
    ResultItem,
    ResultsFound,
)
from agent.find import Found, find_all, merge
from agent.ground import evidence_of
from agent.history import turns_of
from agent.plan import Plan, ask_for_plan, distinct, plan_request, replan_request
from agent.state import Plain, State, Update
from agent.stream import Written, write_with_fallback
from agent.write import answer_request, documents_of, neutral_page, passage_budget
from model_backend import ChatRequest, Usage
from model_backend.errors import ModelError
from model_backend.rules import needs_search, search_query, standalone_question
from tools.search import SearchResult

Tell = Callable[[EventBase], None]

SPARE_PAGES = 2
"""Pages begun beyond those wanted, so that a failed or slow one does not leave a gap."""
KEEP_FOR_ANSWER = 0.4
"""Share of the time left that no stage before the answer may touch."""
MIN_ROUND_S = 4.0
"""Another round is not begun with less than this left: it would only take time from the answer."""
CHECK_KEEP_S = 0.5
"""Seconds kept for checking the claims."""


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


async def search(state: State, ctx: Context, tell: Tell) -> Update:
    """Use the scout's results where they serve; send the other queries; merge."""
    timeout_s = ctx.deadline.stage_s(ctx.limits.search_timeout_s, keep=KEEP_FOR_ANSWER)
    fresh = [query for query in state.queries if state.round > 1 or not ctx.scout.serves(query)]
    found = await find_all(ctx.searcher, fresh, ctx.scope, timeout_s=timeout_s)
    if state.round == 1 and ctx.scout.started:
        found = [await ctx.scout.found(), *found]
    for outcome in found:
        tell(_results_found(outcome))
    results = merge(found, ctx.scope)
    typed = state.results if state.round == 1 else []
    if not results and not typed and not state.sources:
        _raise_if_none_answered(found)
    return {
        "results": [*typed, *(_plain_result(result) for result in results)],
        "searches": [*state.searches, *(outcome.done.model_dump() for outcome in found)],
        "warnings": _more_warnings(state, found),
    }


def _raise_if_none_answered(found: Sequence[Found]) -> None:
    """Blocked is not empty: with nothing to read and no provider answering, the run says so and ends."""
    errors = [outcome.error for outcome in found if outcome.error]
    if errors and len(errors) == len(found):
        raise errors[0]


def _results_found(outcome: Found) -> ResultsFound:
    return ResultsFound(
        query=outcome.query,
        provider=outcome.done.provider,
        results=[ResultItem(url=r.url, title=r.title, snippet=r.snippet) for r in outcome.results],
        ms=outcome.done.ms,
        cached=outcome.done.cached,
        error=outcome.done.error,
    )


def _plain_result(result: SearchResult) -> Plain:
    return {"url": result.url, "title": result.title, "published": result.published}


def _more_warnings(state: State, found: Sequence[Found]) -> list[str]:
    new = [warning for outcome in found for warning in outcome.warnings]
    new += [f"The search for “{outcome.query}” failed: {outcome.error}" for outcome in found if outcome.error]
    return list(dict.fromkeys([*state.warnings, *new]))


async def read(state: State, ctx: Context, tell: Tell) -> Update:
    """Read the results that are not read yet, all at once."""
    seen = {str(page["url"]) for page in state.pages if page["status"] != "skipped"}
    urls = [str(result["url"]) for result in state.results if result["url"] not in seen]
    urls = list(dict.fromkeys(urls))[: ctx.max_pages + SPARE_PAGES]
    timeout_s = ctx.deadline.stage_s(ctx.limits.read_timeout_s, keep=KEEP_FOR_ANSWER)
    pages: list[Plain] = []
    async for outcome in ctx.desk.outcomes(urls, enough=ctx.max_pages, timeout_s=timeout_s):
        page = outcome.page
        if page is not None:
            tell(PageRead(url=outcome.url, title=page.title, bytes=page.size_bytes, ms=outcome.ms))
        elif not outcome.skipped:
            tell(PageFailed(url=outcome.url, reason=outcome.reason, ms=outcome.ms))
        pages.append(
            PageSeen(
                url=outcome.url,
                status="read" if page else "skipped" if outcome.skipped else "failed",
                reason=outcome.reason or None,
                bytes=page.size_bytes if page else 0,
                ms=outcome.ms,
            ).model_dump()
        )
    return {"pages": [*state.pages, *pages]}


async def select(state: State, ctx: Context, tell: Tell) -> Update:
    """Rank the passages of every page read so far, keep what fits, number the pages."""
    budget = passage_budget(
        ctx.model,
        wanted=ctx.limits.passage_tokens,
        answer_tokens=ctx.limits.answer_tokens,
        question=state.question,
    )
    chosen = await evidence.gather(
        list(ctx.desk.pages.values()),
        question=state.standalone,
        queries=state.asked,
        token_budget=round(budget * BUDGET_SHARE) if ctx.limits.datamarking else budget,
        count_tokens=ctx.model.count_tokens,
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
        "warnings": list(dict.fromkeys([*state.warnings, *told])),
    }


def worth_another_round(state: State, ctx: Context) -> bool:
    """Whether the evidence is thin, and rounds and time are left."""
    rounds_left = state.round < ctx.effort.rounds and not state.undecided
    return state.thin and rounds_left and ctx.deadline.left_s() > MIN_ROUND_S


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


async def check(state: State, ctx: Context, tell: Tell) -> Update:
    """Give every claim its verdict and every mark its words; revise where the policy wants it."""
    return await check_answer(state, ctx, tell)
