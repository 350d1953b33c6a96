"""Questions of how two things differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.compared import compared, tells_apart


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("What is the difference between a tug and a ferry?", ("What is a tug?", "What is a ferry?")),
        (
            "what's different between a berth and a pier in Moor?",
            ("What is a berth in Moor?", "What is a pier in Moor?"),
        ),
        ("How does the moor differ from moor-get?", ("What is moor?", "What is moor-get?")),
        ("How are piers different from quays?", ("What is piers?", "What is quays?")),
        ("tug vs. ferry in Moor", ("What is tug in Moor?", "What is ferry in Moor?")),
        ("tug vs ferry in Moor, which one pulls?", ("What is tug in Moor?", "What is ferry in Moor?")),
        ("compare a tug with a ferry", ("What is a tug?", "What is a ferry?")),
        ("the differences between Moor 2 and 3", ("What is Moor 2?", "What is Moor 3?")),
        ("difference between the TERM and KILL signals", ("What is TERM signals?", "What is KILL signals?")),
        ("tug vs ferry on a lake", ("What is tug in a lake?", "What is ferry in a lake?")),
        ("Moor 的泊位和码头有什么区别？", ("Moor 的 泊位 是什么？", "Moor 的 码头 是什么？")),
        ("软链接与硬链接的不同", ("软链接 是什么？", "硬链接 是什么？")),
        ("MOOR_TUG 跟 MOOR_FERRY 到底差在哪儿？", ("MOOR_TUG 是什么？", "MOOR_FERRY 是什么？")),
        ("泊位和码头哪里不一样", ("泊位 是什么？", "码头 是什么？")),
        ("泊位和码头怎么区分？", ("泊位 是什么？", "码头 是什么？")),
        ("合同和协议怎么区分？", ("合同 是什么？", "协议 是什么？")),
        ("拖船和渡船这两种船有什么区别", ("拖船 是什么？", "渡船 是什么？")),
        ("港口的 tug 和 ferry 两种船有什么区别", ("港口 的 tug 船 是什么？", "港口 的 ferry 船 是什么？")),
    ],
)
def test_each_of_the_two_is_asked_for(question: str, sides: tuple[str, str]) -> None:
    assert compared(question) == sides


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference?",
        "Why do they differ from the plan of the harbour?",
        "What is the difference between a tug and a tug?",
        "Compare the sizes of boats",
        "What is the difference between tugs and ferries, and when were they built?",
        "他和她有不同意见吗？",
        "What is the difference between -> and ->>?",
        "What is a ferry?",
        "",
    ],
)
def test_other_questions_compare_nothing(question: str) -> None:
    assert compared(question) is None


def test_a_contrast_is_said_in_words_or_in_asides() -> None:
    assert tells_apart("A tug pulls, whereas a ferry carries.")
    assert tells_apart("There are tugs (small and strong) and ferries (large and slow).")
    assert not tells_apart("A tug and a ferry (both wet) moor here.")


@given(st.text(alphabet="ab 和与的vs区别有什么different between and?", max_size=200))
def test_what_is_compared_is_in_the_question(question: str) -> None:
    sides = compared(question)
    assert sides is None or sides[0] != sides[1]
