import pytest

from agent.claims import split_claims
from agent.subjects import in_full, subject_of


@pytest.mark.parametrize(
    ("sentence", "subject"),
    [
        ("The Kestrel tower is 87 metres high.", "The Kestrel tower"),
        ("In 1971, the old bridge fell.", ""),
        ("It was built in 1901.", ""),
        ("青篁江全长286公里。", "青篁江"),
        ("其最大支流是白岩溪。", ""),
    ],
)
def test_the_subject_is_what_stands_before_the_verb(sentence: str, subject: str) -> None:
    assert subject_of(sentence) == subject


@pytest.mark.parametrize(
    ("claim", "subject", "full"),
    [
        ("It was built in 1901.", "The Kestrel tower", "The Kestrel tower was built in 1901."),
        ("Its height is 87 m.", "The Kestrel tower", "The Kestrel tower’s height is 87 m."),
        ("Italy has towers.", "The Kestrel tower", "Italy has towers."),
        ("其最大支流是白岩溪。", "青篁江", "青篁江的最大支流是白岩溪。"),
        ("它发源于云笠峰。", "青篁江", "青篁江发源于云笠峰。"),
    ],
)
def test_a_pronoun_is_replaced_by_the_subject_before(claim: str, subject: str, full: str) -> None:
    assert in_full(claim, subject) == full


def test_each_part_of_a_sentence_with_several_marks_is_a_claim_with_its_subject() -> None:
    answer = "The Kestrel tower is 87 metres high [1] and was built in 1901 by the harbour board [2]. It is closed [1]."
    claims = split_claims(answer)
    assert [claim.citations for claim in claims] == [(1,), (2,), (1,)]
    assert claims[1].full == "The Kestrel tower was built in 1901 by the harbour board."
    assert claims[2].full == "The Kestrel tower is closed."


def test_the_head_row_of_a_table_is_not_checked() -> None:
    head, row = split_claims("| name | size |\n|---|---|\n| tower | 87 m [1] |")
    assert (head.checkable, row.checkable) == (False, True)
