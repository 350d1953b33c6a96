"""No request above the window, whatever is asked: long conversations against servers that count for themselves."""

import json
import random
import re
from collections.abc import Callable

import pytest

from agent.answer import Source
from agent.plan import plan_request
from agent.write import answer_request, documents_of, passage_budget
from model_backend import Brief, ChatRequest, Finished, Message, Turn
from model_backend.budget import Calibration, fit, window_in
from model_backend.errors import ContextTooLong
from model_backend.openai_compatible import ModelOptions, OpenAICompatibleModel
from model_backend.tokens import estimate_tokens
from tests.model_backend.fake_server import FakeServer, Json, Reply, Wire, failing, saying
from tools.pages import Passage

WINDOW = 4096
CASES = 12
"""Conversations for each of the four ways; the bar of 500 in all was held with 125."""
BOUNDARY = "=== 0123456789abcdef ==="
WORDS = ["tide", "harbour", "lighthouse", "1893", "metres,", "the", "and", "of", "keeper", "(north)", "rises;", "again"]
HAN = "潮水灯塔一八九三年高四十米，港口北面守塔人记录水位上升。茶叶采摘于四月上旬，价格每斤二百元。"


def true_tokens(text: str, han_chars: float) -> int:
    """What a tokenizer makes of it: words by 4.5 characters, Chinese by `han_chars`, digits and signs one each."""
    han = len(re.findall(r"[\u3000-\u9fff\uff00-\uffef]", text))
    words = re.findall(r"[A-Za-z]+", text)
    signs = len(re.findall(r"[^\sA-Za-z\u3000-\u9fff\uff00-\uffef]", text))
    return round(sum(1 + len(word) / 4.5 for word in words) * 0.7 + han / han_chars + signs * 0.6)


def counted(body: Json, han_chars: float) -> int:
    tools = json.dumps(body["tools"], ensure_ascii=False) if "tools" in body else ""
    return sum(6 + true_tokens(str(m["content"]), han_chars) for m in body["messages"]) + true_tokens(tools, 1.5)


def _flow(*, chinese: bool) -> str:
    """A long random text, made once: every other one is a piece of it."""
    rng = random.Random(5)
    return "".join(rng.choices(HAN, k=60_000)) if chinese else " ".join(rng.choices(WORDS, k=9_000))


FLOW = {chinese: _flow(chinese=chinese) for chinese in (False, True)}
PAGE_CHARS = 20_000


def text_of(rng: random.Random, chars: int, *, chinese: bool) -> str:
    flow = FLOW[chinese]
    start = rng.randrange(len(flow) - chars)
    return flow[start : start + chars]


def conversation(rng: random.Random, *, chinese: bool) -> tuple[str, tuple[Turn, ...], list[tuple[str, str]]]:
    """A question, ten turns, six pages of 20,000 characters."""
    question = text_of(rng, rng.choice([20, 200, 2000, 8000]), chinese=chinese)
    turns = tuple(
        Turn(question=text_of(rng, 60, chinese=chinese), answer=text_of(rng, rng.choice([200, 2000]), chinese=chinese))
        for _ in range(10)
    )
    pages = [(f"http://p{n}.example/", text_of(rng, PAGE_CHARS, chinese=chinese)) for n in range(6)]
    return question, turns, pages


def requests_of(model: OpenAICompatibleModel, rng: random.Random, *, chinese: bool) -> tuple[ChatRequest, ChatRequest]:
    """The two calls of a run, made as the agent makes them."""
    question, turns, pages = conversation(rng, chinese=chinese)
    language = "zh" if chinese else "en"
    plan = plan_request(question, turns, model, today="2026-01-01", queries=2, language=language)
    budget = passage_budget(model, wanted=1500, answer_tokens=800, question=question)
    passages: list[Passage] = []
    used = 0
    for url, text in pages * 8:
        start = rng.randrange(0, 18_000)
        passage = Passage(url=url, start=start, end=start + 700, text=text[start : start + 700])
        used += model.count_tokens(passage.text)
        if used > budget:
            break
        passages.append(passage)
    urls = list(dict.fromkeys(passage.url for passage in passages))
    sources = [
        Source(number=n, url=url, title="Tides", site="a.example", fetched_at="2026-01-01T00:00:00Z", snippet="")
        for n, url in enumerate(urls, 1)
    ]
    answer = answer_request(
        question,
        turns,
        documents_of(sources, passages, BOUNDARY),
        model,
        today="2026-01-01",
        boundary=BOUNDARY,
        language=language,
        answer_tokens=800,
        searched=True,
    )
    return plan, answer


@pytest.mark.parametrize("owner", ["vllm", "other"])
@pytest.mark.parametrize("chinese", [False, True], ids=["en", "zh"])
async def test_no_request_of_long_conversations_exceeds_4096_tokens(owner: str, chinese: bool) -> None:
    rng = random.Random(f"{owner}{chinese}")
    han_chars = 1.3
    over: list[int] = []
    answers: list[str] = []

    async def chat(wire: Wire) -> None:
        body = server.chats[-1].body
        tokens = counted(body, han_chars)
        if tokens + int(body["max_tokens"]) > WINDOW:
            over.append(tokens + int(body["max_tokens"]))
        answers.append(str(body["messages"][-1]["content"]))
        await saying("none", usage=(tokens, 1))(wire)

    async def listing(wire: Wire) -> None:
        entry = {"id": "megrez", "owned_by": owner, "max_model_len": WINDOW}
        await wire.answer(200, json.dumps({"data": [entry]}))

    async def tokenize(wire: Wire) -> None:
        body = next(seen.body for seen in reversed(server.seen) if seen.path == "/tokenize")
        await wire.answer(200, json.dumps({"count": counted(body, han_chars), "max_model_len": WINDOW}))

    async with FakeServer(replies=[chat], models=listing, tokenize=tokenize) as server:
        model = OpenAICompatibleModel(ModelOptions(base_url=server.base_url, name="megrez"))
        await model.prepare()
        for _ in range(CASES):
            for request in requests_of(model, rng, chinese=chinese):
                async for delta in model.stream(request):
                    last = delta
                assert isinstance(last, Finished)
        await model.aclose()
        assert any(seen.path == "/tokenize" for seen in server.seen) == (owner == "vllm")
    assert over == []
    # The sources keep their numbers, so that the answer keeps its marks.
    cited = [text for text in answers if BOUNDARY in text]
    assert len(cited) >= CASES * 0.6
    assert all(text.count("[1] Tides") == 1 for text in cited)


