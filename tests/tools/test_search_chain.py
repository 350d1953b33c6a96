import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from tests.tools.search.standins import STAND_INS, as_json, provider
from tools.errors import (
    SearchBlocked,
    SearchError,
    SearchNotSetUp,
    SearchQuotaExceeded,
    SearchRefused,
    SearchUnreachable,
)
from tools.search import ProviderOptions, SearchProvider, SearchRequest, SearchResult, make_provider
from tools.search._outcome import SearchStumbled
from tools.search_chain import SearchChain, make_providers

REQUEST = SearchRequest(query="x")


def hit(name: str) -> SearchResult:
    return SearchResult(url=f"https://{name}.example/", title=name, snippet="", rank=1, provider=name)


@dataclass
class Scripted:
    """A provider that does what its script says; the last line repeats."""

    name: str
    script: list[list[SearchResult] | SearchError | float]
    asked: int = 0
    closed: bool = False

    async def search(self, request: SearchRequest) -> list[SearchResult]:
        self.asked += 1
        step = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if isinstance(step, SearchError):
            raise step
        if isinstance(step, float):
            await asyncio.sleep(step)
            return []
        return step

    async def aclose(self) -> None:
        self.closed = True


def finds(name: str = "good") -> Scripted:
    return Scripted(name, [[hit(name)]])


def fails(name: str, error: SearchError) -> Scripted:
    return Scripted(name, [error])


def down(name: str = "down") -> Scripted:
    return fails(name, SearchUnreachable("Nobody answers.", provider=name, remedy="Check the network."))


def blocked(name: str = "blocked") -> Scripted:
    return fails(name, SearchBlocked("Captcha.", provider=name, remedy="Wait."))


@dataclass
class Clock:
    now: float = 0.0
    naps: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


def chain(*providers: SearchProvider, clock: Clock | None = None) -> SearchChain:
    clock = clock or Clock()
    return SearchChain(providers, clock=clock, sleep=clock.sleep, jitter=lambda: 0.5)


async def test_the_first_that_answers_wins() -> None:
    second = finds("second")
    searched = await chain(finds("first"), second).search(REQUEST)
    assert (searched.provider, searched.failures, searched.empty) == ("first", (), ())
    assert second.asked == 0


async def test_who_failed_before_is_told() -> None:
    spent = fails("spent", SearchQuotaExceeded("Spent.", remedy="Pay."))
    refused = fails("refused", SearchRefused("Wrong key.", remedy="Mend it."))
    searched = await chain(blocked(), spent, refused, down(), finds()).search(REQUEST)
    assert searched.provider == "good"
    assert [(failure.provider, failure.kind) for failure in searched.failures] == [
        ("blocked", "blocked"),
        ("spent", "quota"),
        ("refused", "refused"),
        ("down", "unreachable"),
    ]
    assert searched.failures[1].remedy == "Pay."


async def test_empty_goes_on_but_is_no_failure() -> None:
    searched = await chain(Scripted("bare", [[]]), finds()).search(REQUEST)
    assert (searched.provider, searched.empty, searched.failures) == ("good", ("bare",), ())


async def test_nothing_found_anywhere_is_an_answer_that_says_who_could_not_be_asked() -> None:
    searched = await chain(blocked(), Scripted("bare", [[]])).search(REQUEST)
    assert searched.results == ()
    assert (searched.provider, searched.empty) == ("bare", ("bare",))
    assert [failure.kind for failure in searched.failures] == ["blocked"]


async def test_nobody_answering_is_an_error_that_names_each_with_its_remedy() -> None:
    with pytest.raises(SearchBlocked) as error:
        await chain(down(), blocked()).search(REQUEST)
    assert "down: Nobody answers." in str(error.value)
    assert "blocked: Captcha." in str(error.value)
    assert "blocked: Wait." in error.value.remedy
    assert "down: Check the network." in error.value.remedy
    assert error.value.provider == "blocked"


async def test_a_chain_without_providers_says_so() -> None:
    with pytest.raises(SearchRefused, match="No search provider is set"):
        await chain().search(REQUEST)


async def test_a_stumble_is_tried_again_after_a_random_pause() -> None:
    clock = Clock()
    shaky = Scripted("shaky", [SearchStumbled("500"), SearchStumbled("500"), [hit("shaky")]])
    searched = await chain(shaky, clock=clock).search(REQUEST)
    assert searched.provider == "shaky"
    assert clock.naps == pytest.approx([0.3, 0.3])
    assert searched.ms == 600


async def test_a_provider_is_tried_three_times_at_most() -> None:
    shaky = fails("shaky", SearchStumbled("500"))
    with pytest.raises(SearchUnreachable):
        await chain(shaky).search(REQUEST)
    assert shaky.asked == 3


