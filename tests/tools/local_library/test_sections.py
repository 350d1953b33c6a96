from hypothesis import given
from hypothesis import strategies as st

from tools.local_library.sections import MAX_CHARS, split_sections

LINES = st.lists(st.text(alphabet="ab 汉字\n", max_size=900), max_size=12)


@given(LINES, st.lists(st.integers(0, 3_000), max_size=8))
def test_sections_cover_the_text_without_gap_or_overlap(lines: list[str], cuts: list[int]) -> None:
    text = "\n".join(lines)
    headings = [(cut, 1 + cut % 3, f"h{cut}") for cut in sorted(set(cuts)) if cut < len(text)]
    sections = split_sections(text, headings)
    assert "".join(text[section.start : section.end] for section in sections) == text
    assert all(0 < section.end - section.start <= MAX_CHARS for section in sections)


def test_a_section_knows_the_headings_above_it() -> None:
    long = "word " * 300
    text = f"One\n{long}\nTwo\n{long}\nThree\n{long}"
    headings = [(0, 1, "One"), (text.index("Two"), 2, "Two"), (text.index("Three"), 2, "Three")]
    assert [section.headings for section in split_sections(text, headings)] == [
        ("One",),
        ("One", "Two"),
        ("One", "Three"),
    ]


def test_short_neighbours_are_put_together() -> None:
    text = "A\nfew words\nB\nfew words"
    sections = split_sections(text, [(0, 2, "A"), (text.index("B"), 2, "B")])
    assert [(section.start, section.end, section.headings) for section in sections] == [(0, len(text), ("A", "B"))]


def test_a_long_section_is_cut_behind_a_line() -> None:
    text = ("line of words\n" * 400).strip()
    assert all(text[section.end - 1] == "\n" for section in split_sections(text, [])[:-1])
