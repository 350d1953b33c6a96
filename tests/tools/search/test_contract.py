"""What every provider over the web owes, asked of each against a server that speaks as it does."""

import asyncio
import time

import pytest

from tests.tools.fetch.raw import reply
from tests.tools.search.standins import HITS, STAND_INS, Provider, as_json, provider
from tools.errors import SearchBlocked, SearchError, SearchRefused, SearchUnreachable
from tools.search import ProviderOptions, SearchProvider, SearchRequest, SearchResult, make_provider, provider_names

REQUEST = SearchRequest(query="how to begin", max_results=5)
EACH = pytest.mark.parametrize("name", sorted(STAND_INS))
KEYED = pytest.mark.parametrize("name", ["brave", "searxng", "serper", "tavily"])


async def ask(name: str, *answers: bytes, request: SearchRequest = REQUEST) -> tuple[list[SearchResult], Provider]:
    async with provider(*answers) as up:
        asking = make_provider(name, STAND_INS[name].options(up.base))
        try:
            return await asking.search(request), up
        finally:
            await asking.aclose()


def test_every_provider_over_the_web_has_a_stand_in() -> None:
    assert set(provider_names()) - {"library"} == set(STAND_INS)


@EACH
async def test_results_are_clean_and_ranked_from_one(name: str) -> None:
    results, up = await ask(name, STAND_INS[name].found)
    assert [result.url for result in results] == [url for url, *_ in HITS]
    assert [result.rank for result in results] == [1, 2, 3]
    assert {result.provider for result in results} == {name}
    assert results[0].title == "The guide & more"
    assert results[0].snippet == "How to begin."
    assert results[2].title == "接口说明"
    if name != "duckduckgo":  # its page has no dates
        assert [result.published for result in results] == ["2026-03-05", None, "2026-04-01"]
    assert len(up.asked) == 1


@EACH
async def test_nothing_found_is_an_empty_list_and_no_error(name: str) -> None:
    assert (await ask(name, STAND_INS[name].empty))[0] == []


@EACH
async def test_no_more_results_than_asked_for(name: str) -> None:
    request = SearchRequest(query="x", max_results=2)
    assert len((await ask(name, STAND_INS[name].found, request=request))[0]) == 2


@EACH
async def test_sites_are_a_condition_and_not_a_wish(name: str) -> None:
    request = SearchRequest(query="x", sites=("https://www.docs.example/3/", "no site"))
    results, up = await ask(name, STAND_INS[name].found, request=request)
    assert [result.url for result in results] == ["https://docs.example/guide", "https://docs.example/api"]
    sent = str(up.asked[0].params) + str(up.asked[0].body)
    assert "docs.example" in sent
    assert "no site" not in sent


@EACH
@pytest.mark.parametrize("recency", ["day", "week", "month", "year"])
async def test_recency_is_asked_for_in_the_providers_words(name: str, recency: str) -> None:
    request = SearchRequest(query="x", recency=recency)  # type: ignore[arg-type]
    _, up = await ask(name, STAND_INS[name].found, request=request)
    sent = {**up.asked[0].params, **up.asked[0].body}
    words = {
        "brave": ("freshness", f"p{recency[0]}"),
        "duckduckgo": ("df", recency[0]),
        "searxng": ("time_range", recency),
        "serper": ("tbs", f"qdr:{recency[0]}"),
        "tavily": ("time_range", recency),
    }
    field, word = words[name]
    assert sent[field] == word


@EACH
async def test_the_language_of_the_question_is_passed_on(name: str) -> None:
    sent = []
    for language in ("", "en", "zh"):
        request = SearchRequest(query="问题", language=language)
        _, up = await ask(name, STAND_INS[name].found, request=request)
        sent.append({**up.asked[0].params, **up.asked[0].body})
    assert sent[0] != sent[2]
    assert sent[1] != sent[2]
    assert any("cn" in str(value).lower() or "chin" in str(value) for value in sent[2].values())
    assert "问题" in str(sent[2].values())


