"""Searching: the scout's results where they serve, and the other queries all at once."""

from collections.abc import Sequence

from agent.context import KEEP_FOR_ANSWER, Context
from agent.events import ResultItem, ResultsFound, Tell
from agent.find import Found, SearchScope, find_all, merge
from agent.state import Plain, State, Update
from tools.search import SearchResult


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
        "warnings": _more_warnings(state, found, [] if results else narrowed(ctx.scope)),
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


def narrowed(scope: SearchScope) -> list[str]:
    """What the user himself left out of a search that found nothing."""
    limits = [f"of {' or '.join(scope.sites)}"] if scope.sites else []
    limits += [f"from the last {scope.recency}"] if scope.recency else []
    return [f"Only pages {' '.join(limits)} were searched for; nothing else was looked at."] if limits else []


def _more_warnings(state: State, found: Sequence[Found], more: Sequence[str]) -> list[str]:
    new = [warning for outcome in found for warning in outcome.warnings]
    new += [f"The search for “{outcome.query}” failed: {outcome.error}" for outcome in found if outcome.error]
    return list(dict.fromkeys([*state.warnings, *new, *more]))
