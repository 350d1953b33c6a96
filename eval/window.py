"""Long conversations in a window of 4,096 tokens: `python -m eval.window --cases 500`.

Each case is a whole run: six pages of 20,000 characters, ten turns before the question, in English and in Chinese,
against a server that counts tokens in its own way (another one in each case) and refuses what is too long. Told are
the requests above the window, and the answers that lost their citation.
"""

import argparse
import asyncio
import json
import random
import re
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from agent.answer import Answer
from agent.options import AskOptions
from agent.run import Agent
from agent.services import Services
from agent.settings import Settings, StoreSettings
from agent.store import open_threads
from eval.imitations.server import on_loopback
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.profiles import Rung
from tools.pages import Page
from tools.search import SearchRequest, SearchResult
from tools.search_chain import Searched

WINDOW = 4096
PAGES, PAGE_CHARS, TURNS = 6, 20_000, 10
WORDS = ("tide", "harbour", "1893", "boats", "the", "and", "of", "keeper", "(north)", "rises", "again", "quay", "salt")
HAN = "潮水年港口北面记录位上升茶叶采摘于四月上旬价格每斤二百元渔船码头石阶修复水手"
ENGLISH_CHARS = (3.6, 4.7)
"""Characters a token of English: vocabularies of 32,000 to 150,000 pieces."""
CHINESE_CHARS = (1.25, 1.8)
"""Characters a token of Chinese, in vocabularies made for it."""
HEAD = re.compile(r"^\[(\d+)\] ", re.MULTILINE)
NAMES = {"en": ("Tern", "Gannet", "Skua", "Plover", "Dunlin"), "zh": ("燕鸥", "塘鹅", "贼鸥", "金鸻", "黑腹")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question, what is known before it, and the web it is about."""

    language: str
    question: str
    query: str
    fact: str
    """The sentence of one page that answers it."""
    turns: tuple[tuple[str, str], ...]
    pages: tuple[str, ...]
    vllm: bool
    """Whether the server counts when it is asked to."""
    english_chars: float
    chinese_chars: float

    def tokens(self, text: str) -> int:
        """What this server makes of a text."""
        han = len(re.findall(r"[\u3000-\u9fff\uff00-\uffef]", text))
        signs = len(re.findall(r"[^\sA-Za-z\u3000-\u9fff\uff00-\uffef]", text))
        return round((len(text) - han - signs) / self.english_chars + han / self.chinese_chars + signs * 0.6)


def prose(rng: random.Random, chars: int, language: str) -> str:
    """Sentences and paragraphs that say nothing."""
    sentences: list[str] = []
    size = 0
    while size < chars:
        if language == "zh":
            sentences.append("".join(rng.choices(HAN, k=rng.randrange(12, 40))) + "。")
        else:
            sentences.append(" ".join(rng.choices(WORDS, k=rng.randrange(6, 20))).capitalize() + ".")
        size += len(sentences[-1])
    joint = "" if language == "zh" else " "
    paragraphs = [joint.join(sentences[at : at + 5]) for at in range(0, len(sentences), 5)]
    return "\n\n".join(paragraphs)[:chars]


def make_case(number: int, seed: int) -> Case:
    """The case of that number; every second one is Chinese, every second pair a server that does not count."""
    rng = random.Random(f"{seed}-{number}")
    language = "zh" if number % 2 else "en"
    name, metres = rng.choice(NAMES[language]), rng.randrange(20, 90)
    if language == "zh":
        question, query = f"{name}灯塔有多高？", f"{name}灯塔 高度"
        fact = f"{name}灯塔高{metres}米。"
    else:
        question, query = f"How high is the {name} lighthouse?", f"{name} lighthouse height"
        fact = f"The {name} lighthouse is {metres} metres high."
    before = rng.choice((0, 0, 200, 2000))
    if before:
        question = f"{prose(rng, before, language)}\n{question}"
    turns = tuple((prose(rng, 60, language), prose(rng, rng.choice((200, 2000)), language)) for _ in range(TURNS))
    pages = [prose(rng, PAGE_CHARS, language) for _ in range(PAGES)]
    place = rng.randrange(PAGES)
    paragraphs = pages[place].split("\n\n")
    paragraphs.insert(rng.randrange(len(paragraphs)), fact)
    pages[place] = "\n\n".join(paragraphs)
    return Case(
        language=language,
        question=question,
        query=query,
        fact=fact,
        turns=turns,
        pages=tuple(pages),
        vllm=number // 2 % 2 == 0,
        english_chars=rng.uniform(*ENGLISH_CHARS),
        chinese_chars=rng.uniform(*CHINESE_CHARS),
    )


@dataclass
class CountingServer:
    """Serves whichever case is set; answers from the sources it is shown, with the number of the right one."""

    case: Case
    requests: int = 0
    longest: int = 0
    """Tokens of the longest request, prompt and reply together."""
    above: list[int] = field(default_factory=list)
    """Those above the window."""

    async def models(self, _request: Request) -> Response:
        """What is served."""
        entry = {"id": "megrez", "owned_by": "vllm" if self.case.vllm else "other", "max_model_len": WINDOW}
        return JSONResponse({"object": "list", "data": [entry]})

    async def tokenize(self, request: Request) -> Response:
        """The true count, where the server gives it."""
        if not self.case.vllm:
            return JSONResponse({"detail": "Not Found"}, status_code=404)
        return JSONResponse({"count": self._count(await request.json()), "max_model_len": WINDOW})

    async def chat(self, request: Request) -> Response:
        """A reply, or the refusal of an engine whose window is exceeded."""
        body = await request.json()
        tokens = self._count(body)
        self.requests += 1
        self.longest = max(self.longest, tokens + body["max_tokens"])
        if tokens + body["max_tokens"] > WINDOW:
            self.above.append(tokens + body["max_tokens"])
            message = f"This model's maximum context length is {WINDOW} tokens. However, your prompt contains {tokens}."
            return JSONResponse({"error": {"message": message, "code": 400}}, status_code=400)
        return StreamingResponse(self._said(self._reply(body), tokens), media_type="text/event-stream")

    def _count(self, body: dict[str, Any]) -> int:
        tools = json.dumps(body["tools"], ensure_ascii=False) if body.get("tools") else ""
        return sum(6 + self.case.tokens(str(message["content"])) for message in body["messages"]) + self.case.tokens(
            tools
        )

    def _reply(self, body: dict[str, Any]) -> str:
        prompt = "\n".join(str(message["content"]) for message in body["messages"])
        if "googleWebSearch" in prompt or body.get("tools"):
            call = json.dumps({"name": "googleWebSearch", "arguments": {"query": self.case.query}}, ensure_ascii=False)
            return f"<|function_start|>{call}<|function_end|>"
        before, found, _ = prompt.partition(self.case.fact)
        numbers = HEAD.findall(before)
        if not found or not numbers:
            return "I could not find it."
        return f"{self.case.fact[:-1]} [{numbers[-1]}]{self.case.fact[-1]}"

    async def _said(self, text: str, tokens: int) -> AsyncIterator[str]:
        delta = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]}
        usage = {"choices": [], "usage": {"prompt_tokens": tokens, "completion_tokens": self.case.tokens(text)}}
        for data in (delta, usage):
            yield f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
        yield "data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class CaseWeb:
    """Finds and reads the pages of a case."""

    case: Case

    async def search(self, request: SearchRequest) -> Searched:
        """Every page, whatever is asked."""
        results = tuple(
            SearchResult(url=url, title=f"Page {rank}", snippet=text[:60], rank=rank, provider="case")
            for rank, (url, text) in enumerate(self._pages().items(), 1)
        )
        return Searched(results=results, provider="case", ms=1)

    async def read(self, url: str) -> Page:
        """The page."""
        text = self._pages()[url]
        return Page(
            url=url,
            final_url=url,
            title=url,
            text=text,
            site=url.split("/")[2],
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
            size_bytes=len(text),
        )

    def _pages(self) -> dict[str, str]:
        return {f"http://p{number}.example/": text for number, text in enumerate(self.case.pages)}


@dataclass(slots=True)
class Tally:
    """What all cases brought."""

    cases: int = 0
    requests: int = 0
    above: int = 0
    longest: int = 0
    uncited: list[str] = field(default_factory=list)
    """Questions whose answer lost its citation."""

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        return not self.above and not self.uncited

    def __str__(self) -> str:
        return (
            f"{self.cases} cases, {self.requests} requests: {self.above} above {WINDOW:,} tokens "
            f"(longest {self.longest:,}), {len(self.uncited)} answers without their citation"
        )


async def run_cases(numbers: Sequence[int], *, seed: int = 1) -> Tally:
    """Every case as a run of its own, with a model that has learned nothing yet."""
    tally = Tally()
    server = CountingServer(make_case(0, seed))
    routes = [
        Route("/v1/models", server.models),
        Route("/tokenize", server.tokenize, methods=["POST"]),
        Route("/v1/chat/completions", server.chat, methods=["POST"]),
    ]
    async with on_loopback(Starlette(routes=routes)) as address:
        for number in numbers:
            server.case = make_case(number, seed)
            answer = await _ask(server.case, address)
            tally.cases += 1
            if not answer.citations or "not find" in answer.answer:
                tally.uncited.append(server.case.question[-80:])
    tally.requests, tally.above, tally.longest = server.requests, len(server.above), server.longest
    return tally


async def _ask(case: Case, address: str) -> Answer:
    # The dialect's prompt holds the functions as text; a server of another kind gets them so.
    rung: Rung = "native" if case.vllm else "dialect"
    model = OpenAICompatibleModel(ModelOptions(base_url=address, name="megrez", rung=rung))
    web = CaseWeb(case)
    with tempfile.TemporaryDirectory() as folder:
        async with open_threads("memory://", Path(folder) / "threads.db") as threads:
            settings = Settings(store=StoreSettings(url="memory://"))
            services = Services(model=model, fallback=None, searcher=web, reader=web, settings=settings)
            try:
                await model.prepare()
                return await Agent(services, threads).ask(case.question, AskOptions(turns=case.turns))
            finally:
                await model.aclose()


def main() -> None:
    """Run and tell; exit code 1 when the bar is not met."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=500)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    started = time.monotonic()
    tally = asyncio.run(run_cases(range(chosen.cases), seed=chosen.seed))
    for question in tally.uncited[:10]:
        print(f"no citation: …{question}")
    print(f"{tally}; {time.monotonic() - started:.0f} s")
    raise SystemExit(0 if tally.holds else 1)


if __name__ == "__main__":
    main()
