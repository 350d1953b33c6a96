"""Which units of which documents make up an answer."""

from dataclasses import replace

import pytest

from model_backend.embedded.compose import compose
from model_backend.embedded.question import parse_question
from model_backend.embedded.score import Scored
from model_backend.embedded.units import Unit


def unit(number: int, text: str, *, score: float, coverage: float) -> Scored:
    return Scored(
        unit=Unit(number=number, kind="sentence", text=text, document=number),
        score=score,
        coverage=coverage,
        own=coverage,
        expected=1.0,
        phrase=0.0,
        names=1.0,
        terms=frozenset(text.lower().split()),
    )


def said(question: str, coverage: float) -> str:
    best = unit(1, "The granite tower is 31 metres tall.", score=1.0, coverage=1.0)
    other = unit(2, "Both towers of this bridge stand 94 metres high.", score=0.9, coverage=coverage)
    return "".join(compose([(parse_question(question), [best, other])], "en"))


def test_where_a_number_is_asked_for_another_page_must_speak_of_the_same_thing() -> None:
    asked = "How tall is the tower of the lighthouse?"
    assert "94" not in said(asked, 0.7)
    assert "94" in said(asked, 0.9)


def test_other_questions_take_a_further_unit_by_its_score_alone() -> None:
    assert "94" in said("How do I get to the tower?", 0.7)


def test_a_command_is_shown_apart_from_the_paragraph_below_it() -> None:
    text = "Passwords are checked by another file."
    below = Unit(number=1, kind="definition", lead="$ sudo systemctl start moord", text=text, document=1)
    best = Scored(
        unit=below,
        score=1.0,
        coverage=1.0,
        own=1.0,
        expected=1.0,
        phrase=0.0,
        names=1.0,
        terms=frozenset(text.lower().split()),
    )
    shown = "".join(compose([(parse_question("How do I start moord?"), [best])], "en"))
    assert shown == f"`$ sudo systemctl start moord` [1]\n\n{text} [1]"


def test_a_figure_that_a_longer_unit_leaves_out_is_said_beside_it() -> None:
    long = " ".join(f"word{n}" for n in range(30)) + " ropes wait for 50 boats"
    best = unit(1, long, score=1.0, coverage=1.0)
    other = unit(1, "ropes wait for 6700 boats word1 word2 word3", score=0.9, coverage=0.9)
    same = unit(1, "ropes wait for 50 boats word1 word2 word3", score=0.9, coverage=0.9)
    question = parse_question("How many ropes wait?")
    assert "6700" in "".join(compose([(question, [best, other])], "en"))
    assert "".join(compose([(question, [best, same])], "en")).count("ropes") == 1


def test_a_short_definition_is_shown_whole_and_once() -> None:
    whole = ("How much to load.", "The default is 6.")
    sides = [Unit(number=1, kind="definition", lead="--level", text=text, whole=whole, document=1) for text in whole]
    scored = [replace(unit(1, one.text, score=1.0, coverage=1.0), unit=one) for one in sides]
    said = "".join(compose([(parse_question("What is the default level?"), scored)], "en"))
    assert said == "`--level`: How much to load. [1] The default is 6. [1]"


def test_the_date_in_a_heading_is_said_with_what_stands_below_it() -> None:
    below = Unit(number=1, kind="sentence", heading="2019-05-04 - Moor 4.2", text="Moor 4.2 ties faster.", document=1)
    best = replace(unit(1, below.text, score=1.0, coverage=1.0), unit=below)
    said = "".join(compose([(parse_question("When did Moor 4.2 come out?"), [best])], "en"))
    assert said == "2019-05-04 - Moor 4.2: Moor 4.2 ties faster. [1]"


def test_the_version_in_a_heading_is_said_with_what_stands_below_it() -> None:
    below = Unit(number=1, kind="item", heading="2019-05-04 (4.2.1)", text="Moor ties faster.", document=1)
    best = replace(unit(1, below.text, score=1.0, coverage=1.0), unit=below)
    said = "".join(compose([(parse_question("In which release did Moor begin to tie faster?"), [best])], "en"))
    assert said == "2019-05-04 (4.2.1): Moor ties faster. [1]"


def test_other_versions_than_the_one_asked_for_are_not_told_beside_it() -> None:
    rows = ["2019-05-04; Moor 4.2", "2020-06-05; Moor 4.3", "2019 was a year of calm seas"]
    scored = [unit(1, text, score=1.0 - 0.01 * at, coverage=1.0) for at, text in enumerate(rows)]
    said = "".join(compose([(parse_question("When did Moor 4.2 come out?"), scored)], "en"))
    assert "4.3" not in said
    assert "calm seas" in said


def test_beside_what_explains_a_sign_nothing_stands_without_it() -> None:
    rows = ["$! is the last boat that moored", "$! is empty at first", "A boat that moored is a boat"]
    scored = [unit(1, text, score=1.0 - 0.01 * at, coverage=1.0) for at, text in enumerate(rows)]
    said = "".join(compose([(parse_question("What does $! mean?"), scored)], "en"))
    assert "is empty at first" in said
    assert "is a boat" not in said


def test_an_example_comes_before_the_list_of_all_that_may_be_given() -> None:
    usage = Unit(number=1, kind="code", text="", lines=("moor [--tie] [--untie] [--rope=<rope>] <boat>",), document=1)
    shown = Unit(number=1, kind="code", text="Release her:", lines=("$ moor --untie gull",), document=1)
    found = [unit(1, "usage", score=1.0, coverage=1.0), unit(1, "example", score=0.9, coverage=1.0)]
    scored = [replace(found[0], unit=usage), replace(found[1], unit=shown)]
    said = "".join(compose([(parse_question("How do I untie a boat?"), scored)], "en"))
    assert said.startswith("Release her: `$ moor --untie gull` [1]")
    assert "[--tie]" in said
    asked = "".join(compose([(parse_question("Which option unties a boat?"), scored)], "en"))
    assert asked.startswith("`moor [--tie]")


@pytest.mark.parametrize(("question", "items"), [("What boats may I moor?", 8), ("How do I moor?", 6)])
def test_a_long_list_is_shown_whole_where_a_list_is_asked_for(question: str, items: int) -> None:
    best = unit(1, "You may moor these boats:", score=1.0, coverage=1.0)
    boats = tuple(f"boat {n}" for n in range(8))
    best = replace(best, unit=replace(best.unit, kind="group", lines=boats))
    shown = "".join(compose([(parse_question(question), [best])], "en"))
    assert shown.count("- boat") == items
