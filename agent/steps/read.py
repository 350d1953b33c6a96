"""Reading: the pages of this round, all at once."""

from agent.answer import PageSeen
from agent.context import KEEP_FOR_ANSWER, Context
from agent.events import PageFailed, PageRead, Tell
from agent.read import Outcome
from agent.state import Plain, State, Update

SPARE_PAGES = 2
"""Pages begun beyond those wanted, so that a failed or slow one does not leave a gap."""


async def read(state: State, ctx: Context, tell: Tell) -> Update:
    """Read the results that are not read yet, all at once."""
    seen = {str(page["url"]) for page in state.pages if page["status"] != "skipped"}
    urls = [str(result["url"]) for result in state.results if result["url"] not in seen]
    urls = list(dict.fromkeys(urls))[: ctx.max_pages + SPARE_PAGES]
    timeout_s = ctx.deadline.stage_s(ctx.limits.read_timeout_s, keep=KEEP_FOR_ANSWER)
    pages: list[Plain] = []
    async for outcome in ctx.desk.outcomes(urls, enough=ctx.max_pages, timeout_s=timeout_s):
        pages.append(_told(outcome, tell))
    known = {str(page["url"]) for page in [*state.pages, *pages]}
    pages += [_told(outcome, tell) for outcome in ctx.desk.also_read(known)]
    return {"pages": [*state.pages, *pages]}


def _told(outcome: Outcome, tell: Tell) -> Plain:
    page = outcome.page
    if page is not None:
        tell(PageRead(url=outcome.url, title=page.title, bytes=page.size_bytes, ms=outcome.ms))
    elif not outcome.skipped:
        tell(PageFailed(url=outcome.url, reason=outcome.reason, ms=outcome.ms))
    return PageSeen(
        url=outcome.url,
        status="read" if page else "skipped" if outcome.skipped else "failed",
        reason=outcome.reason or None,
        bytes=page.size_bytes if page else 0,
        ms=outcome.ms,
    ).model_dump()
