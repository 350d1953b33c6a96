import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.prefilter import CELL_CHARS, SNAP_CHARS, _cells_with, _cells_with_any, promising_spans

PAGES = st.lists(st.builds(lambda line, n: (line + "\n") * n, st.text(max_size=60), st.integers(0, 200)), max_size=4)


@given(PAGES, st.text(max_size=30), st.integers(0, 5_000))
def test_spans_are_ordered_disjoint_and_bounded(texts: list[str], question: str, max_chars: int) -> None:
    found = promising_spans(texts, [question], max_chars=max_chars)
    assert len(found) == len(texts)
    for text, spans in zip(texts, found, strict=True):
        assert all(0 <= start < end <= len(text) for start, end in spans)
        assert all(one[1] <= other[0] for one, other in pairwise(spans))
    kept = sum(end - start for spans in found for start, end in spans)
    # Every kept cell may grow to whole blocks and one that it announces, and the first of each page is kept always.
    assert kept <= (max_chars / CELL_CHARS + len(texts)) * (CELL_CHARS + 3 * SNAP_CHARS)


@given(
    st.lists(st.tuples(st.sampled_from(["tower", "Tower", "power", "ower", "T", "ttower"]), st.integers(0, 1_200))),
    st.sampled_from([("tower", "Tower"), ("Tower",), ("tow", "Tow")]),
    st.integers(0, 5_000),
)
def test_both_cases_are_found_in_one_search(words: list[tuple[str, int]], spellings: tuple[str, ...], end: int) -> None:
    text = "".join(word + " " * gap for word, gap in words)
    assert _cells_with_any(text, spellings, end) == {
        cell for spelling in spellings for cell in _cells_with(text, spelling, end)
    }


def test_short_pages_are_kept_whole() -> None:
    assert promising_spans(["abc", "", "de"], ["x"]) == [[(0, 3)], [], [(0, 2)]]


def test_the_place_with_the_answer_is_kept_whatever_its_depth() -> None:
    filler = "Nothing of note was said here, and the day went on as before.\n" * 4_000
    for answer, question in [
        ("The zeppelin landed on the town hall.", "Where did the zeppelin land?"),
        ("Studies of U.S. rivers began then.", "When did studies of rivers begin?"),
        ("There ZEPPELIN stands for the first of them.", "What is ZEPPELIN?"),
        ("齐柏林飞艇降落在市政厅的屋顶上。", "齐柏林飞艇降落在哪里？"),
    ]:
        text = filler + answer + "\n" + filler
        (spans,) = promising_spans([text], [question], max_chars=20_000)
        at = text.index(answer)
        assert any(start <= at and at + len(answer) <= end for start, end in spans)
        assert spans[0][0] == 0


@pytest.mark.parametrize("lines", [3, 20])
def test_code_stays_with_the_line_that_announces_it_wherever_a_stretch_ends(lines: int) -> None:
    lead, code = "To limit the zeppelin, configure it as the following.", "the limit is set\n" * lines
    filler = "Nothing of note was said here, and the day went on as before.\n\n"
    for shift in range(CELL_CHARS):
        text = filler * 200 + "x" * shift + f"\n\n{lead}\n\n{code}\n" + filler * 400
        (spans,) = promising_spans([text], ["How is the zeppelin limited?"], max_chars=2_000)
        found = [text[start:end] for start, end in spans if lead in text[start:end]]
        assert found == [stretch for stretch in found if f"{lead}\n\nthe limit" in stretch]


def test_the_last_block_of_a_page_is_kept_whole() -> None:
    text = "zeppelin " * 400 + "\n\nThe zeppelin\nlanded on\nthe hall."
    (spans,) = promising_spans([text], ["zeppelin"], max_chars=2_000)
    assert all(end == len(text) for _, end in spans if end > text.index("landed on"))


@given(st.integers(0, 60), st.sampled_from(["and-so-on ", "The lamp was lit. ", "灯亮了。"]))
def test_in_a_line_without_end_no_stretch_begins_or_ends_within_a_word(words_before: int, piece: str) -> None:
    filler = piece * (30_000 // len(piece))
    text = "x" * words_before + " " + filler + "The zeppelin landed on the town hall. " + filler
    (spans,) = promising_spans([text], ["Where did the zeppelin land?"], max_chars=5_000)
    assert any("zeppelin landed on the town hall." in text[start:end] for start, end in spans)
    for start, end in spans:
        assert start == 0 or text[start - 1] in " .。"
        assert end == len(text) or text[end - 1] in " .。"


def test_short_pages_leave_their_share_to_long_ones() -> None:
    texts = ["short page", "zeppelin line\n" * 10_000]
    long = promising_spans(texts, ["zeppelin"], max_chars=20_000)[1]
    assert sum(end - start for start, end in long) >= 18_000


def test_six_pages_of_half_a_megabyte_are_looked_through_in_time() -> None:
    pages = ["The river rose in the night, and nobody in the town saw it.\n" * 8_500] * 6
    times = []
    for _ in range(3):
        began = time.process_time()
        promising_spans(pages, ["When did the zeppelin land on the town hall?", "zeppelin landing town hall"])
        times.append(time.process_time() - began)
    # 0.008 s on an idle core.
    assert min(times) < 0.05
