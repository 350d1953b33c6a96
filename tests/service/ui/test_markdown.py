"""Markdown of an answer as blocks that are safe to insert."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.ui.markdown import ClaimShown, blocks
from tests.service.ui.hostile import STRINGS
from tests.service.ui.parsed import Parsed, require_harmless


def html(text: str, *claims: ClaimShown) -> str:
    return "".join(block.html for block in blocks(text, claims))


def claim(text: str, words: str, **fields: object) -> ClaimShown:
    start = text.index(words)
    return ClaimShown(start=start, end=start + len(words), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["{}", "Before {} after [1].", "- {}\n- b", "| a |\n|---|\n| {} |", "> {}", "# {}"])
def test_nothing_hostile_gets_through(form: str) -> None:
    for string in STRINGS:
        text = form.replace("{}", string)
        require_harmless(html(text))
        require_harmless(html(text, ClaimShown(start=0, end=len(text), marks={1: "supported"})))


@given(st.text(alphabet="ab1 []()!<>\"'`*_#|-\n:/\u2e22\u2e23\u2e24\ue000\ue001\ue003\ue004\ue005\ue006", max_size=60))
def test_no_text_makes_an_element_of_ours(text: str) -> None:
    parsed = require_harmless(html(text))
    assert all(attrs.get("class") in (None, "mark", "scroll", "nb") for _, attrs in parsed.elements)


def test_a_scheme_relative_link_is_text() -> None:
    assert Parsed(html("[x](//evil.example)")).all("a") == []


def test_marks_become_buttons_and_keep_to_the_word_before_them() -> None:
    shown = html("It is 87 m high [1][2]. 高 87 米[3]。")
    assert [mark["data-n"] for mark in Parsed(shown).all("button")] == ["1", "2", "3"]
    assert "<span class=nb>high<button" in shown
    assert "<span class=nb>米<button" in shown
    assert "</button>。</span>" in shown
    assert "<span class=nb><strong>87 m</strong><button" in html("It is **87 m** [1].")


def test_marks_in_code_are_code() -> None:
    assert Parsed(html("`a[1]`\n\n```\nb[2]\n```")).all("button") == []


def test_headings_begin_below_those_of_the_page() -> None:
    assert [tag for tag, _ in Parsed(html("# a\n\n## b\n\n###### c\n\n# d")).elements] == ["h3", "h4", "h5", "h3"]
    assert [tag for tag, _ in Parsed(html("### a\n\n#### b\n\n## c\n\n> ### d")).elements][:3] == ["h3", "h4", "h3"]


def test_a_claim_is_marked_word_for_word_with_the_verdict_of_its_source() -> None:
    text = "The tower is **87 metres** high [1]. Nobody knows why."
    shown = html(text, claim(text, "The tower is **87 metres** high [1].", marks={1: "contradicted"}))
    parsed = Parsed(shown)
    assert {span["data-c"] for span in parsed.all("span") if span["class"] == "claim"} == {"0"}
    assert parsed.all("button")[0]["data-v"] == "contradicted"
    assert "<strong><span" in shown
    assert "<span" not in shown[shown.index("Nobody") :]
    assert "<span class=nb><span class=claim data-c=0>high</span><button" in shown


def test_a_claim_without_source_gets_a_mark_that_says_so() -> None:
    text = "It was blue."
    mark = Parsed(html(text, claim(text, text, unsourced=True))).all("button")[0]
    assert (mark["data-n"], mark["data-v"]) == ("0", "none")


def test_a_source_that_was_found_instead_gets_a_mark_beside_the_written_one() -> None:
    text = "It is tall [1]."
    marks = Parsed(html(text, claim(text, text, marks={1: "unsupported", 2: "supported"}, added=(2,)))).all("button")
    assert [(mark["data-n"], mark["data-v"]) for mark in marks] == [("1", "unsupported"), ("2", "supported")]


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| x | 1 [1] |\n| y | 2 [2] |",
        "- one [1]\n- two\n  - three [2]\n\n1. four",
        "> - deep [1]",
        "See [a page](https://ok.example/a?b) now. And <https://ok.example/c> too.",
        "_Slanted_ words [1] and **bold.** More `code. Yes` here.",
    ],
)
def test_claims_change_nothing_of_what_is_said(text: str) -> None:
    whole = [ClaimShown(start=0, end=len(text))]
    plain, marked = html(text), "".join(block.html for block in blocks(text, whole))
    assert Parsed(marked).text == Parsed(plain).text
    tags = [[tag for tag, _ in Parsed(shown).elements if tag != "span"] for shown in (marked, plain)]
    assert tags[0] == tags[1]


@example("[1]", 0, 1)
@given(st.text(alphabet="ab .*_`|-\n[1]>#", max_size=40), st.integers(0, 40), st.integers(0, 40))
def test_claims_anywhere_change_nothing_of_what_is_said(text: str, a: int, b: int) -> None:
    spans = [ClaimShown(start=min(a, b), end=min(max(a, b), len(text)))]
    assert "".join(Parsed(html(text, *spans)).text.split()) == "".join(Parsed(html(text)).text.split())
