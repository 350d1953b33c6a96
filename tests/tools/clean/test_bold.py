"""Bold lines that stand as headings."""

import pytest

from tools.clean.tree import parse
from tools.clean.walk import to_blocks


def headings(html: str) -> list[tuple[str, int]]:
    return [(block.text, block.level) for block in to_blocks(parse(html)) if block.kind == "heading"]


def test_a_bold_line_above_text_is_a_heading_below_the_last_real_one() -> None:
    old, new = "<p><b>Old ropes</b></p><p>They are brown.</p>", "<p><strong>New ropes?</strong></p><p>No.</p>"
    html = f"<div><h2>Ropes</h2>{old}{new}</div>"
    assert headings(html) == [("Ropes", 2), ("Old ropes", 3), ("New ropes?", 3)]


def test_a_numbered_bold_item_with_text_below_it_is_a_heading() -> None:
    number, length = "<p><b>Number of ropes</b></p><p>Ten at most.</p>", "<p><b>Length</b></p><p>Two metres.</p>"
    html = f"<ol><li>{number}</li><li>{length}</li></ol>"
    assert headings(html) == [("Number of ropes", 1), ("Length", 1)]


@pytest.mark.parametrize(
    "html",
    [
        "<ul><li><b>Brown</b></li><li><b>White</b></li></ul>",
        "<div><p><b>Never sail in fog.</b></p><p>It is wet.</p></div>",
        "<div><p><b>Note:</b></p><p>It is wet.</p></div>",
        "<div><p><b>Note</b> that it is wet.</p><p>It is wet.</p></div>",
        "<div><p>It is wet.</p><p><b>The end</b></p></div>",
        "<div><p><b>One</b></p><p><b>Two</b></p></div>",
        '<div><p><b><a href="/more">More ropes</a></b></p><p>It is wet.</p></div>',
        f"<div><p><b>{'Long ' * 30}</b></p><p>It is wet.</p></div>",
    ],
)
def test_other_bold_words_are_text(html: str) -> None:
    assert headings(html) == []
