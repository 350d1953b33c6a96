"""Adding a site: the crawler's pages into the index."""

import asyncio
import sqlite3
from urllib.parse import urlsplit

from tools.errors import LibraryError
from tools.local_library.adding import Intake
from tools.local_library.crawl import Crawl, CrawlLimits, Fetch, Visit
from tools.local_library.prepare import Job, Outcome
from tools.local_library.report import AddReport, Progress
from tools.local_library.workers import Crew
from tools.local_library.writing import Writer

BATCH_PAGES = 10
"""Pages of one transaction: a site comes at a few pages a second, and an interrupted crawl should lose little."""


async def add_site(
    db: sqlite3.Connection,
    url: str,
    fetch: Fetch,
    crew: Crew[Job, Outcome],
    progress: Progress,
    limits: CrawlLimits,
) -> AddReport:
    """Index a site below an address; see `Library.add_site`."""
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise LibraryError(f"{url} is no web address.", remedy="Give an address that begins with http:// or https://.")
    crawl = Crawl(url, fetch, limits)
    writer = Writer(db, batch_pages=BATCH_PAGES)
    intake = Intake(writer, db, address=crawl.start, kind="site", scope=crawl.scope, url_scope=crawl.scope)
    done = failures = 0
    try:
        async for visit in crawl.visits():
            if visit.failed and visit.url == crawl.start:
                raise LibraryError(
                    f"{url} could not be read: {visit.failed}", remedy="Check the address in a browser, then try again."
                )
            # Cleaning waits for a process and the index for the disk: neither may hold up the loop.
            await asyncio.to_thread(_take, intake, visit, crew)
            done += 1
            failures += bool(visit.failed)
            progress(done, visit.known, visit.url)
    except BaseException:
        intake.writer.roll_back()
        raise
    if crawl.cut_short:
        intake.report.notes.append(f"The crawl ended at its limit of {crawl.cut_short}.")
    if crawl.left_for:
        intake.report.notes.append(f"It leads to {crawl.left_for}, which is another site; add that one for its pages.")
    # What was not met is gone only if all of the site was walked; a server's bad hour must not empty the library.
    walked = not crawl.cut_short and not crawl.left_for and not failures
    return await asyncio.to_thread(intake.end, drop_unseen=walked)


def _take(intake: Intake, visit: Visit, crew: Crew[Job, Outcome]) -> None:
    if visit.failed:
        intake.report.skipped.append((visit.url, visit.failed))
    if visit.fetched is None:
        return
    known = intake.known.get(visit.url)
    fetched = visit.fetched
    job = Job(
        url=visit.url,
        body=fetched.body,
        content_type=fetched.content_type or None,
        known_digest=known.digest if known else b"",
    )
    host = urlsplit(fetched.final_url).hostname or ""
    intake.take(crew.one(job), url=visit.url, final_url=fetched.final_url, site=host.removeprefix("www."))
