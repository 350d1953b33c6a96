from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.tools.local_library.shelf import fill, library_of
from tools.errors import SearchNotSetUp, SearchUnreachable
from tools.local_library.provider import LibrarySearch
from tools.search import ProviderOptions, SearchRequest, make_provider

RECENT = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
PAGES = {
    "http://www.docs.example/plums": f"@{RECENT}\n# Plums\nPlums ripen in August.",
    "http://old.example/plums": "@2001-01-01\n# Old plums\nPlums were dear that year, and few.",
    "http://docs.example/zh": "# 李子\n李子在八月成熟。",
}


def request(query: str = "when do plums ripen", **chosen: object) -> SearchRequest:
    return SearchRequest(query=query, **chosen)  # type: ignore[arg-type]


def provider(path: Path, *, timeout_s: float = 5.0) -> LibrarySearch:
    made = make_provider("library", ProviderOptions(local_library_path=str(path), timeout_s=timeout_s))
    assert isinstance(made, LibrarySearch)
    return made


async def urls(path: Path, asked: SearchRequest) -> list[str]:
    library = provider(path)
    try:
        return [result.url for result in await library.search(asked)]
    finally:
        await library.aclose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    fill(tmp_path / "library.db", PAGES)
    return tmp_path / "library.db"


async def test_results_are_ranked_from_one_and_name_their_provider(file: Path) -> None:
    library = provider(file)
    results = await library.search(request())
    await library.aclose()
    assert [result.rank for result in results] == [1, 2]
    assert {result.provider for result in results} == {"library"}
    assert (results[0].url, results[0].title) == ("http://www.docs.example/plums", "Plums")
    assert results[0].published == RECENT
    assert "ripen in August" in results[0].snippet


async def test_the_conditions_of_a_request_hold(file: Path) -> None:
    assert await urls(file, request(max_results=1)) == ["http://www.docs.example/plums"]
    assert await urls(file, request(sites=("https://www.old.example/x",))) == ["http://old.example/plums"]
    assert await urls(file, request(sites=("no site",))) == []
    assert await urls(file, request(recency="week")) == ["http://www.docs.example/plums"]
    assert await urls(file, request("李子什么时候成熟", language="zh")) == ["http://docs.example/zh"]


@pytest.mark.parametrize("path", ["", "nothing/library.db"])
async def test_an_absent_library_has_to_be_filled_first(tmp_path: Path, path: str) -> None:
    library = provider(tmp_path / path if path else Path())
    with pytest.raises(SearchNotSetUp, match="empty"):
        await library.search(request())
    assert await library.page("http://docs.example/zh") is None
    await library.aclose()


async def test_an_empty_library_has_to_be_filled_first(tmp_path: Path) -> None:
    with library_of(tmp_path / "library.db", {}), pytest.raises(SearchNotSetUp) as told:
        await urls(tmp_path / "library.db", request())
    assert "asterism library add" in told.value.remedy


async def test_a_damaged_library_is_unreachable_and_says_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"no index" * 100)
    library = provider(tmp_path / "library.db")
    with pytest.raises(SearchUnreachable) as told:
        await library.search(request())
    await library.aclose()
    assert told.value.provider == "library"
    assert told.value.remedy


async def test_a_search_past_its_time_is_unreachable(file: Path) -> None:
    library = provider(file, timeout_s=0.0)
    with pytest.raises(SearchUnreachable):
        await library.search(request())
    await library.aclose()


async def test_a_library_filled_or_replaced_later_is_found_without_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "library.db"
    library = provider(file)
    with pytest.raises(SearchNotSetUp):
        await library.search(request())
    fill(file, PAGES)
    assert await library.search(request())
    fill(tmp_path / "new.db", {"http://new.example/": "# New\nPlums ripen early here."})
    (tmp_path / "new.db").replace(file)
    assert [result.url for result in await library.search(request())] == ["http://new.example/"]
    await library.aclose()


async def test_pages_are_read_from_the_library(file: Path) -> None:
    library = provider(file)
    page = await library.page("http://docs.example/zh")
    await library.aclose()
    assert page is not None
    assert (page.title, page.language, page.site) == ("李子", "zh", "docs.example")
    assert page.text == "李子\n李子在八月成熟。"
