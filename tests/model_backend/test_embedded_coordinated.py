"""Questions about two things at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_backend.embedded.coordinated import coordinated


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("2021年和2022年的渔获量", ("2021年的渔获量", "2022年的渔获量")),
        ("How many boats were sold in 2021 and 2022?", ("How many boats were sold in 2021?", "… in 2022?")),
        ("北港和南港的人口分别是多少？", ("北港的人口是多少？", "南港的人口是多少？")),
        ("C港和渔村分别属于哪个省？", ("C港属于哪个省？", "渔村属于哪个省？")),
        ("船的最大行数和最大列数分别是多少？", ("船的最大行数是多少？", "船的最大列数是多少？")),
        ("物理学奖和化学奖得主分别是谁", ("物理学奖得主是谁", "化学奖得主是谁")),
    ],
)
def test_each_of_the_two_is_asked_alone(question: str, sides: tuple[str, str]) -> None:
    first, second = sides
    assert coordinated(question) == (first, second.replace("… in", "How many boats were sold in"))


@pytest.mark.parametrize(
    "question",
    [
        "从2021年到2022年的渔获量",
        "What sank between 2021 and 2022?",
        "他和她的船在哪里？",
        "分别是谁？",
        "船" * 100_000 + "分别",
        "",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert coordinated(question) is None


@given(st.text(alphabet="甲乙丙和与分别是多少年2021 and", max_size=40))
def test_any_text_gives_two_questions_or_none(question: str) -> None:
    found = coordinated(question)
    assert found is None or len(found) == 2
