"""Manual pages that a question names."""

import pytest

from model_backend.chat import Document
from model_backend.embedded.manuals import named_manuals, unknown_command
from model_backend.embedded.question import parse_question
from model_backend.embedded.score import score_units
from model_backend.embedded.units import Unit, units_of

PAGES = {
    "moor-web(1)": "-p, --port: The port to bind to. (Default: 1234)",
    "moor-daemon(1)": "By default, the daemon will listen on port 9418.",
    "Harbours": "A harbour has many ports, and moor-web serves each of them by default.",
}


def units(*titles: str) -> list[Unit]:
    return units_of(
        [
            Document(number=n, url=f"http://x/{n}", title=title, site="x", published=None, text=PAGES[title])
            for n, title in enumerate(titles or PAGES, start=1)
        ]
    )


def test_the_manual_of_the_command_asked_about_is_told_from_the_others() -> None:
    documents, words = named_manuals(parse_question("What port does moor web listen on by default?"), units())
    assert documents == {0}
    assert words == {"web"}


def test_what_another_command_does_is_no_answer() -> None:
    best = score_units(parse_question("What port does moor web listen on by default?"), units())[0].unit
    assert best.title != "moor-daemon(1)"


def test_no_manual_is_named_where_none_or_every_one_is() -> None:
    nothing: tuple[frozenset[int], frozenset[str]] = (frozenset(), frozenset())
    assert named_manuals(parse_question("Which port is the default?"), units()) == nothing
    assert named_manuals(parse_question("What port does moor web listen on?"), units("moor-web(1)")) == nothing
    assert named_manuals(parse_question("What do harbours have?"), units()) == nothing


@pytest.mark.parametrize(
    ("question", "unknown"),
    [
        ("What is the default speed of moor tow?", True),
        ("What port does one get with moor web?", False),
        ("What port does moor choose?", False),  # a verb
        ("How do I use moor properly?", False),
        ("How do I use moor offline?", False),
        ("How do I get started with moor quickly?", False),
        ("用moor web怎么系船？", False),
        ("用 moor tow 的默认速度是多少？", True),
        ("What is the default speed of tows?", False),
    ],
)
def test_a_command_that_no_page_tells_is_unknown(question: str, unknown: bool) -> None:
    assert unknown_command(parse_question(question), units()) == unknown
