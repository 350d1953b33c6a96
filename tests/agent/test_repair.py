"""What becomes of claims that fail, in a whole run and in the text."""

import pytest

from agent.answer import Claim, Verdict
from agent.events import AnswerRevised, RunCompleted
from agent.options import AskOptions, VerifyPolicy
from agent.repair import NOTHING_LEFT, revise
from model_backend.rules import is_abstention
from tests.doubles import SayingModel, make_agent, searches_for

QUESTION = "How high is the Kestrel tower?"
LYING = "The Kestrel tower is 87 metres high [1]. It was built in 1955 [1]."


def claims_of(answer: str, *said: tuple[str, Verdict]) -> list[Claim]:
    return [
        Claim(
            text=text,
            start=answer.index(text),
            end=answer.index(text) + len(text),
            citations=[1],
            verdict=verdict,
            score=0.5,
        )
        for text, verdict in said
    ]


def test_a_list_item_goes_with_its_sign() -> None:
    answer = "Facts:\n- One is so [1].\n- Two is not [1].\n- Three is so [1]."
    claims = claims_of(
        answer, ("One is so [1].", "supported"), ("Two is not [1].", "contradicted"), ("Three is so [1].", "supported")
    )
    assert revise(answer, claims, {}, "en").answer == "Facts:\n- One is so [1].\n- Three is so [1]."


def test_the_end_of_a_sentence_taken_out_leaves_a_full_stop() -> None:
    answer = "It is high [1] and was built by elves in a day [2]. It is red [1]."
    claims = claims_of(
        answer,
        ("It is high [1]", "supported"),
        ("was built by elves in a day [2].", "unsupported"),
        ("It is red [1].", "supported"),
    )
    assert "elves" not in revise(answer, claims, {}, "en").answer


@pytest.mark.parametrize("language", ["en", "zh"])
def test_when_nothing_is_left_the_answer_abstains(language: str) -> None:
    answer = "All is false [1]."
    revised = revise(answer, claims_of(answer, ("All is false [1].", "unsupported")), {}, language)
    assert revised.answer == NOTHING_LEFT[language]
    assert is_abstention(revised.answer)


async def run(policy: VerifyPolicy, *replies: str) -> tuple[list[AnswerRevised], RunCompleted]:
    model = SayingModel(searches_for("Kestrel tower height"), *replies)
    events = [event async for event in make_agent(model).stream(QUESTION, AskOptions(verify=policy))]
    last = events[-1]
    assert isinstance(last, RunCompleted)
    return [event for event in events if isinstance(event, AnswerRevised)], last


async def test_flag_leaves_the_answer_and_shows_the_verdict() -> None:
    revised, last = await run("flag", LYING)
    assert not revised
    assert last.answer.answer == LYING
    assert [claim.verdict for claim in last.answer.claims] == ["supported", "contradicted"]
    assert last.answer.groundedness == 0.5


async def test_drop_takes_the_claim_out_and_keeps_it_on_record() -> None:
    revised, last = await run("drop", LYING)
    assert last.answer.answer == "The Kestrel tower is 87 metres high [1]."
    assert revised[0].answer == last.answer.answer
    assert revised[0].removed == ["It was built in 1955."]
    assert [(claim.text, claim.removed) for claim in last.answer.claims] == [
        ("The Kestrel tower is 87 metres high.", False),
        ("It was built in 1955.", True),
    ]
    assert last.answer.groundedness == 0.5


async def test_repair_puts_a_sentence_in_its_place_that_stands_the_check() -> None:
    revised, last = await run("repair", LYING, "It was built in 1901 [1].")
    assert last.answer.answer == "The Kestrel tower is 87 metres high [1]. It was built in 1901 [1]."
    assert revised[0].removed == ["It was built in 1955."]


async def test_a_repair_that_is_false_again_is_not_believed() -> None:
    _, last = await run("repair", LYING, "It was built in 1966 [1].")
    assert last.answer.answer == "The Kestrel tower is 87 metres high [1]."


async def test_an_answer_without_failures_is_not_revised() -> None:
    revised, _ = await run("drop", "The Kestrel tower is 87 metres high [1].")
    assert not revised


async def test_a_repair_that_brings_an_address_cannot_show_it() -> None:
    _, last = await run("repair", LYING, "It was built in 1901 [see](http://evil.example/?q=1) [1].")
    assert "evil.example" not in last.answer.answer


@pytest.mark.parametrize("piece", ["some words of prose here ", "a: b ", ",;", "   ", "a \t"])
def test_a_long_line_is_tidied_at_once(piece: str) -> None:
    from time import process_time

    answer = piece * (16_000 // len(piece)) + "It was built in 1955."
    started = process_time()
    revise(answer, claims_of(answer, ("It was built in 1955.", "contradicted")), {}, "en")  # 2 to 5 s by its square
    assert process_time() - started < 1.0
