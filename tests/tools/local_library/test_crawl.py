import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.tools.local_library.shelf import open_inline
from tools.errors import LibraryError, PageUnavailable
from tools.local_library import AddReport, CrawlLimits, Library
from tools.local_library.links import PageLinks

START = "http://site.example/docs/index.html"
QUICK = CrawlLimits(delay_s=0.0)


@dataclass(frozen=True)
class Body:
    body: bytes
    final_url: str
    content_type: str = "text/html; charset=utf-8"


class Site:
    """A web of a dictionary; tells what was fetched."""

    def __init__(self, pages: Mapping[str, str | Body]) -> None:
        self.pages = dict(pages)
        self.fetched: list[str] = []

    async def fetch(self, url: str) -> Body:
        path = url.removeprefix("http://site.example")
        self.fetched.append(path)
        page = self.pages.get(path)
        if page is None:
            raise PageUnavailable("The server answers 404.")
        return page if isinstance(page, Body) else Body(page.encode(), url)


def link(*targets: str) -> str:
    return "".join(f'<a class="x" href="{target}">go</a>\n' for target in targets)


async def crawl(site: Site, file: Path, *, start: str = START, limits: CrawlLimits = QUICK) -> AddReport:
    with open_inline(file) as library:
        return await library.add_site(start, site.fetch, limits=limits)


async def test_a_crawl_stays_below_its_folder_and_obeys_robots(tmp_path: Path) -> None:
    site = Site(
        {
            "/robots.txt": "User-agent: *\nDisallow: /docs/private/",
            "/docs/index.html": "# Start\n"
            + link("a.html", "sub/b.html#part", "/news.html", "http://other.example/docs/", "private/p.html", "x.zip"),
            "/docs/a.html": '# A\n<meta name="robots" content="noindex">' + link("index.html", "gone.html"),
            "/docs/sub/b.html": '# B\n<meta name="robots" content="nofollow">' + link("/docs/hidden.html"),
        }
    )
    report = await crawl(site, tmp_path / "library.db")
    assert site.fetched == ["/robots.txt", "/docs/index.html", "/docs/a.html", "/docs/sub/b.html", "/docs/gone.html"]
    assert report.added == 2
    assert {url.rsplit("/", 1)[1] for url, _ in report.skipped} == {"p.html", "gone.html"}


async def test_a_crawl_ends_at_its_limits(tmp_path: Path) -> None:
    pages = {f"/docs/{n}.html": f"# Page {n}\n" + link(f"{n + 1}.html") for n in range(30)}
    for limits, expected in [
        (CrawlLimits(delay_s=0, max_pages=3), 3),
        (CrawlLimits(delay_s=0, max_depth=4), 5),
        (CrawlLimits(delay_s=0, max_bytes=40), 1),
        (CrawlLimits(delay_s=0, max_seconds=0), 0),
    ]:
        site = Site(pages)
        start = "http://site.example/docs/0.html"
        report = await crawl(site, tmp_path / f"{expected}.db", start=start, limits=limits)
        assert (report.added, len(site.fetched) - 1) == (expected, expected)
        assert bool(report.notes) == (limits.max_depth != 4)


async def test_a_second_crawl_drops_what_is_gone_but_not_after_a_bad_hour(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    start = {"/docs/index.html": "# Start\n" + link("a.html", "b.html")}
    pages = {"/docs/a.html": "# A\nalpha", "/docs/b.html": "# B\nbeta"}
    assert (await crawl(Site({**start, **pages}), file)).added == 3
    failing = await crawl(Site(start), file)
    assert (failing.removed, len(failing.skipped)) == (0, 2)
    report = await crawl(Site({"/docs/index.html": "# Start\n" + link("a.html"), **pages}), file)
    assert (report.updated, report.unchanged, report.removed) == (1, 1, 1)


async def test_a_redirect_out_of_the_site_is_not_taken(tmp_path: Path) -> None:
    away = Body(b"# Away\nfar", "http://other.example/")
    site = Site({"/docs/index.html": "# Start\n" + link("a.html"), "/docs/a.html": away})
    report = await crawl(site, tmp_path / "library.db")
    assert (report.added, report.skipped) == (1, [("http://site.example/docs/a.html", "It leads outside the site.")])


async def test_only_pages_of_text_are_taken(tmp_path: Path) -> None:
    picture = Body(b"GIF89a", "http://site.example/docs/a", "image/gif")
    notes = Body(b"# Notes\n<a href='c'>no link</a>", "http://site.example/docs/b", "text/plain")
    site = Site({"/docs/index.html": "# Start\n" + link("a", "b"), "/docs/a": picture, "/docs/b": notes})
    assert (await crawl(site, tmp_path / "library.db")).added == 2
    assert "/docs/c" not in site.fetched


@pytest.mark.parametrize("start", ["http://site.example/docs/none.html", "ftp://site.example/", "http://", "notes"])
async def test_a_start_that_cannot_be_read_is_an_error_and_leaves_nothing(tmp_path: Path, start: str) -> None:
    with pytest.raises(LibraryError) as told:
        await crawl(Site({}), tmp_path / "library.db", start=start)
    assert told.value.remedy
    with Library.open(tmp_path / "library.db") as library:
        assert library.roots() == []


def test_links_are_absolute_and_without_repeats() -> None:
    body = b"""<base href="/base/"><A HREF='one.html?q=1&amp;r=2#x'>1</a> <a href=two.html rel="nofollow">2</a>
    <a href="one.html?q=1&r=2">again</a> <a href="mailto:a@b.example">m</a> <a href="javascript:go()">j</a>
    <a name=x>no</a> <a href="http://[">broken</a>"""
    assert PageLinks(body, "http://h.example/a/b.html").urls == ["http://h.example/base/one.html?q=1&r=2"]


def test_reading_links_takes_linear_time_on_hostile_markup() -> None:
    started = time.process_time()
    PageLinks(b"<a " * 300_000, "http://h.example/")
    PageLinks(b"<a href=" + b'"x' * 300_000, "http://h.example/")
    PageLinks(b"<a x=" + b"y " * 300_000 + b">", "http://h.example/")
    assert time.process_time() - started < 2


async def test_a_site_that_moved_to_https_is_walked_there(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    site = Site({"/docs/index.html": "# Start\n" + link("a.html"), "/docs/a.html": "# A\nalpha"})
    assert (await crawl(site, file)).added == 2
    there = "https://site.example/docs/"
    start = Body(("# Start\n" + link("a.html")).encode(), f"{there}index.html")
    moved = Site({"/docs/index.html": start, f"{there}a.html": Body(b"# A\nalpha", f"{there}a.html")})
    await crawl(moved, file)
    with Library.open(file) as library:
        assert library.page(f"{there}a.html") is not None


@pytest.mark.parametrize("final_url", ["http://other.example/", "http://site.example/"])
async def test_a_start_that_leads_elsewhere_empties_nothing_and_is_told(tmp_path: Path, final_url: str) -> None:
    file = tmp_path / "library.db"
    pages = {"/docs/index.html": "# Start\n" + link("a.html"), "/docs/a.html": "# A\nalpha"}
    await crawl(Site(pages), file)
    report = await crawl(Site({"/docs/index.html": Body(b"# Parked\nfar", final_url)}), file)
    assert report.removed == 0
    assert any(final_url in note for note in report.notes)
