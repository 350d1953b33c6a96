"""Several layers together: how their opinions are pooled, and what a run makes of them."""

from collections.abc import Sequence
from contextlib import AsyncExitStack

import pytest

from agent.answer import Answer
from agent.errors import Misconfigured
from agent.open_layers import open_layers
from agent.settings import VerifySettings
from agent.verify import Support
from agent.verify.judge import ModelJudge
from agent.verify.opinion import Layer, Opinion, Pair, pooled
from tests.doubles import SayingModel, make_agent, searches_for

QUESTION = "How high is the Kestrel tower?"
TRUE = "The Kestrel tower is 87 metres high [1]. It was built in 1901 [1]."
YES, NO = Opinion(supported=0.95), Opinion(supported=0.02, contradicted=0.9, reason="it says otherwise")


def support(score: float, *, firm: bool = False) -> Support:
    return Support(verdict="supported" if score >= 0.5 else "unsupported", score=score, reason="words", firm=firm)


def test_without_opinions_the_classifier_decides() -> None:
    assert pooled(support(0.7), [], threshold=0.5) == support(0.7)


def test_layers_of_one_mind_are_surer_than_either_of_two_minds_is() -> None:
    together = pooled(support(0.8), [YES], threshold=0.5)
    apart = pooled(support(0.8), [NO], threshold=0.5)
    assert (together.verdict, apart.verdict, apart.reason) == ("supported", "contradicted", "it says otherwise")
    assert together.score > 0.8 > apart.score


def test_no_layer_decides_alone_however_sure_it_is() -> None:
    certain = Opinion(supported=1.0)
    assert pooled(support(0.02), [certain, NO], threshold=0.5).verdict != "supported"
    assert pooled(support(0.9), [Opinion(supported=0.0), YES], threshold=0.5).verdict == "supported"


def test_a_plain_difference_stands_against_every_opinion() -> None:
    assert pooled(support(0.1, firm=True), [YES, YES], threshold=0.5).verdict == "unsupported"
    assert pooled(support(0.1, firm=True), [YES], threshold=0.5, classifier=False).verdict == "supported"


class Says:
    """A layer with one opinion."""

    name = "model"

    def __init__(self, opinion: Opinion | None) -> None:
        self.opinion = opinion
        self.asked: list[Pair] = []

    async def opinions(self, pairs: Sequence[Pair], *, timeout_s: float) -> list[Opinion | None]:
        self.asked += pairs
        return [self.opinion] * len(pairs)

    async def aclose(self) -> None:
        """Nothing to give back."""


async def answered(*layers: Layer) -> Answer:
    return await make_agent(SayingModel(searches_for("Kestrel tower height"), TRUE), layers=layers).ask(QUESTION)


async def test_a_run_asks_each_layer_once_about_every_claim_and_its_evidence() -> None:
    layer = Says(NO)
    answer = await answered(layer, Says(NO))
    assert [claim.verdict for claim in answer.claims] == ["contradicted", "contradicted"]
    assert len(layer.asked) == len(set(layer.asked))
    assert {pair.claim for pair in layer.asked} >= {"The Kestrel tower is 87 metres high."}
    assert all("87 metres" in pair.evidence or "1901" in pair.evidence for pair in layer.asked)


async def test_a_layer_that_says_nothing_is_told_of_and_changes_nothing() -> None:
    answer = await answered(Says(None))
    assert [claim.verdict for claim in answer.claims] == ["supported", "supported"]
    assert any("check by model" in warning for warning in answer.warnings)


async def test_the_model_as_judge_is_asked_for_each_pair_and_a_broken_verdict_is_none() -> None:
    said = ['{"verdict": "supported", "confidence": 0.8, "reason": ""}', "I cannot say."]
    found = await ModelJudge(SayingModel(*said)).opinions([Pair("a", "b"), Pair("c", "d")], timeout_s=5)
    assert sorted(one.supported for one in found if one) == [0.9]


@pytest.mark.parametrize("settings", [{"layers": []}, {"layers": ["cross_encoder"]}])
async def test_layers_that_cannot_be_are_refused(settings: dict[str, list[str]]) -> None:
    async with AsyncExitStack() as stack:
        with pytest.raises(Misconfigured):
            open_layers(VerifySettings.model_validate(settings), SayingModel(""), stack)
