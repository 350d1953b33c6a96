"""Blocked, quota spent, refused, down and empty: each provider's own ways of saying so are told apart."""

import ssl
from pathlib import Path

import pytest
import trustme

from tests.tools.fetch.raw import Conversation, raw_server, reply
from tests.tools.search.standins import HITS, STAND_INS, as_json, duckduckgo_page, provider, understand
from tests.tools.search.test_contract import ask
from tools.errors import SearchBlocked, SearchError, SearchQuotaExceeded, SearchRefused, SearchUnreachable
from tools.search import ProviderOptions, SearchRequest, make_provider
from tools.search._outcome import SearchStumbled
from tools.search._pace import Pace

QUERY = SearchRequest(query="captcha")
"""The user's own word must not be taken for a block."""

MODAL = b'<html><div class="anomaly-modal__title">Unfortunately, bots use DuckDuckGo too.</div></html>'
FORM = b'<html><form id="challenge-form" action="//duckduckgo.com/anomaly.js?sv=html"></form></html>'
FRAME = b'<html><body><iframe src="https://www.google.com/recaptcha/api2"></iframe></body></html>'
HONEST = (
    b'<html><form action="/html/"><input name="q" value="captcha"></form>'
    b'<div class="no-results">No results found for <b>captcha</b>.</div></html>'
)

DUCKDUCKGO = {
    "202": (reply(b"<html>please wait</html>", status=202), SearchBlocked),
    "202 with a result page": (duckduckgo_page(HITS).replace(b"200 X", b"202 X"), SearchBlocked),
    "200 with a modal": (reply(MODAL), SearchBlocked),
    "200 with a challenge": (reply(FORM), SearchBlocked),
    "200 with a captcha": (reply(FRAME), SearchBlocked),
    "403": (reply(b"<html>Forbidden</html>", status=403), SearchBlocked),
    "429": (reply(b"", status=429), SearchBlocked),
    "418": (reply(b"", status=418), SearchBlocked),
    "500": (reply(b"<html>error</html>", status=500), SearchStumbled),
    "404": (reply(b"<html>gone</html>", status=404), SearchUnreachable),
    "garbage": (reply(b"\x89PNG\0\0 not a page"), SearchUnreachable),
    "no body": (reply(b""), SearchUnreachable),
    "results built in another way": (
        reply(b'<form action="/html/"></form><ol id="links"><li><a class="result__a" href="//x.example">X</a></ol>'),
        SearchUnreachable,
    ),
    "another page": (reply(b"<html><body><h1>Hotel Wi-Fi</h1></body></html>"), SearchUnreachable),
}


@pytest.mark.parametrize("mode", DUCKDUCKGO)
async def test_duckduckgo_failing_is_never_an_empty_web(mode: str) -> None:
    answer, kind = DUCKDUCKGO[mode]
    with pytest.raises(SearchError) as error:
        await ask("duckduckgo", answer, request=QUERY)
    assert type(error.value) is kind


async def test_duckduckgo_finding_nothing_is_an_empty_list() -> None:
    assert (await ask("duckduckgo", reply(HONEST), request=QUERY))[0] == []


async def test_duckduckgos_own_redirects_are_unwrapped() -> None:
    hits = [("//duckduckgo.com/l/?uddg=https%3A%2F%2Fdocs.example%2Fa%3Fb%3D1&rut=x", "T", "S", None)]
    results, _ = await ask("duckduckgo", duckduckgo_page(hits))
    assert [result.url for result in results] == ["https://docs.example/a?b=1"]