@EACH
@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_fault_of_theirs_is_unreachable(name: str, status: int) -> None:
    with pytest.raises(SearchUnreachable):
        await ask(name, reply(b"<h1>oops", status=status))


@EACH
async def test_too_many_requests_is_blocked(name: str) -> None:
    with pytest.raises(SearchBlocked):
        await ask(name, as_json({"message": "slow down"}, status=429))


GARBAGE = [
    b"",
    b"\0\1\2\xff",
    b"<html><body>Welcome to the hotel network</body></html>",
    b"[1, 2]",
    b'{"a": [}',
    b"null",
]


@EACH
@pytest.mark.parametrize("body", GARBAGE)
async def test_an_answer_that_is_none_never_means_nothing_found(name: str, body: bytes) -> None:
    with pytest.raises(SearchUnreachable):
        await ask(name, reply(body))


@KEYED
@pytest.mark.parametrize(
    "hit", [{}, {"url": 5, "link": [], "title": None}, {"url": "javascript:1", "link": "file:///x"}]
)
async def test_rows_of_nonsense_are_left_out(name: str, hit: dict[str, object]) -> None:
    rows: list[object] = [hit, None, 5, "x"]
    data = {"results": rows, "organic": rows, "web": {"results": rows}}
    assert (await ask(name, as_json(data)))[0] == []


@EACH
async def test_nobody_there_is_said_at_once(name: str) -> None:
    asking = make_provider(name, STAND_INS[name].options("http://127.0.0.1:1"))
    started = time.monotonic()
    with pytest.raises(SearchUnreachable):
        await asking.search(REQUEST)
    assert time.monotonic() - started < 1.0
    await asking.aclose()


@EACH
async def test_a_server_that_hangs_up_is_unreachable(name: str) -> None:
    with pytest.raises(SearchUnreachable):
        await ask(name, b"")


@EACH
async def test_several_searches_at_once_do_not_mix(name: str) -> None:
    async with provider(STAND_INS[name].found) as up:
        asking = make_provider(name, STAND_INS[name].options(up.base))
        lists = await asyncio.gather(*(asking.search(SearchRequest(query=f"q{n}")) for n in range(5)))
        await asking.aclose()
    assert [len(results) for results in lists] == [3] * 5
    assert len(up.asked) == 5


@EACH
async def test_every_failure_names_its_provider_and_a_remedy(name: str) -> None:
    for answer in (as_json({}, status=403), as_json({}, status=429), reply(b"", status=500), reply(b"?")):
        with pytest.raises(SearchError) as error:
            await ask(name, answer)
        assert error.value.provider == name
        assert error.value.remedy
        assert name in str(error.value)


@EACH
async def test_a_key_never_shows(name: str) -> None:
    options = STAND_INS[name].options("http://127.0.0.1:1")
    assert "key-1" not in repr(options)
    with pytest.raises(SearchError) as error:
        await ask(name, as_json({"message": "bad key-1"}, status=403))
    assert "key-1" not in str(error.value) + error.value.remedy


@KEYED
def test_a_provider_without_its_key_or_address_says_which_setting_it_needs(name: str) -> None:
    with pytest.raises(SearchRefused) as error:
        make_provider(name, ProviderOptions())
    assert f"ASTERISM_SEARCH__{name.upper()}" in error.value.remedy


@KEYED
def test_an_address_that_is_none_is_refused_when_made(name: str) -> None:
    with pytest.raises(SearchRefused):
        make_provider(name, STAND_INS[name].options("ftp://nowhere"))


def test_an_unknown_provider_lists_the_known_ones() -> None:
    with pytest.raises(SearchRefused) as error:
        make_provider("altavista", ProviderOptions())
    assert "duckduckgo" in error.value.remedy


def test_a_provider_is_a_search_provider() -> None:
    asking: SearchProvider = make_provider("duckduckgo", ProviderOptions())
    assert asking.name == "duckduckgo"
