import pytest

from eval.harness.web import GivenWeb, PooledWeb, WebDocument
from tools.errors import PageUnavailable
from tools.search import SearchRequest

TOWER = WebDocument(
    url="https://a.example/", title="Kestrel tower", text="It is 87 metres high.", published="2026-01-02"
)
HARBOUR = WebDocument(url="https://b.example/", title="Harbour", text="Dug in 1888, it lies below the tower.")
SALT = WebDocument(url="https://c.example/", title="Salt", text="Salt and timber came by ship.")


async def urls(web: GivenWeb | PooledWeb, query: str, most: int = 10) -> list[str]:
    found = await web.search(SearchRequest(query=query, max_results=most))
    return [result.url for result in found.results]


async def test_the_documents_of_a_question_are_all_found_in_their_order() -> None:
    web = GivenWeb([SALT, TOWER])
    assert await urls(web, "anything at all") == [SALT.url, TOWER.url]
    assert await urls(web, "anything at all", most=1) == [SALT.url]


async def test_a_pool_finds_what_fits_best_and_nothing_else() -> None:
    web = PooledWeb([HARBOUR, TOWER, SALT])
    assert await urls(web, "How high is the Kestrel tower?") == [TOWER.url, HARBOUR.url]
    assert await urls(web, "zeppelin") == []


async def test_a_pool_as_it_was_holds_only_its_first_documents() -> None:
    web = PooledWeb([HARBOUR, TOWER, SALT])
    assert await urls(web.first(1), "tower") == [HARBOUR.url]
    assert len(await urls(web, "tower")) == 2


async def test_a_document_is_read_as_a_page() -> None:
    page = await PooledWeb([TOWER]).read(TOWER.url)
    assert (page.title, page.site, page.published, page.language) == ("Kestrel tower", "a.example", "2026-01-02", "en")
    with pytest.raises(PageUnavailable):
        await GivenWeb([TOWER]).read(SALT.url)
