from agent.answer import Source
from agent.early import EarlyCheck
from agent.events import AnswerDelta, EventBase
from agent.verify import Evidence


def test_finished_sentences_are_judged_while_the_rest_streams_and_every_event_is_passed_on() -> None:
    told: list[EventBase] = []
    early = EarlyCheck()
    source = Source(number=1, url="u", title="", site="", fetched_at="", snippet="")
    early.begin([Evidence(number=1, url="u", start=0, text="The tower is 87 metres high.")], [source], "")
    hear = early.listening(told.append)
    for text in ("The tower is 87 metres", " high [1]. It was", " built in 1901"):
        hear(AnswerDelta(text=text))
    assert len(told) == 3
    assert early.verifier is not None
    # Asked again, the verdict is the very object that was kept.
    assert early.verifier.judge("The tower is 87 metres high.", {1}) is early.verifier.judge(
        "The tower is 87 metres high.", {1}
    )
    assert len(early.verifier._known) == 1


def test_without_evidence_nothing_is_judged() -> None:
    early = EarlyCheck()
    early.begin([], [], "")
    early.listening(lambda _: None)(AnswerDelta(text="All is well. It is."))
    assert early.verifier is None
