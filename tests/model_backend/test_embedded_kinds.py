"""The kind of answer that a question asks for."""

import pytest

from model_backend.embedded.kinds import kind_of
from model_backend.embedded.measures import holds_measure, measure_of, names_unit


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("While away, how do I find boats whose owners are gone?", "how_to"),
        ("Whose boat lies there?", "person"),
        ("Into the log, whose name is written?", "person"),
        ("To whom does it belong?", "person"),
        ("What is a window function?", "definition"),
        ("What is the command that ties a boat?", "code"),
        ("Is there a tool that paints boats?", "code"),
        ("有没有工具能画船？", "code"),
        ("系船的命令是什么？", "code"),
        ("What boats may I tie to a pier?", "list"),
        ("What size can a boat be?", "number"),
        ("谁都能系船，怎么让别人解不开？", "how_to"),
        ("船系好了怎么还会漂走？", "why"),
        ("船怎么没回来？", "why"),
        ("怎么还原一条船？", "how_to"),
        ("绳子断了船会怎么样？", "any"),
        ("绳子断了怎么样接上？", "how_to"),
        ("想去中间的几个泊位，该选哪种绳子", "any"),
        ("港口有几个泊位？", "number"),
        ("港口有几个泊位？哪个最大？", "number"),
        ("欠的钱怎么还？", "how_to"),
        ("船票怎么会员积分兑换", "how_to"),
        ("港口现在怎么样了？", "any"),
        ("这条船怎么样，值得买吗？", "yes_no"),
        ("Which bus can I take to the pier?", "any"),
        ("船是谁系的？", "person"),
        ("The boat sank yesterday. Why did it sink?", "why"),
        ("In which release of Moor did ropes first appear?", "version"),
        ("Moor 从哪个版本开始有绳子？", "version"),
        ("What is the release date of Moor?", "date"),
        ("What changed in version 3.8 of Moor?", "any"),
        ("What does the new release bring?", "any"),
        ("哪个出版社出版了这本书？", "any"),
        ("Moor 的最新版本号是多少？", "version"),
        ("What do you call a boat without a rope?", "term"),
        ("没有绳子的船叫什么？", "term"),
        ("系船的工具叫什么？", "code"),
        ("moor default berth size", "number"),
        ("moor max boats port", "number"),
        ("moor default encoding", "any"),
    ],
)
def test_the_kind_of_answer_is_told_by_the_words_that_ask(question: str, kind: str) -> None:
    assert kind_of(question) == kind


def test_a_depth_may_be_counted_in_levels() -> None:
    shape = measure_of("How deep may JSON be nested?")
    assert shape is not None
    assert holds_measure(shape, "more than 2000 levels of nesting")
    assert not holds_measure(shape, "in 2000 the tables")


def test_a_time_may_stand_apart_from_its_unit() -> None:
    shape = measure_of("How long does it wait?")
    assert shape is not None
    assert names_unit(shape, "number of seconds to wait (default: 900)")
    assert not names_unit(shape, "number of boats to wait for (default: 900)")


def test_how_many_times_larger_is_told_in_times() -> None:
    shape = measure_of("How many times larger is the pier than the boat?")
    assert shape is not None
    assert holds_measure(shape, "608 times as large")
    assert not holds_measure(shape, "2% larger")
    assert measure_of("How many times a day does the ferry leave?") is None
