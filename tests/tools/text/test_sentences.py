from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.sentences import last_sentence_end, sentence_spans, sentences

MIXED = st.text(alphabet=st.sampled_from(list("ab C.!?。！？；\n |[1]\"'”）3年的Dr ")), max_size=200)


@given(st.one_of(st.text(max_size=300), MIXED))
def test_spans_are_ordered_disjoint_and_slice_back(text: str) -> None:
    spans = sentence_spans(text)
    assert [text[start:end] for start, end in spans] == sentences(text)
    for start, end in spans:
        assert start < end
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@given(st.one_of(st.text(max_size=300), MIXED))
def test_nothing_but_white_space_is_left_out(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Dr. Smith. She left.", ["He met Dr. Smith.", "She left."]),
        ("Prices rose 3.5 percent. No. 5 fell.", ["Prices rose 3.5 percent.", "No. 5 fell."]),
        ("Is it true? No. It is not.", ["Is it true?", "No.", "It is not."]),
        ("J. Doe wrote it in the U.S. The book sold well.", ["J. Doe wrote it in the U.S.", "The book sold well."]),
        ("The U.S. Army came at 3 p.m. on Jan. 5.", ["The U.S. Army came at 3 p.m. on Jan. 5."]),
        ("Acme Inc. makes bolts. It is old.", ["Acme Inc. makes bolts.", "It is old."]),
        ("It is so.[1] It is not [2].", ["It is so.[1]", "It is not [2]."]),
        ("It is so. [1][2] It is not.", ["It is so. [1][2]", "It is not."]),
        ('"Really?" he asked. "Yes!"', ['"Really?" he asked.', '"Yes!"']),
        ("1. Install it. Then run it.", ["1. Install it.", "Then run it."]),
        ("It was built in 1999. It burned.", ["It was built in 1999.", "It burned."]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("真的？！是的。", ["真的？！", "是的。"]),
        ("共12人。[1]其余不明。【2】", ["共12人。[1]", "其余不明。【2】"]),
        ("增长3.5%。v2.0版本发布。", ["增长3.5%。", "v2.0版本发布。"]),
        ("A heading\nA line. Another.", ["A heading", "A line.", "Another."]),
        ("| Dr. A. B | one. Two |\nNext.", ["| Dr. A. B | one. Two |", "Next."]),
    ],
)
def test_sentences_are_told_apart(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.one_of(st.text(max_size=200), MIXED), st.integers(0, 100), st.integers(0, 200))
def test_the_last_end_lies_in_the_part_asked_about(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    found = last_sentence_end(text, start, end)
    assert found is None or start < found <= end


def test_the_last_end_is_a_true_one() -> None:
    text = "One is here. Two came with Dr. Smith and more"
    assert last_sentence_end(text, 0, len(text)) == len("One is here.")
    assert last_sentence_end("无标点", 0, 3) is None


@pytest.mark.parametrize("piece", [".", "!?", "…", ". ", "a.b"])
def test_a_long_run_of_signs_is_read_at_once(piece: str) -> None:
    from time import process_time

    started = process_time()
    sentence_spans("…" + piece * (16_000 // len(piece)) + "5 [1]")  # 9 s when each sign was tried anew
    assert process_time() - started < 1.0
