from hypothesis import given
from hypothesis import strategies as st

from model_backend import Document
from model_backend.embedded.expected import holds_expected
from model_backend.embedded.lines import blocks_of, looks_like_code, split_definition
from model_backend.embedded.question import parse_question
from model_backend.embedded.units import Unit, units_of


def a_document(text: str, *, number: int = 1, title: str = "Manual", published: str | None = None) -> Document:
    return Document(number=number, title=title, url=f"http://x/{number}", site="x", published=published, text=text)


def units(text: str) -> list[Unit]:
    return units_of([a_document(text)])


def test_prose_becomes_sentences_that_know_their_neighbours() -> None:
    first, second = units("Harbour walls keep waves out. They are built of stone.")
    assert first.text == "Harbour walls keep waves out."
    assert first.after == "They are built of stone."
    assert second.before == first.text


def test_a_term_stays_with_its_definition() -> None:
    unit, *_ = units("--quiet: Print nothing but errors.\n--verbose: Print every step.")
    assert (unit.kind, unit.lead, unit.text) == ("definition", "--quiet", "Print nothing but errors.")


def test_a_lead_in_stays_with_its_code() -> None:
    found = units("To list the moorings, run:\n\n$ moor list --all")
    assert [(unit.kind, unit.text, unit.lines) for unit in found] == [
        ("code", "To list the moorings, run:", ("$ moor list --all",))
    ]


def test_a_list_within_an_item_stays_with_it() -> None:
    found = units("A boat differs:\n\n- It floats.\n- It has one of these:\n  - a sail\n  - an oar\n- It is wet.")
    group = next(unit for unit in found if unit.text == "It has one of these:")
    assert (group.kind, group.lines) == ("group", ("a sail", "an oar"))
    assert [(unit.text, unit.lead) for unit in found if unit.kind == "item"] == [
        ("It floats.", "A boat differs:"),
        ("a sail", "It has one of these:"),
        ("an oar", "It has one of these:"),
        ("It is wet.", "A boat differs:"),
    ]


def test_a_statement_stays_with_the_sentence_that_tells_what_it_does() -> None:
    found = units("Count the boats.\n\nSELECT count(boat);\n\nCount the ropes.\n\nSELECT count(rope);\n\nEach has one.")
    shown = [(unit.text, unit.lines) for unit in found if unit.lines]
    assert shown == [
        ("Count the boats.", ("SELECT count(boat);",)),
        ("Count the ropes.", ("SELECT count(rope);",)),
    ]


def test_each_declaration_is_the_term_of_what_is_said_below_it() -> None:
    said = {
        "int moor_tie(boat*);": "Ties a boat.",
        "int moor_cast(boat*);": "Casts it off.",
        "int moor_sink();": "Sinks.",
    }
    text = "These manage boats.\n\n" + "\n\n".join(f"{name}\n\n{what}" for name, what in said.items())
    assert {unit.lead: unit.text for unit in units(text) if unit.kind == "definition"} == said


def test_a_lead_in_stays_with_its_items() -> None:
    group = units("The lamp has three colours:\n\n- red\n- white\n- green")[0]
    assert group.kind == "group"
    assert group.lines == ("red", "white", "green")


def test_a_row_is_shown_with_the_names_of_its_columns() -> None:
    found = units("ferry | cabins | built\nAurinia | 120 | 1998\nBelmara | 84 | 2004")
    assert [unit.display for unit in found] == [
        "ferry: Aurinia; cabins: 120; built: 1998",
        "ferry: Belmara; cabins: 84; built: 2004",
    ]
    assert found[0].text == "Aurinia; 120; 1998"
    shown = units("Option | Default | URL\nropes | 4 | none\nknots | 7 | none")[1].display
    assert shown == "Option: knots; default: 7; URL: none"


def test_the_number_of_a_row_is_not_said() -> None:
    found = units("1. | Free berth | no fee\n2. | A berth with a guard. | 40 a night")
    assert [unit.display for unit in found] == ["Free berth: no fee", "A berth with a guard. 40 a night"]


def test_a_row_of_two_columns_reads_as_a_pair() -> None:
    assert units("command | what it does\ntide now | print the water level\ntide next | print the next turn")[
        0
    ].display == ("tide now: print the water level")


def test_a_heading_is_context_and_no_unit() -> None:
    (unit,) = units("Opening hours\n\nThe museum opens at nine o'clock on weekdays.")
    assert unit.heading == "Opening hours"


