import pytest

from agent.verify.evidence import Evidence
from agent.verify.judge import judge_with_model
from model_backend import ToolCall, ToolCalled
from model_backend.errors import MalformedReply, ModelTimeout
from tests.doubles import SayingModel

EVIDENCE = [Evidence(number=1, url="u", start=0, text="The tower is 87 metres high.")]


async def test_a_verdict_given_as_a_call_or_as_text_is_read() -> None:
    call = ToolCall(id="1", name="give_verdict", arguments={"verdict": "supported", "confidence": 0.9, "reason": ""})
    by_call = await judge_with_model(SayingModel([ToolCalled(call)]), "It is high.", EVIDENCE, timeout_s=1)
    assert (by_call.verdict, by_call.score) == ("supported", 0.95)
    said = 'Sure: {"verdict": "contradicted", "confidence": 1, "reason": "it is low"}'
    by_text = await judge_with_model(SayingModel(said), "It is high.", EVIDENCE, timeout_s=1)
    assert (by_text.verdict, by_text.score, by_text.reason) == ("contradicted", 0.0, "it is low")


@pytest.mark.parametrize(
    "said", ["yes", '{"verdict": "true", "confidence": 1}', '{"verdict": "supported"}', "{broken}"]
)
async def test_anything_else_is_no_verdict(said: str) -> None:
    with pytest.raises(MalformedReply):
        await judge_with_model(SayingModel(said), "It is high.", EVIDENCE, timeout_s=1)


async def test_a_model_that_hangs_is_given_up() -> None:
    with pytest.raises(ModelTimeout):
        await judge_with_model(SayingModel("a b c", delay_s=5), "It is high.", EVIDENCE, timeout_s=0.05)