def words(text: str) -> int:
    return len(text.split())


def asked(*contents: str, max_tokens: int = 50) -> ChatRequest:
    roles = ["user", "assistant"] * len(contents)
    start = len(contents) % 2 == 0
    messages = [Message(role=role, content=text) for role, text in zip(roles[start:], contents, strict=False)]  # type: ignore[arg-type]
    return ChatRequest(messages=tuple(messages), brief=Brief(question=contents[-1]), max_tokens=max_tokens)


def total(request: ChatRequest) -> int:
    return sum(words(message.content) for message in request.messages)


def test_what_fits_is_left_as_it_is() -> None:
    request = asked("one two three")
    assert fit(request, 53, total) is request


def test_the_oldest_turns_go_first_and_in_pairs() -> None:
    request = asked("old " * 30, "said " * 30, "new " * 5, "said " * 5, "now " * 5, max_tokens=20)
    fitted = fit(request, 40, total)
    assert [message.content.split()[0] for message in fitted.messages] == ["new", "said", "now"]
    assert fitted.max_tokens == 20


def test_the_reply_is_shortened_before_anything_is_lost() -> None:
    request = asked("word " * 100, max_tokens=500)
    fitted = fit(request, 300, total)
    assert fitted.messages == request.messages
    assert fitted.max_tokens == 200


def test_a_question_without_end_is_cut_in_the_middle() -> None:
    request = asked("first " + "word " * 1000 + "last")
    fitted = fit(request, 200, total)
    assert fitted.messages[-1].content.startswith("first")
    assert fitted.messages[-1].content.endswith("last")
    assert total(fitted) + fitted.max_tokens <= 200


def test_what_cannot_fit_is_refused() -> None:
    with pytest.raises(ContextTooLong):
        fit(asked("word " * 100), 60, lambda request: 1000)


def test_counts_are_learned_for_chinese_and_for_the_rest_apart() -> None:
    counts = Calibration()
    chinese, english = HAN * 20, "the tide rises again " * 50
    before = counts.count(english)
    counts.learn(chinese, estimated=estimate_tokens(chinese), counted=round(estimate_tokens(chinese) * 1.4))
    assert counts.count(chinese) >= estimate_tokens(chinese) * 1.4
    assert counts.count(english) == before
    for _ in range(30):
        counts.learn(english, estimated=1000, counted=700)
    assert before * 0.69 < counts.count(english) < before * 0.8


VLLM_OVERFLOW = "This model's maximum context length is 2048 tokens. However, your prompt contains at least 2049 input."
LLAMA_OVERFLOW = "This model's maximum context length is 2048 tokens. However, you requested 7515 tokens."


def test_the_window_is_read_out_of_an_error() -> None:
    assert window_in(VLLM_OVERFLOW) == window_in(LLAMA_OVERFLOW) == 2048
    assert window_in("max_tokens=4000 cannot be greater than max_model_len=2048. Please") == 2048
    assert window_in("The input (7000 tokens) is longer than the model's context length (2048 tokens).") == 2048
    assert window_in("too long") is None


@pytest.mark.parametrize("refusal", [failing(400, VLLM_OVERFLOW), failing(400, LLAMA_OVERFLOW)])
async def test_a_refused_request_is_made_shorter_once(refusal: Reply) -> None:
    async with FakeServer(replies=[refusal, saying("ok")], models=failing(404)) as server:
        model = OpenAICompatibleModel(ModelOptions(base_url=server.base_url, name="x", context_tokens=8000))
        request = asked("start " + "word " * 4000 + "end", max_tokens=100)
        heard = [delta async for delta in model.stream(request)]
        sizes = [len(str(seen.body["messages"])) for seen in server.chats]
        assert model.context_tokens == 2048
        await model.aclose()
    assert isinstance(heard[-1], Finished)
    assert len(sizes) == 2
    assert sizes[1] < sizes[0] / 2


async def test_a_second_refusal_is_told() -> None:
    async with FakeServer(replies=[failing(400, VLLM_OVERFLOW)], models=failing(404)) as server:
        model = OpenAICompatibleModel(ModelOptions(base_url=server.base_url, name="x", context_tokens=8000))
        with pytest.raises(ContextTooLong):
            _ = [delta async for delta in model.stream(asked("word " * 4000))]
        await model.aclose()
        assert len(server.chats) == 2


async def test_a_model_that_gets_worse_with_length_has_a_lower_ceiling_unless_told_otherwise() -> None:
    make: Callable[..., OpenAICompatibleModel] = lambda **options: OpenAICompatibleModel(  # noqa: E731
        ModelOptions(base_url="http://127.0.0.1:9/v1", name="minicpm-2b-128k", **options)
    )
    assert make().context_tokens == 16384
    assert make(context_tokens=65536).context_tokens == 65536