def test_a_code_line_above_a_paragraph_is_its_term() -> None:
    (unit,) = units("(11) HARBOUR_FULL\n\nThe result code means that no berth is free.")
    assert (unit.kind, unit.lead) == ("definition", "(11) HARBOUR_FULL")


def test_overlapping_passages_give_each_sentence_once() -> None:
    assert len(units("One tide comes in.\n\nOne tide comes in.\n\nAnother goes out.")) == 2


def test_a_joined_table_of_contents_is_left_out() -> None:
    assert units("2.1. Basics, 2.2. Packages, 2.3. Archives, 2.4. Keys") == []


def test_a_url_is_no_definition() -> None:
    assert split_definition("https://example.org/page")[1] == ""


def test_prose_with_a_colon_deep_inside_is_no_definition() -> None:
    line = "The crew may choose between two ways of getting home in bad weather: sail or wait."
    assert split_definition(line)[1] == ""


def test_a_colon_within_quotes_or_brackets_ends_no_term() -> None:
    assert split_definition('If "Moor-Order: 1" is set, boats are kept.')[1] == ""
    assert split_definition("A boat (see also: ferries) is kept.")[1] == ""
    assert split_definition('"boat": A thing that floats.') == ('"boat"', "A thing that floats.")


def test_commands_look_like_code_and_sentences_do_not() -> None:
    assert looks_like_code("$ ls -l")
    assert looks_like_code("SELECT name FROM ferries;")
    assert not looks_like_code("The ferry leaves at noon, and the next one at six.")


def test_a_sentence_that_breaks_off_is_no_code_for_its_option() -> None:
    assert not looks_like_code(
        "For example the pilot (unless --fog is given) lets in only the boats that have a lamp. Adding"
    )


def test_a_serial_number_is_no_term() -> None:
    (unit,) = units("R-01750-40559-52065-12470: Ferries leave at noon.")
    assert (unit.lead, unit.text) == ("", "Ferries leave at noon.")


def test_a_short_definition_is_known_whole_by_each_of_its_sentences() -> None:
    found = units("--level: How much to load. The default is 6.")
    assert [unit.text for unit in found] == ["How much to load.", "The default is 6."]
    assert {unit.whole for unit in found} == {("How much to load.", "The default is 6.")}


@given(st.text(max_size=400))
def test_any_text_is_cut_without_loss_of_control(text: str) -> None:
    for block in blocks_of(text):
        assert block.lines
    for unit in units(text):
        assert unit.words.strip() or unit.lead.strip()
        assert unit.number == 1


def test_a_table_that_lays_out_a_page_is_read_as_prose() -> None:
    cell = "The ticket office opens at eight. " * 8
    assert {unit.kind for unit in units(f"Home | News | {cell.strip()}")} == {"sentence"}


def test_an_answer_below_its_question_is_a_definition() -> None:
    unit, *_ = units("几点开门？: 早上八点。\n几点关门？: 晚上九点。")
    assert (unit.kind, unit.lead, unit.text) == ("definition", "几点开门？", "早上八点。")


def test_a_definition_holds_what_any_of_its_sentences_holds() -> None:
    first, second = units("--level: How much to load. The default is 6.")
    question = parse_question("What is the number of the default level?")
    assert holds_expected(question, first) == holds_expected(question, second) > 0.5


def test_what_a_manual_says_that_its_command_does_is_no_heading() -> None:
    found = units("moor-tie - Tie boats to a pier\n\nThe boats float.")
    assert [unit.text for unit in found] == ["moor-tie - Tie boats to a pier", "The boats float."]
    assert units("2019-05-04 - Moor 4.2\n\nThe boats float.")[0].heading == "2019-05-04 - Moor 4.2"


def test_a_row_of_a_table_leads_in_no_code() -> None:
    found = units("knotter | 12 | ties boats\nsinker | 7 | weighs boats down\n\n$ moor list --all")
    code = next(unit for unit in found if unit.kind == "code")
    assert code.text == ""


def test_what_stands_in_a_box_is_said_without_its_label() -> None:
    found = units(
        "| Tip\nUse the rope script to make a nice knot\n\n| 提示\n用绳子脚本来打一个好看的结\n\nBoats float."
    )
    assert [(unit.lead, unit.text) for unit in found] == [
        ("", "Use the rope script to make a nice knot"),
        ("", "用绳子脚本来打一个好看的结"),
        ("", "Boats float."),
    ]