@pytest.mark.parametrize("make", [blocked, down])
async def test_a_block_or_a_dead_host_is_not_tried_again(make: Callable[[], Scripted]) -> None:
    bad = make()
    await chain(bad, finds()).search(REQUEST)
    assert bad.asked == 1


async def test_a_dead_provider_is_left_alone_after_five_failures_and_probed_after_thirty_seconds() -> None:
    clock = Clock()
    bad = down()
    asking = chain(bad, finds(), clock=clock)
    for _ in range(8):
        searched = await asking.search(REQUEST)
    assert bad.asked == 5
    assert searched.failures[0].kind == "unreachable"
    assert "not asked again for 30 s" in searched.failures[0].message
    clock.now += 30
    await asking.search(REQUEST)
    await asking.search(REQUEST)
    assert bad.asked == 6


async def test_a_block_that_is_remembered_is_still_called_a_block() -> None:
    asking = chain(blocked())
    for _ in range(7):
        with pytest.raises(SearchBlocked):
            await asking.search(REQUEST)


async def test_who_has_nothing_to_search_yet_answers_as_soon_as_it_is_set_up() -> None:
    unready = Scripted("new", [*[SearchNotSetUp("It is empty.", provider="new", remedy="Fill it.")] * 7, [hit("new")]])
    asking = chain(unready, finds())
    for _ in range(7):
        assert (await asking.search(REQUEST)).failures[0].message == "It is empty."
    assert (await asking.search(REQUEST)).provider == "new"


async def test_a_silent_provider_leaves_time_for_the_next() -> None:
    silent = Scripted("silent", [60.0])
    asking = SearchChain([silent, finds()], call_timeout_s=5, deadline_s=0.4)
    started = time.monotonic()
    searched = await asking.search(REQUEST)
    assert time.monotonic() - started < 0.35
    assert searched.provider == "good"
    assert searched.failures[0].kind == "unreachable"


async def test_a_search_given_up_by_its_caller_counts_for_nothing() -> None:
    silent = Scripted("silent", [60.0])
    asking = SearchChain([silent], call_timeout_s=30, deadline_s=30)
    for _ in range(6):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asking.search(REQUEST)
    assert silent.asked == 6


async def test_closing_closes_every_provider() -> None:
    providers = [finds("a"), finds("b")]
    await chain(*providers).aclose()
    assert all(each.closed for each in providers)


async def test_offline_the_chain_reaches_the_next_provider_at_once() -> None:
    options = ProviderOptions(duckduckgo_url="http://127.0.0.1:1/html/")
    web = make_provider("duckduckgo", options)
    asking = SearchChain([web, finds("library")])
    await asking.search(REQUEST)  # imports ddgs
    started = time.monotonic()
    searched = await asking.search(REQUEST)
    assert time.monotonic() - started < 0.5
    assert (searched.provider, searched.failures[0].kind) == ("library", "unreachable")
    await asking.aclose()


async def test_real_providers_hand_over_to_each_other() -> None:
    async with (
        provider(as_json({}, status=403)) as searxng,
        provider(as_json({"message": "Not enough credits"}, status=400)) as serper,
        provider(as_json({}, status=500)) as tavily,
        provider(STAND_INS["brave"].found) as brave,
    ):
        options = ProviderOptions(
            searxng_url=searxng.base,
            serper_api_key="k",
            serper_url=serper.base,
            tavily_api_key="k",
            tavily_url=tavily.base,
            brave_api_key="k",
            brave_url=brave.base,
        )
        asking = SearchChain(make_providers(["searxng", "serper", "tavily", "brave"], options))
        searched = await asking.search(REQUEST)
        await asking.aclose()
    assert [failure.kind for failure in searched.failures] == ["refused", "quota", "unreachable"]
    assert (searched.provider, len(searched.results)) == ("brave", 3)
    assert len(tavily.asked) == 3


async def test_a_provider_without_its_key_is_passed_over_and_named() -> None:
    providers = make_providers(["brave", "duckduckgo"], ProviderOptions(duckduckgo_url="http://127.0.0.1:1/"))
    assert [each.name for each in providers] == ["brave", "duckduckgo"]
    with pytest.raises(SearchRefused) as error:
        await SearchChain(providers).search(REQUEST)
    assert "ASTERISM_SEARCH__BRAVE_API_KEY" in error.value.remedy
    for each in providers:
        await each.aclose()


@pytest.mark.parametrize("names", [["brave"], ["duckduckgo", "altavista"]])
def test_a_single_unready_or_an_unknown_provider_is_an_error_at_the_start(names: list[str]) -> None:
    with pytest.raises(SearchRefused):
        make_providers(names, ProviderOptions())
