"""What must hold against the real engine. Each check says in one line what it saw, or fails."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path

from agent.answer import Answer
from agent.options import AskOptions
from eval.engine.dialogues import GREETED, GREETING, NOW
from eval.engine.web import SAMPLES, FixedReader, FixedSearcher, asked, open_fixed_agent
from model_backend import Brief, ChatRequest, Finished, Message, TextDelta
from model_backend.errors import ModelRefused
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.openai_compatible.exchange import Exchange, Manner
from model_backend.openai_compatible.server import Server
from model_backend.profiles import Rung, load_profile

QUICK = AskOptions(depth="quick")
PROFILE = load_profile("megrez-3b-instruct")
WINDOW = 4096
LONG = "The tide is high at Tern Point today, says the keeper of the light. " * 800
"""About 10,000 tokens of the tiny model: more than twice its window."""
STOPS_WITHIN_S = 2.0
"""After a cancel the engine's gauge of running requests must fall to nothing in this time."""
ENDLESS_TOKENS = 3000
"""At least so many a reply that is to be cancelled would have."""
REPLIES = 16
"""Asked for at once: a fast machine ends one reply of the tiny model before anybody can cancel it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the engine listens, and under which name."""

    base_url: str
    name: str

    def model(self, rung: Rung | None = None, name: str = "") -> OpenAICompatibleModel:
        """A model there."""
        options = ModelOptions(
            base_url=self.base_url, name=name or self.name, rung=rung, profile=PROFILE.id, first_token_timeout_s=60.0
        )
        return OpenAICompatibleModel(options, now=lambda: NOW)


Check = Callable[[Place], Awaitable[str]]


async def _ask_all(place: Place, rung: Rung | None, *, streamed: bool) -> list[Answer]:
    model = place.model(rung)
    answers: list[Answer] = []
    try:
        await model.prepare()
        for sample in SAMPLES:
            with tempfile.TemporaryDirectory() as folder:
                async with open_fixed_agent(model, Path(folder)) as agent:
                    if streamed:
                        told = await asked(agent, sample.question)
                        assert told.pieces >= 1, "the answer was not streamed"
                        assert told.queries == [sample.query], told.queries
                        answer = told.answer
                    else:
                        answer = await agent.ask(sample.question, QUICK)
            _is_right(answer, sample.answer, model.name)
            answers.append(answer)
    finally:
        await model.aclose()
    return answers


def _is_right(answer: Answer, taught: str, model: str) -> None:
    assert answer.answer == taught, (answer.answer, answer.warnings)
    assert answer.model == model, answer.warnings
    assert [citation.number for citation in answer.citations] == [1], answer.citations
    assert [claim.verdict for claim in answer.claims] == ["supported"], answer.claims
    assert answer.warnings == [], answer.warnings


async def native_calls(place: Place) -> str:
    """Questions through the graph, calls parsed by our plugin in vLLM."""
    answers = await _ask_all(place, "native", streamed=False)
    return f"{len(answers)} answers, cited and supported"


async def native_calls_streamed(place: Place) -> str:
    """The same, streamed."""
    return f"{len(await _ask_all(place, 'native', streamed=True))} answers in pieces"


async def own_dialect(place: Place) -> str:
    """Calls composed and parsed on our side."""
    plain = await _ask_all(place, "dialect", streamed=False)
    streamed = await _ask_all(place, "dialect", streamed=True)
    return f"{len(plain) + len(streamed)} answers, whole and in pieces"


async def forced_json(place: Place) -> str:
    """Calls as JSON that the server forces."""
    plain = await _ask_all(place, "json_schema", streamed=False)
    streamed = await _ask_all(place, "json_schema", streamed=True)
    return f"{len(plain) + len(streamed)} answers, whole and in pieces"


async def no_search_for_a_greeting(place: Place) -> str:
    """A decision against searching."""
    model = place.model("dialect")
    searcher = FixedSearcher()
    try:
        with tempfile.TemporaryDirectory() as folder:
            async with open_fixed_agent(model, Path(folder), searcher=searcher) as agent:
                answer = await agent.ask(GREETING, QUICK)
    finally:
        await model.aclose()
    assert searcher.requests == []
    assert answer.answer == GREETED, answer.warnings
    return answer.answer


async def probe(place: Place) -> str:
    """The probe finds native calls, dialect and forced JSON working, and settles on the first."""
    model = place.model()
    try:
        report = (await model.probe())[0]
    finally:
        await model.aclose()
    works = {tried.rung: tried.works for tried in report.tried}
    assert report.kind == "vllm", report
    assert report.context_tokens == WINDOW, report
    assert works["native"], report
    assert works["dialect"], report
    assert works["json_schema"], report
    assert report.settled == "native", report
    return ", ".join(f"{rung} {'works' if fine else 'does not'}" for rung, fine in works.items())


def _long_request() -> ChatRequest:
    return ChatRequest(messages=(Message(role="user", content=LONG),), brief=Brief(question=LONG), max_tokens=64)


