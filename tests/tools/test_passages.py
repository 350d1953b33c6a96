import re
import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.pages import Page
from tools.passages import MAX_PASSAGES, OVERLONG, split_passages

LINES = st.lists(
    st.sampled_from(
        [
            *[
                "",
                "",
                "Short",
                "- item one",
                "1. step",
                "| a | b |",
                "```",
                "x = 1",
                "Options:",
                "选项：",
                "  indented",
            ],
            *["A sentence stands here. " * 12, "这是一个句子，说了些什么。" * 20, "x" * 700, "长" * 400],
        ]
    ),
    max_size=40,
)


def page(text: str, headings: tuple[tuple[int, int, str], ...] = (), language: str = "en") -> Page:
    return Page(
        url="https://a.example/",
        final_url="https://a.example/",
        title="A",
        text=text,
        site="a.example",
        fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        language=language,
        headings=headings,
    )


def marked(*blocks: str) -> Page:
    """Blocks put together; those that begin with # are headings."""
    text, headings = "", []
    for block in blocks:
        level = len(block) - len(block.lstrip("#"))
        if level:
            headings.append((len(text), level, block[level:].strip()))
            block = block[level:].strip()
        text += block + "\n\n"
    return page(text.strip(), tuple(headings))


@given(LINES, st.integers(20, 600))
def test_passages_slice_back_in_order_and_leave_nothing_out(lines: list[str], target: int) -> None:
    whole = page("\n".join(lines))
    passages = split_passages(whole, target_chars=target)
    for passage in passages:
        assert whole.text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.text
    assert all(a.end <= b.start for a, b in pairwise(passages))
    assert "".join("".join(p.text.split()) for p in passages) == "".join(whole.text.split())


@given(
    st.text(max_size=400), st.lists(st.tuples(st.integers(0, 400), st.integers(1, 6), st.text(max_size=5)), max_size=5)
)
def test_any_text_and_any_headings_are_survived(text: str, headings: list[tuple[int, int, str]]) -> None:
    whole = page(text, tuple(sorted(headings)))
    assert all(whole.text[p.start : p.end] == p.text for p in split_passages(whole))


@given(LINES, st.integers(40, 600))
def test_no_passage_grows_far_beyond_the_target(lines: list[str], target: int) -> None:
    longest = max((len(p.text) for p in split_passages(page("\n".join(lines)), target_chars=target)), default=0)
    # A held line (a heading, a lead-in) of up to the target, then a block that is just not too long, with gaps.
    assert longest <= target * (1 + OVERLONG) + 100


def test_a_section_begins_a_passage_and_names_its_path() -> None:
    whole = marked("# Guide", "Welcome.", "## Install", "Run it.", "## Use", "Call it.")
    assert [(p.text, p.headings) for p in split_passages(whole)] == [
        ("Guide\n\nWelcome.", "Guide"),
        ("Install\n\nRun it.", "Guide > Install"),
        ("Use\n\nCall it.", "Guide > Use"),
    ]


def test_a_heading_is_never_left_alone() -> None:
    whole = marked("# Guide", "## Install", "### Linux", "Run it. " * 100)
    first = split_passages(whole)[0]
    assert first.text.startswith("Guide\n\nInstall\n\nLinux\n\nRun it.")
    assert first.headings == "Guide > Install > Linux"


def test_small_code_is_kept_whole_with_its_blank_lines() -> None:
    code = "```\nfor x in y:\n    print(x)\n\n\nprint('done')\n```"
    whole = page("Prose. " * 50 + "\n\n" + code + "\n\n" + "More prose. " * 50)
    assert any(code in passage.text for passage in split_passages(whole))


def test_a_list_keeps_the_line_that_leads_into_it() -> None:
    text = "Prose. " * 55 + "\n\nThe options are:\n\n" + "\n".join(f"- option {n} does {n} things" for n in range(12))
    (holder,) = [p for p in split_passages(page(text)) if "The options are:" in p.text]
    assert "- option 0" in holder.text


@pytest.mark.parametrize("lead", ["You set it as the following.", "Do it as follows.", "请按如下方式设置。"])
def test_code_keeps_the_sentence_that_announces_it(lead: str) -> None:
    for words in range(30, 90):
        text = "Prose. " * words + "\n\n" + lead + "\n\n```\n" + "set the limit\n" * 20 + "```"
        (holder,) = [p for p in split_passages(page(text)) if lead in p.text]
        assert "set the limit" in holder.text


def test_the_parts_of_a_long_table_know_its_head_row() -> None:
    rows = ["| name | height |"] + [f"| mountain {n} | {n * 100} m |" for n in range(60)]
    passages = split_passages(marked("# Mountains", "\n".join(rows)))
    assert len(passages) > 1
    assert all("| name | height |" in passage.headings for passage in passages[1:])
    assert all(line.endswith("|") for p in passages for line in p.text.splitlines()[2:])


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    passages = split_passages(page("The river rose by Dr. Low's measure in the night. " * 60))
    assert len(passages) > 3
    assert all(passage.text.endswith("night.") for passage in passages)
    assert all(p.text.endswith("。") for p in split_passages(page("河水在夜里上涨了很多。" * 90, language="zh")))


def test_only_the_parts_asked_for_are_cut() -> None:
    whole = page("\n\n".join(f"Paragraph {n} says something." for n in range(100)))
    first, last = whole.text.index("Paragraph 10"), whole.text.index("Paragraph 20")
    passages = split_passages(whole, spans=[(first, last)])
    assert "".join(p.text for p in passages).startswith("Paragraph 10")
    assert passages[-1].end <= last
    assert all(whole.text[p.start : p.end] == p.text for p in passages)


def test_a_page_of_one_megabyte_is_cut_in_time() -> None:
    whole = page("\n\n".join("The river rose in the night. " * 12 for _ in range(3_000)))
    times = []
    for _ in range(3):
        began = time.process_time()
        passages = split_passages(whole)
        times.append(time.process_time() - began)
    # 0.02 s on an idle core.
    assert min(times) < 0.1
    assert len(whole.text) > 1_000_000
    assert 1_000 < len(passages) <= MAX_PASSAGES


def test_the_number_of_passages_is_bounded() -> None:
    section = "Heading\n\ntext\n\n"
    headings = tuple((n * len(section), 2, "Heading") for n in range(10_000))
    assert len(split_passages(page(section * 10_000, headings))) == MAX_PASSAGES


@given(
    st.lists(st.sampled_from(["281,474,976,710,656 ", "3.5", "harbour", "水", "池", "，", ", ", " "]), min_size=40),
    st.integers(40, 120),
)
def test_no_passage_begins_or_ends_within_a_number_or_a_word(pieces: list[str], target: int) -> None:
    text = "".join(pieces) * 5
    cuts = {place for p in split_passages(page(text), target_chars=target) for place in (p.start, p.end)}
    for whole in re.finditer(r"[a-z0-9]+(?:[.,][a-z0-9]+)*", text):
        # Words glued to a run longer than half a passage may leave no place to cut.
        inside = range(whole.start() + 1, whole.end())
        assert len(inside) >= target // 3 or cuts.isdisjoint(inside)
