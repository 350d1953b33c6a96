"""Crawls the sample web into a library, so that it can be searched; its pages are still read over HTTP afterwards."""

from pathlib import Path

from tools.fetch import Fetched, Fetcher, FetchLimits
from tools.local_library import AddReport, CrawlLimits, Library

LIMITS = CrawlLimits(max_pages=200, delay_s=0.0)
"""The sample web is ours and on loopback: no pause between fetches."""


async def index_sample_web(local_library_path: Path, base_url: str) -> AddReport:
    """Crawl everything below `base_url` into the library file."""
    host = base_url.removeprefix("http://").rstrip("/")
    fetcher = Fetcher(FetchLimits(allow_hosts=frozenset([host])))

    async def fetch(url: str) -> Fetched:
        return await fetcher.fetch(url)

    try:
        with Library.open(local_library_path, write=True) as library:
            return await library.add_site(base_url, fetch, limits=LIMITS)
    finally:
        await fetcher.aclose()