async def never_above_the_window(place: Place) -> str:
    """A request of twice the window is cut to fit, by the server's own count, before it is sent."""
    model = place.model()
    try:
        await model.prepare()
        assert model.context_tokens == WINDOW
        end = [delta async for delta in model.stream(_long_request())][-1]
    finally:
        await model.aclose()
    assert isinstance(end, Finished)
    assert end.usage.input_tokens + 64 <= WINDOW
    return f"{end.usage.input_tokens:,} prompt tokens of {WINDOW:,}"


async def overflow_is_met(place: Place) -> str:
    """Where the window is not known beforehand, a refusal teaches it, and the second try fits."""
    server = Server(place.base_url, "", PROFILE, None)
    manner = Manner(name=place.name, profile=PROFILE, window=100_000, first_s=60.0, next_s=30.0, now=NOW)
    try:
        deltas = [delta async for delta in Exchange(server, manner, "json_words").stream(_long_request())]
    finally:
        await server.aclose()
    assert isinstance(deltas[-1], Finished)
    assert server.window == WINDOW, server.window
    return f"window learned: {server.window:,}"


async def unknown_model(place: Place) -> str:
    """A wrong name is told with those that are served."""
    model = place.model(name="nope")
    try:
        await anext(model.stream(replace(_long_request(), messages=(Message(role="user", content="Hi"),))))
    except ModelRefused as error:
        told = f"{error} {error.remedy}"
    else:
        told = ""
    finally:
        await model.aclose()
    assert place.name in told, told
    return told


async def cancel(place: Place) -> str:
    """Closing the stream stops the engine: it counts nothing under way, and a part of the tokens only."""
    server = Server(place.base_url, "", PROFILE, None)
    manner = Manner(name=place.name, profile=PROFILE, window=WINDOW, first_s=60.0, next_s=30.0, now=NOW)
    # Plain words and no end, whatever the model would rather say.
    endless = {
        "n": REPLIES,
        "ignore_eos": True,
        "min_tokens": ENDLESS_TOKENS,
        "structured_outputs": {"regex": "[a-z ]+"},
    }
    request = ChatRequest(
        messages=(Message(role="user", content="Hi"),), brief=Brief(question="Hi"), max_tokens=3500, temperature=1.0
    )
    loop = asyncio.get_running_loop()
    try:
        before = await _counted(place, "vllm:generation_tokens_total")
        async with aclosing(Exchange(server, manner, "json_words", endless).stream(request)) as deltas:
            async for delta in deltas:
                if isinstance(delta, TextDelta):
                    break
            # Not asked here: on two idle cores the engine's server answers nothing else while it sends so fast.
            closed = loop.time()
        while await _counted(place, "vllm:num_requests_running"):
            assert loop.time() - closed < STOPS_WITHIN_S, "the engine goes on"
            await asyncio.sleep(0.02)
        waited_s = loop.time() - closed
        made = await _counted(place, "vllm:generation_tokens_total") - before
        assert made < REPLIES * ENDLESS_TOKENS, f"{made:,} tokens: the engine was not stopped"
        return f"stopped within {waited_s:.2f} s, after {made:,} of {REPLIES * ENDLESS_TOKENS:,} tokens"
    finally:
        await server.aclose()


async def _counted(place: Place, metric: str) -> int:
    """What the engine itself counts."""
    import httpx2

    async with httpx2.AsyncClient(trust_env=False) as client:
        told = (await client.get(place.base_url.removesuffix("/v1") + "/metrics")).text
    lines = [line for line in told.splitlines() if line.startswith(metric)]
    assert lines, "no such metric"
    return round(sum(float(line.rsplit(" ", 1)[1]) for line in lines))


class Restart:
    """The server goes away in the middle of a run, and comes back."""

    def __init__(self, place: Place, folder: Path) -> None:
        self._model = place.model("dialect")
        self._reader = FixedReader(gate=asyncio.Event())
        self._folder = folder
        self._run: asyncio.Task[Answer] | None = None

    async def begin(self) -> None:
        """A run whose plan was made by the server, and that waits for its pages."""
        self._run = asyncio.create_task(self._ask())
        await self._reader.reached.wait()

    async def end_without_server(self) -> str:
        """Its answer, written by the fallback, with a warning."""
        assert self._run is not None
        assert self._reader.gate is not None
        self._reader.gate.set()
        answer = await self._run
        assert answer.model == "embedded", answer.model
        assert answer.warnings
        assert "41 metres" in answer.answer
        return answer.warnings[-1]

    async def again(self) -> str:
        """The next run, by the same model object, once the server is back."""
        answer = await self._ask()
        _is_right(answer, SAMPLES[0].answer, self._model.name)
        await self._model.aclose()
        return answer.answer

    async def _ask(self) -> Answer:
        async with open_fixed_agent(self._model, self._folder, reader=self._reader) as agent:
            return await agent.ask(SAMPLES[0].question, QUICK)


CHECKS: tuple[Check, ...] = (
    native_calls,
    native_calls_streamed,
    own_dialect,
    forced_json,
    no_search_for_a_greeting,
    probe,
    never_above_the_window,
    overflow_is_met,
    unknown_model,
    cancel,
)
