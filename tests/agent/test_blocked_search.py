"""When those who search are blocked, spent or down, the run says so: it never says that there is nothing."""

import re
from contextlib import AsyncExitStack

import pytest

from agent.abstain import abstention
from agent.build import open_agent
from agent.events import AnswerDelta, Event, RunCompleted, RunFailed
from agent.settings import FetchSettings, SearchSettings, Settings, StoreSettings
from tests.doubles import FakeReader, FakeSearcher, SayingModel, make_agent, searches_for
from tests.tools.fetch.raw import raw_server, reply
from tests.tools.search.standins import as_json, duckduckgo_page, provider
from tests.tools.search.test_outcomes import DUCKDUCKGO
from tools.cleaning_fork_server import ForkServer
from tools.errors import SearchBlocked
from tools.search import SearchRequest, SearchResult
from tools.search_chain import Searched

QUESTION = "How high is the Kestrel tower?"
PAGE = (
    b"<title>Kestrel</title><h1>Kestrel</h1>" + b"<p>The Kestrel tower is 87 metres high. It was built in 1901.</p>" * 3
)
NOTHING = re.compile(r"could not find|no information|does not exist|nothing (?:was )?found|没有找到", re.IGNORECASE)
SPENT = as_json({"code": "QUOTA_LIMITED"}, status=402)

DOWN: dict[str, dict[str, bytes]] = {
    **{f"duckduckgo: {mode}": {"duckduckgo": answer} for mode, (answer, _) in DUCKDUCKGO.items()},
    "searxng: 403": {"searxng": reply(b"Forbidden", status=403)},
    "searxng: 429": {"searxng": reply(b"Too Many Requests", status=429)},
    "searxng: captchas": {"searxng": as_json({"results": [], "unresponsive_engines": [["google", "CAPTCHA"]]})},
    "brave: quota": {"brave": SPENT},
    "serper: credits": {"serper": as_json({"message": "Not enough credits"}, status=400)},
    "tavily: quota": {"tavily": as_json({"detail": {"error": "exceeds your plan"}}, status=432)},
    "all at once": {
        "duckduckgo": reply(b"", status=202),
        "searxng": reply(b"", status=403),
        "brave": reply(b"", status=500),
        "serper": reply(b"", status=401),
    },
    "blocked, and an empty library": {"duckduckgo": reply(b"", status=403), "library": b""},
}


async def ask(fork_server: ForkServer, answers: dict[str, bytes], *hosts: str) -> list[Event]:
    """A whole run over stand-ins for the providers; pages of `hosts` may be read."""
    async with AsyncExitStack() as stack:
        up = {name: await stack.enter_async_context(provider(answer)) for name, answer in answers.items()}
        urls = {name: one.base for name, one in up.items()}
        settings = Settings(
            store=StoreSettings(url="memory://"),
            fetch=FetchSettings(workers=1, allow_hosts=list(hosts)),
            search=SearchSettings(
                providers=list(answers),
                timeout_s=2,
                duckduckgo_url=f"{urls['duckduckgo']}/html/" if "duckduckgo" in urls else "",
                searxng_url=urls.get("searxng", ""),
                brave_url=urls.get("brave", "http://127.0.0.1:1"),
                serper_url=urls.get("serper", "http://127.0.0.1:1"),
                tavily_url=urls.get("tavily", "http://127.0.0.1:1"),
                brave_api_key="key-1",
                serper_api_key="key-1",
                tavily_api_key="key-1",
            ),
        )
        model = SayingModel(searches_for(QUESTION), "The Kestrel tower is 87 metres high [1].")
        agent = await stack.enter_async_context(open_agent(settings, model=model, fork_server=fork_server))
        return [event async for event in agent.stream(QUESTION)]


@pytest.mark.parametrize("case", DOWN)
async def test_a_search_that_gave_no_answer_ends_the_run_with_its_reason(fork_server: ForkServer, case: str) -> None:
    events = await ask(fork_server, DOWN[case])
    last = events[-1]
    assert isinstance(last, RunFailed), case
    assert last.problem.code in ("search-failed", "search-quota-exceeded")
    assert ("quota" in last.problem.code) == ("quota" in case or "credits" in case)
    for name in DOWN[case]:
        assert name in last.problem.detail or len(DOWN[case]) == 1
    said = "".join(event.text for event in events if isinstance(event, AnswerDelta))
    assert said == ""
    assert not NOTHING.search(last.problem.title.replace("library found nothing", ""))


async def test_the_next_provider_answers_and_the_user_is_told_who_did_not(fork_server: ForkServer) -> None:
    async with raw_server(lambda talk: talk.say(reply(PAGE))) as web:
        hit = [(web.url("/kestrel"), "Kestrel", "A tower.", None)]
        found = as_json({"web": {"results": [{"url": url, "title": t, "description": s} for url, t, s, _ in hit]}})
        events = await ask(fork_server, {"duckduckgo": reply(b"", status=202), "brave": found}, f"127.0.0.1:{web.port}")
    last = events[-1]
    assert isinstance(last, RunCompleted)
    assert [search.provider for search in last.answer.searches] == ["brave"]
    assert any("duckduckgo" in warning for warning in last.answer.warnings)


async def test_an_honest_empty_search_may_say_that_nothing_was_found(fork_server: ForkServer) -> None:
    """The other side: the tests above would also hold if no run ever completed."""
    last = (await ask(fork_server, {"duckduckgo": duckduckgo_page([])}))[-1]
    assert isinstance(last, RunCompleted)
    assert last.answer.abstained
    assert "Part of the search" not in last.answer.answer


class HalfBlocked(FakeSearcher):
    """One query finds nothing, the other one is blocked."""

    async def search(self, request: SearchRequest) -> Searched:
        if "height" in request.query:
            raise SearchBlocked("It blocks us.", provider="fake")
        return Searched(results=(), provider="fake", ms=1, empty=("fake",))


async def test_when_only_a_part_was_searched_the_answer_says_so() -> None:
    model = SayingModel(searches_for("Kestrel tower", "Kestrel height metres"), "none")
    answer = await make_agent(model, searcher=HalfBlocked()).ask(QUESTION)
    assert answer.abstained
    assert "Part of the search got no answer" in answer.answer
    assert any("It blocks us" in warning for warning in answer.warnings)


class OneResult(FakeSearcher):
    async def search(self, request: SearchRequest) -> Searched:
        hit = SearchResult(url="http://gone.example/", title="t", snippet="s", rank=1, provider="fake")
        return Searched(results=(hit,), provider="fake", ms=1)


async def test_when_no_page_could_be_read_the_answer_says_so() -> None:
    model = SayingModel(searches_for("Kestrel tower"), "none")
    answer = await make_agent(model, searcher=OneResult(), reader=FakeReader({})).ask(QUESTION)
    assert answer.abstained
    assert "I could not read 1 page that was found, so the answer may stand there." in answer.answer


@pytest.mark.parametrize(("language", "words"), [("en", "Part of the search"), ("zh", "有一部分搜索没有得到回应")])
def test_the_abstention_tells_of_a_blind_spot_in_both_languages(language: str, words: str) -> None:
    assert words in abstention(language, asked=["q"], read=0, blind=True)
    assert words not in abstention(language, asked=["q"], read=3)
