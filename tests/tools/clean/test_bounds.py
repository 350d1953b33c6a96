"""Properties that hold for any page, and the cost of pages made to be slow."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.clean import clean
from tools.clean.align import align
from tools.clean.blocks import BREAK, GAP, Block, lay_out, squeeze
from tools.clean.cleaned import MAX_TEXT_CHARS
from tools.clean.prepass import MAX_DEPTH, MAX_TAGS, bound
from tools.clean.sheet import Sheet
from tools.errors import CleanError

CPU_LIMIT_S = 3.0
"""Each of these took minutes, or until the memory was gone, without the bounds; now 0.05 to 0.5 s on one core."""

PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<b>",
            "</b>",
            "<li>",
            "<ul>",
            "</ul>",
            "<td>",
            "<tr>",
            "<table>",
            "</table>",
        ),
        *(
            "<dl>",
            "<dt>",
            "<dd>",
            "</dl>",
            "<pre>",
            "</pre>",
            "<h2>",
            "</h2>",
            "<br>",
            "<script>",
            "</script>",
            "<!--",
            "-->",
        ),
        *(
            "<",
            ">",
            "&amp;",
            "&#8203;",
            "a b",
            "灯塔",
            "\n",
            "  x = 1\n",
            '<a href="',
            "'",
            '"',
            "<style>.a{display:none}",
        ),
        *("</style>", '<p class="a">', "<details>", "</details>", "<h1 hidden>", "<template>", "\x00", "\u202e"),
    ]
)

HOSTILE = {
    "attributes": b"<p " + b" ".join(b"a%d=1" % i for i in range(200_000)) + b">hello</p>",
    "attributes in many tags": (b"<p " + b" ".join(b"a%d=1" % i for i in range(120)) + b">hello</p>") * 1_500,
    "breaks": b"<p>a" + b"<br>" * 300_000,
    "breaks with words": b"a line of words<br>" * 12_000,
    "depth": b"<div>" * 100_000 + b"some words" + b"</div>" * 100_000,
    "siblings": b"<div>some words</div>" * 12_000,
    "unclosed": b"<p><b><i>" * 7_000 + b"words",
    "rows": b"<table>" + b"<tr><td>aa</td><td>bb</td></tr>" * 4_000,
    "tables in tables": (b"<table><tr><td>" * 100 + b"words" + b"</table>" * 100) * 10,
    "links": b"".join(b'<a href="/%d">item %d</a> ' % (i, i) for i in range(5_000)),
    "quotes that never close": b'<a x="' * 200_000,
    "comments that never close": b"<!-- " * 300_000,
    "one word": b"<p>" + b"w" * 1_000_000,
    "style sheet": b"<style>"
    + b".a .b .c{display:none}" * 10_000
    + b"</style><div class=b>" * 200
    + b"<i class=c>x</i>" * 1_500,
    "white text, deep": b"<div>" * 200 + b'<p style="color:white">hello</p>' * 1_500,
    "markdown stars": b"**a " * 10_000,
    "feed entities": b"<!DOCTYPE l [<!ENTITY a 'ha'>"
    + b"".join(b"<!ENTITY b%d '%s'>" % (i, b"&a;" * 50) for i in range(50))
    + b"]><rss><channel><item><title>light &b1;</title></item></channel></rss>",
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_pages_made_to_be_slow_are_read_in_time(name: str) -> None:
    content_type = "text/markdown" if name.startswith("markdown") else "text/html"
    start = time.process_time()
    with suppress(CleanError):
        assert (
            len(clean(HOSTILE[name], content_type=content_type, url="http://harbour.example/").text) <= MAX_TEXT_CHARS
        )
    assert time.process_time() - start < CPU_LIMIT_S


@settings(max_examples=80, deadline=None)
@given(st.lists(PIECES, max_size=60))
def test_whatever_the_tags_headings_stand_where_they_say_and_lines_are_clean(pieces: list[str]) -> None:
    words = "<p>The lighthouse on the northern cape was lit for the first time in 1871.</p>"
    body = f"<html><body>{words}{''.join(pieces)}</body></html>".encode()
    try:
        cleaned = clean(body, content_type="text/html; charset=utf-8", url="http://harbour.example/")
    except CleanError:
        return
    assert cleaned.text.strip()
    assert "\n\n\n" not in cleaned.text or "<pre>" in pieces
    assert not set(cleaned.text) & {"\r", "\x0b", "\x0c", "\x85", "\u2028", "\u200b", "\u202e", "\x00"}
    assert list(cleaned.headings) == sorted(cleaned.headings)
    for offset, level, text in cleaned.headings:
        assert cleaned.text[offset : offset + len(text)] == text
        assert 1 <= level <= 6


@given(st.lists(PIECES, max_size=80))
def test_bounding_is_idempotent_and_never_nests_too_deep(pieces: list[str]) -> None:
    once = bound("".join(pieces))
    assert once.tags <= MAX_TAGS
    assert bound(once.html).html == once.html


def test_nesting_stops_at_the_limit_and_the_words_below_stay() -> None:
    bounded = bound("<div>" * 1_000 + "words" + "</div>" * 1_000 + "<p>after</p>")
    assert bounded.html.count("<div>") == MAX_DEPTH
    assert "words" in bounded.html
    assert "after" in bounded.html
    assert bounded.cut


def test_end_tags_left_out_do_not_count_as_nesting() -> None:
    assert not bound("<ul>" + "<li>item <p>one <p>two" * 500 + "</ul>").cut


def test_a_long_tag_keeps_the_attributes_that_are_read() -> None:
    tag = "<div " + " ".join(f'data-{i}="x"' for i in range(100)) + " style='display:none' ID=q hidden>"
    assert bound(tag + "x</div>").html == '<div style="display:none" id="q" hidden="">x</div>'


@given(st.text(alphabet="{}.a:;@/*'\" \\", max_size=300))
def test_any_style_sheet_can_be_read(styles: str) -> None:
    Sheet(styles)


BLOCKS = st.lists(
    st.builds(
        Block, st.sampled_from(["heading", "paragraph", "item", "row", "code"]), st.text(max_size=30), st.integers(1, 6)
    )
)


@given(BLOCKS, st.integers(1, 200))
def test_laid_out_text_is_never_longer_than_asked(blocks: list[Block], max_chars: int) -> None:
    text, headings = lay_out(blocks, max_chars)
    assert len(text) <= max_chars
    assert all(text[offset : offset + len(title)] == title for offset, _, title in headings)


@given(BLOCKS)
def test_what_a_cleaner_chose_of_the_page_itself_is_found_again(blocks: list[Block]) -> None:
    words = [block for block in blocks if any(char.isalnum() for char in block.text) and block.kind != "heading"]
    aligned = align(words, words)
    assert [block.text for block in aligned] == [block.text for block in words]


@given(st.text() | st.text("ab中。 \n" + BREAK + GAP))
def test_squeezing_twice_changes_nothing(text: str) -> None:
    once = squeeze(text)
    # A gap comes of several breaks alone; a form feed of the page's own is white space.
    assert squeeze(once.replace(GAP, BREAK * 2)) == once