async def test_duckduckgo_is_asked_alone_and_through_a_proxy_with_its_authority(tmp_path: Path) -> None:
    authority = trustme.CA()
    pem = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("html.duckduckgo.com").configure_cert(context)
    lines: list[str] = []

    async def tunnel(talk: Conversation) -> None:
        lines.append(talk.head.split("\r\n")[0])
        await talk.say(b"HTTP/1.1 200 X\r\n\r\n")
        await talk.writer.start_tls(context)
        head = (await talk.reader.readuntil(b"\r\n\r\n")).decode()
        asked = await understand(Conversation(head.split(" ")[1], head, talk.reader, talk.writer))
        lines.append(f"{asked.path} {asked.body['q']} {asked.body['l']}")
        await talk.say(duckduckgo_page(HITS))

    async with raw_server(tunnel) as raw:
        options = ProviderOptions(proxy=raw.url(""), ca_file=str(pem), timeout_s=3)
        asking = make_provider("duckduckgo", options)
        results = await asking.search(SearchRequest(query="hello", language="zh"))
        await asking.aclose()
        stranger = make_provider("duckduckgo", ProviderOptions(proxy=raw.url(""), timeout_s=3))
        with pytest.raises(SearchUnreachable):
            await stranger.search(QUERY)
        await stranger.aclose()
    assert len(results) == 3
    assert lines[:2] == ["CONNECT html.duckduckgo.com:443 HTTP/1.1", "/html/ hello cn-zh"]
    assert all(line.startswith(("CONNECT html.duckduckgo.com:443", "/html/")) for line in lines)


SEARXNG = {
    "403": (reply(b"<h1>Forbidden</h1>", status=403), SearchRefused, "search.formats"),
    "401": (reply(b"", status=401), SearchRefused, "login"),
    "429": (reply(b"Too Many Requests", status=429), SearchBlocked, "limiter"),
    "HTML instead of JSON": (reply(b"<html>results</html>"), SearchUnreachable, "not JSON"),
    "404": (reply(b"", status=404), SearchUnreachable, "HTTP 404"),
    "a redirect": (reply(b"", "Location: /login", status=302), SearchUnreachable, "redirects"),
    "its engines have captchas": (
        as_json({"results": [], "unresponsive_engines": [["google", "CAPTCHA"], ["bing", "timeout"]]}),
        SearchBlocked,
        "google CAPTCHA",
    ),
    "its engines time out": (
        as_json({"results": [], "unresponsive_engines": [["google", "timeout"]]}),
        SearchUnreachable,
        "google timeout",
    ),
}


@pytest.mark.parametrize("mode", SEARXNG)
async def test_searxng_says_what_is_wrong_and_how_to_mend_it(mode: str) -> None:
    answer, kind, words = SEARXNG[mode]
    with pytest.raises(SearchError) as error:
        await ask("searxng", answer)
    assert type(error.value) is kind
    assert words in f"{error.value} {error.value.remedy}"


async def test_searxng_with_some_engines_down_still_has_results() -> None:
    data = {"results": [{"url": "https://a.example/", "title": "A"}], "unresponsive_engines": [["bing", "CAPTCHA"]]}
    assert len((await ask("searxng", as_json(data)))[0]) == 1


KEYED = {
    "brave 401": ("brave", as_json({}, status=401), SearchRefused),
    "brave invalid token": (
        "brave",
        as_json({"error": {"code": "SUBSCRIPTION_TOKEN_INVALID"}}, status=422),
        SearchRefused,
    ),
    "brave month spent": ("brave", as_json({}, "X-RateLimit-Remaining: 0, 0", status=429), SearchQuotaExceeded),
    "brave quota by code": ("brave", as_json({"error": {"code": "QUOTA_LIMITED"}}, status=429), SearchQuotaExceeded),
    "brave second spent": ("brave", as_json({}, "X-RateLimit-Remaining: 0, 1999", status=429), SearchBlocked),
    "brave unpaid": ("brave", as_json({}, status=402), SearchQuotaExceeded),
    "serper wrong key": ("serper", as_json({"message": "Unauthorized."}, status=403), SearchRefused),
    "serper no credits": ("serper", as_json({"message": "Not enough credits"}, status=400), SearchQuotaExceeded),
    "serper bad request": ("serper", as_json({"message": "Missing query"}, status=400), SearchRefused),
    "tavily wrong key": ("tavily", as_json({"detail": {"error": "Unauthorized"}}, status=401), SearchRefused),
    "tavily plan spent": ("tavily", as_json({}, status=432), SearchQuotaExceeded),
    "tavily limit spent": ("tavily", as_json({}, status=433), SearchQuotaExceeded),
    "tavily hasty": ("tavily", as_json({}, status=429), SearchBlocked),
}


