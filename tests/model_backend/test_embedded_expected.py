"""Whether a unit holds the kind of thing that a question asks for."""

import pytest

from model_backend.embedded.expected import holds_expected
from model_backend.embedded.named_things import holds_name
from model_backend.embedded.question import parse_question
from model_backend.embedded.units import Unit


def unit(text: str, *, lead: str = "", heading: str = "", kind: str = "sentence") -> Unit:
    assert kind in ("sentence", "definition", "row")
    return Unit(number=1, kind=kind, text=text, lead=lead, heading=heading)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["Install the knotter package.", "为此要安装 knotter 软件包。"])
def test_the_word_before_package_is_a_name(text: str) -> None:
    assert holds_name(parse_question("Which package ties boats?"), unit(text)) == 1.0


def test_no_package_is_named_by_what_merely_describes_one() -> None:
    assert holds_name(parse_question("Which package ties boats?"), unit("Install the corresponding package.")) < 0.5


@pytest.mark.parametrize("name", ["knotter", "knotter -e"])
def test_the_first_cell_of_a_row_is_a_name_where_its_column_says_so(name: str) -> None:
    asked = parse_question("Which package ties the boats of a file?")
    row = unit(f"{name}; 12; ties boats", lead="package size description", kind="row")
    assert holds_name(asked, row) == 1.0
    assert holds_name(asked, unit(row.text, lead="pier size description", kind="row")) < 1.0


def test_a_word_asked_for_is_the_one_that_is_defined() -> None:
    asked = parse_question("What do you call a boat without a rope?")
    defined = unit("A boat without a rope.", lead="drifter", kind="definition")
    assert holds_expected(asked, defined) > holds_expected(asked, unit("A boat without a rope is bad."))
    assert holds_expected(asked, unit("A boat without a rope is called a drifter.")) > 0.8


def test_a_version_may_stand_in_the_heading() -> None:
    asked = parse_question("In which release did ropes first appear?")
    assert holds_expected(asked, unit("Ropes appear in version 4.2.1.")) == 1.0
    assert holds_expected(asked, unit("Add ropes.", heading="Changes in 4.2.1")) > 0.5
    assert holds_expected(asked, unit("Add ropes.", heading="Changes")) == 0.0


def test_whose_may_be_answered_with_a_name_of_one_word() -> None:
    asked = unit("The rope was made at the request of Symbol.")
    assert holds_expected(parse_question("Whose developers asked for a rope?"), asked) > 0.5
    assert holds_expected(parse_question("Who asked for a rope?"), asked) < 0.5
