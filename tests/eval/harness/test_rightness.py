import pytest

from eval.harness.declining import declines
from eval.harness.rightness import Abstains, Holds, NamesChoice, Nearer


def test_a_number_must_stand_free_to_be_held() -> None:
    right = Holds((("70",),))
    assert right.is_right("共有70个议席。[1]", abstained=False)
    assert not right.is_right("共有170个议席。", abstained=False)
    assert not right.is_right("They are many [70].", abstained=False)


def test_strict_match_wants_every_gold_answer_and_no_wrong_one() -> None:
    right = Holds((("Kestrel Bay",), ("Harrowick",)), forbidden=("Port Ansley",))
    assert right.is_right("Kestrel Bay and Harrowick.", abstained=False)
    assert not right.is_right("Kestrel Bay.", abstained=False)
    assert not right.is_right("Kestrel Bay, Harrowick or Port Ansley.", abstained=False)
    assert not right.is_right("Kestrel Bay and Harrowick.", abstained=True)


def test_an_answer_that_names_two_choices_names_none() -> None:
    right = NamesChoice(("Kestrel Bay", "Harrowick"), "Harrowick")
    assert right.is_right("It was Harrowick [1].", abstained=False)
    assert not right.is_right("It was Harrowick or Kestrel Bay.", abstained=False)
    assert not right.is_right("It was Harrowick.", abstained=True)


def test_a_choice_within_a_longer_one_is_not_named_by_it() -> None:
    right = NamesChoice(("Ansley", "Port Ansley"), "Port Ansley")
    assert right.is_right("It was Port Ansley.", abstained=False)
    assert not right.is_right("It was Ansley.", abstained=False)


@pytest.mark.parametrize(
    ("answer", "abstained", "expected"),
    [
        ("None of the above.", False, True),
        ("I could not find it.", True, True),
        ("It was Port Ansley.", False, True),
        ("It was Harrowick.", False, False),
    ],
)
def test_where_the_right_choice_is_gone_none_of_the_others_may_be_named(
    answer: str, abstained: bool, expected: bool
) -> None:
    assert NamesChoice(("Kestrel Bay", "Harrowick"), None).is_right(answer, abstained=abstained) is expected


def test_an_answer_is_judged_by_the_reference_it_is_nearest_to() -> None:
    right = Nearer(good=("猫不会说话。",), bad=("猫在满月时会说话。", "猫会唱歌。"))
    assert right.is_right("猫不会说话的。", abstained=False)
    assert not right.is_right("满月时猫会说话。", abstained=False)
    assert not right.is_right("猫不会说话。", abstained=True)


def test_abstaining_is_right_where_there_is_nothing_to_find() -> None:
    assert Abstains().is_right("", abstained=True)
    assert not Abstains().is_right("It is 87 metres.", abstained=False)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I don’t have the pages needed to answer.",
        "The provided context does not say so.",
        "I could not find an answer to this.",
        "我不知道。",
        "抱歉，我无法回答这个问题。",
        "The embedded model knows nothing by itself: it only quotes pages.",
    ],
)
def test_an_answer_that_says_it_has_none_declines(text: str) -> None:
    assert declines(text)


@pytest.mark.parametrize("text", ["Kestrel Bay.", "It is 87 metres high; I don't know its age [1].", "红隼塔高87米。"])
def test_an_answer_that_says_something_does_not_decline(text: str) -> None:
    assert not declines(text)
