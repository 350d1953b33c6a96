"""Pictures and recordings through a whole run: put into words, searched for, remembered, and never stored."""

from collections.abc import AsyncGenerator, Sequence
from typing import Any

import pytest

from agent.events import AttachmentsDescribed, RunCompleted, RunFailed
from agent.options import AskOptions
from agent.rows import pack_options
from agent.run import Agent
from model_backend import Attachment, ChatRequest, Delta
from model_backend.attachments import AttachmentRefused, check_against, make_attachment
from model_backend.errors import ModelTimeout
from model_backend.profiles import load_profile
from tests.doubles import FakeReader, FakeSearcher, Reply, SayingModel, make_agent, searches_for
from tests.files import PNG, wav

SHOWN = "A red tower with the sign Kestrel."
ANSWER = "The Kestrel tower is 87 metres high [1]."
PICTURE, RECORDING = make_attachment(PNG), make_attachment(wav(2))


class Seeing(SayingModel):
    """Describes, decides and answers by what it is asked."""

    def __init__(self, shown: Reply = SHOWN, decided: Reply = "none", answer: Reply = ANSWER) -> None:
        super().__init__("")
        self.shown, self.decided, self.answer = shown, decided, answer

    async def check_files(self, files: Sequence[Attachment]) -> None:
        check_against(files, load_profile("megrez-3b-omni"))

    def stream(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        described = not request.tools and len(request.messages) == 1
        self.replies = [self.shown if described else self.decided if request.tools else self.answer]
        return super().stream(request)


def searching() -> Seeing:
    return Seeing(decided=searches_for("Kestrel tower height"))


async def test_what_a_picture_shows_becomes_part_of_the_question_and_of_the_answer() -> None:
    model, searcher = searching(), FakeSearcher()
    options = AskOptions(depth="quick", attachments=(PICTURE,))
    answer = await make_agent(model, searcher=searcher).ask("How high is it?", options)
    described, planned, written = model.requests
    assert described.messages[0].attachments == (PICTURE,)
    assert SHOWN in planned.messages[-1].content
    assert any("Kestrel" in request.query for request in searcher.requests)
    assert written.messages[-1].attachments == ()
    assert (answer.question, answer.answer) == ("How high is it?", ANSWER)
    assert [(note.media_type, note.bytes, note.words) for note in answer.attachments] == [
        ("image/png", len(PNG), SHOWN)
    ]
    assert answer.usage.input_tokens == 30


async def test_a_recording_alone_is_the_question_and_is_answered_in_its_language() -> None:
    model = Seeing(shown="红隼塔有多高？", decided=searches_for("红隼塔 高度"), answer="红隼塔高 87 米 [1]。")
    from agent.attached import default_question

    question = default_question([RECORDING])
    answer = await make_agent(model).ask(question, AskOptions(attachments=(RECORDING,)))
    assert answer.language == "zh"
    assert "红隼塔有多高？" in model.requests[1].messages[-1].content
    assert question not in model.requests[1].messages[-1].content


async def test_a_question_about_the_picture_alone_is_answered_by_looking_at_it() -> None:
    model = Seeing(answer="It is red.")
    answer = await make_agent(model).ask(
        "Translate what stands on it", AskOptions(search="never", attachments=(PICTURE,))
    )
    assert model.requests[-1].messages[-1].attachments == (PICTURE,)
    assert answer.answer == "It is red."


async def test_a_model_that_reads_only_refuses_before_anything_is_stored_or_sent() -> None:
    model = SayingModel("x")
    agent = make_agent(model)
    with pytest.raises(AttachmentRefused, match="takes no pictures") as caught:
        await agent.ask("What is it?", AskOptions(attachments=(PICTURE,)))
    assert "megrez-3b-omni" in caught.value.remedy
    assert model.requests == []
    assert await agent.threads.list() == []


async def test_nothing_of_a_file_is_stored_but_a_note() -> None:
    large = make_attachment(PNG + b"0" * 100_000)
    packed = pack_options(AskOptions(attachments=(large,)))
    assert len(packed) < 500
    agent = make_agent(searching())
    answer = await agent.ask("How high?", AskOptions(attachments=(large,)))
    thread = await agent.threads.read(answer.thread_id)
    assert [(note.media_type, note.bytes) for note in thread.runs[0].options.attached] == [("image/png", 100_028)]
    assert thread.runs[0].options.attachments == ()


async def test_the_next_question_knows_what_was_seen() -> None:
    model = searching()
    agent = make_agent(model)
    first = await agent.ask("How high is it?", AskOptions(attachments=(PICTURE,)))
    await agent.ask("And when was it built?", AskOptions(thread_id=first.thread_id))
    assert any(SHOWN in message.content for message in model.requests[-1].messages[:-1])


async def test_an_address_in_a_picture_is_not_opened() -> None:
    reader = FakeReader()
    model = Seeing(shown="A poster that says http://evil.example/steal?q=1", decided=searches_for("poster"))
    await make_agent(model, reader=reader).ask("What is it?", AskOptions(attachments=(PICTURE,)))
    assert not [url for url in reader.reads if "evil" in url]
    assert "evil.example" not in model.requests[1].messages[-1].content


@pytest.mark.parametrize("shown", ["  ", ModelTimeout("No token came.")])
async def test_a_picture_that_nobody_describes_ends_the_run_with_a_reason(shown: Reply) -> None:
    events = [event async for event in make_agent(Seeing(shown=shown)).stream("?", AskOptions(attachments=(PICTURE,)))]
    assert isinstance(last := events[-1], RunFailed)
    assert last.problem.code in ("model-malformed-reply", "model-timeout")


async def test_the_description_is_told_before_the_plan() -> None:
    agent = make_agent(searching())
    events: list[Any] = [event async for event in agent.stream("How high?", AskOptions(attachments=(PICTURE,)))]
    assert [type(event).__name__ for event in events[:3]] == ["RunStarted", "AttachmentsDescribed", "QueriesPlanned"]
    assert isinstance(told := events[1], AttachmentsDescribed)
    assert told.attachments[0].words == SHOWN


async def test_a_run_cut_off_after_the_description_goes_on_and_one_before_it_says_why_not() -> None:
    for told_first, wanted in ((True, "completed"), (False, "failed")):
        agent = make_agent(searching())
        run_id = await _cut_off(agent, after_description=told_first)
        events = [event async for event in agent.resume(run_id)]
        assert events[-1].type == f"run.{wanted}"
        if isinstance(last := events[-1], RunFailed):
            assert last.problem.code == "run-not-resumable"
        elif isinstance(last, RunCompleted):
            assert last.answer.attachments[0].words == SHOWN


async def _cut_off(agent: Agent, *, after_description: bool) -> str:
    events = agent.stream("How high is it?", AskOptions(attachments=(PICTURE,)))
    async for event in events:
        if event.type == ("results.found" if after_description else "run.started"):
            await agent.threads.end(event.run_id, "interrupted")
            await events.aclose()
            return event.run_id
    raise AssertionError("the run ended")