@pytest.mark.parametrize("mode", KEYED)
async def test_a_keyed_provider_tells_quota_from_key_from_rate(mode: str) -> None:
    name, answer, kind = KEYED[mode]
    with pytest.raises(SearchError) as error:
        await ask(name, answer)
    assert type(error.value) is kind


ODD = {
    "brave: an error under 200": ("brave", as_json({"type": "ErrorResponse", "error": {"code": "OOPS"}})),
    "brave: words for a list": ("brave", as_json({"query": {}, "web": {"results": "none"}})),
    "brave: nothing for the web": ("brave", as_json({"query": {}, "web": None})),
    "serper: an error under 200": ("serper", as_json({"statusCode": 500, "message": "oops"})),
    "serper: an object for a list": ("serper", as_json({"searchParameters": {}, "organic": {"0": {}}})),
    "tavily: an error under 200": ("tavily", as_json({"error": "overloaded", "results": None})),
    "searxng: words for a list": ("searxng", as_json({"query": "x", "results": "error"})),
    "searxng: hits of no use while engines are down": (
        "searxng",
        as_json({"results": [{"url": "magnet:?xt=1"}], "unresponsive_engines": [["google", "timeout"]]}),
    ),
    "searxng: nested for ever": ("searxng", reply(b"[" * 400_000, "Content-Type: application/json")),
    "tavily: a page of HTML": ("tavily", reply(b"<html>Bad gateway</html>", "Content-Type: text/html")),
}


@pytest.mark.parametrize("mode", ODD)
async def test_an_odd_answer_is_no_answer(mode: str) -> None:
    name, answer = ODD[mode]
    with pytest.raises(SearchUnreachable, match=r"cannot be read|do not answer"):
        await ask(name, answer)


async def test_searxng_proposing_another_spelling_has_honestly_found_nothing() -> None:
    data = {"results": [], "corrections": ["kestrel"], "suggestions": ["kestrel tower"], "unresponsive_engines": []}
    assert (await ask("searxng", as_json(data)))[0] == []


@pytest.mark.parametrize(
    ("name", "field"), [("brave", "X-Subscription-Token"), ("serper", "X-API-KEY"), ("tavily", "Authorization")]
)
async def test_a_key_is_sent_in_its_header_only(name: str, field: str) -> None:
    _, up = await ask(name, STAND_INS[name].found)
    asked = up.asked[0]
    line = next(line for line in asked.head.split("\r\n") if "key-1" in line)
    assert line.lower().startswith(field.lower())
    assert "key-1" not in asked.path + str(asked.params) + str(asked.body)


async def test_brave_is_asked_no_faster_than_its_plan_allows() -> None:
    now = [100.0]
    naps: list[float] = []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    pace = Pace(1.0, clock=lambda: now[0], sleep=sleep)
    for _ in range(3):
        await pace.wait("brave", longest_s=5)
    assert naps == [1.0, 2.0]
    now[0] += 10
    await pace.wait("brave", longest_s=5)
    assert len(naps) == 2


async def test_a_wait_longer_than_the_search_is_a_block_at_once() -> None:
    pace = Pace(0.1, clock=lambda: 0.0)
    await pace.wait("brave", longest_s=5)
    with pytest.raises(SearchBlocked, match="every 10 s"):
        await pace.wait("brave", longest_s=5)


async def test_a_long_query_is_cut_to_what_brave_takes() -> None:
    request = SearchRequest(query="word " * 90)
    _, up = await ask("brave", STAND_INS["brave"].found, request=request)
    assert len(up.asked[0].params["q"].split()) == 50


async def test_an_endless_reply_is_not_read_to_its_end() -> None:
    huge = as_json({"results": [{"url": "https://a.example/", "title": "x" * 5_000_000}]})
    async with provider(huge) as up:
        asking = make_provider("searxng", ProviderOptions(searxng_url=up.base))
        with pytest.raises(SearchUnreachable, match="too long"):
            await asking.search(QUERY)
        await asking.aclose()
