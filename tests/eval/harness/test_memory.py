from pathlib import Path

import pytest

from eval.harness.memory import RememberedModel
from eval.harness.witness import Witness
from model_backend import Brief, ChatRequest, Delta, Document, Message, Noted, ToolCall, ToolCalled
from model_backend.embedded.model import EmbeddedModel
from model_backend.errors import ModelUnreachable
from tests.doubles import SayingModel

CALL = ToolCalled(ToolCall(id="c1", name="search_web", arguments={"query": "塔"}))


def request(words: str = "Hello", boundary: str = "=== 0123456789abcdef ===") -> ChatRequest:
    content = f"{words}\n{boundary}\nsource\n{boundary}"
    return ChatRequest(messages=(Message(role="user", content=content),), brief=Brief(question=words))


async def said(model: RememberedModel, one: ChatRequest) -> list[Delta]:
    return [delta async for delta in model.stream(one)]


async def test_the_same_call_is_made_once_and_gives_the_same_deltas(tmp_path: Path) -> None:
    saying = SayingModel([CALL, Noted("An odd server.")], "Another reply.", delay_s=0.01)
    model = RememberedModel(saying, tmp_path / "replies.sqlite", scope="a")
    first = await said(model, request())
    assert model.kept_s(request("Goodbye")) == 0
    assert model.kept_s(request()) >= 0.02
    again = await said(model, request(boundary="=== fedcba9876543210 ==="))
    assert first[0] == CALL
    assert again == first
    assert len(saying.requests) == 1
    await said(model, request("Goodbye"))
    assert len(saying.requests) == 2
    await model.aclose()


async def test_what_was_kept_outlives_the_program_and_belongs_to_its_scope(tmp_path: Path) -> None:
    path = tmp_path / "replies.sqlite"
    first = RememberedModel(SayingModel("One."), path, scope="seed 0")
    kept = await said(first, request())
    await first.aclose()
    later, other = (RememberedModel(SayingModel("Two."), path, scope=scope) for scope in ("seed 0", "seed 1"))
    assert await said(later, request()) == kept
    assert await said(other, request()) != kept
    await later.aclose()
    await other.aclose()


async def test_a_reply_that_broke_off_is_not_kept(tmp_path: Path) -> None:
    saying = SayingModel(ModelUnreachable("Nobody answers."), "Here I am.")
    model = RememberedModel(saying, tmp_path / "replies.sqlite", scope="")
    with pytest.raises(ModelUnreachable):
        await said(model, request())
    assert len(await said(model, request())) > 1
    await model.aclose()


async def test_a_witness_keeps_what_the_answer_was_written_from() -> None:
    def shown(text: str) -> ChatRequest:
        document = Document(number=1, title="Tower", url="http://t.example/", site="", published=None, text=text)
        brief = Brief(question="How high is the tower?", documents=(document,), searched=True)
        return ChatRequest(messages=(), brief=brief)

    witness = Witness(EmbeddedModel())
    for text in ("The tower is 87 metres high.", "A sentence rewritten later."):
        async for _ in witness.stream(shown(text)):
            pass
    assert witness.shown == (("http://t.example/", "The tower is 87 metres high."),)
    assert witness.confidence is not None
    assert 0 <= witness.confidence <= 1
