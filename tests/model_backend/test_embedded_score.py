"""Which unit comes first for a question."""

from model_backend.chat import Document
from model_backend.embedded.question import parse_question
from model_backend.embedded.score import score_units
from model_backend.embedded.units import Unit, units_of

TEXT = """\
moor [--fast] [--mode=<mode>] <boat> [<rope>]
moor [--list] <harbour>

If none is given, the fast mode is taken.

sign | meaning
$! | the last boat that moored
$$ | this boat
"""


def best(question: str) -> Unit:
    document = Document(number=1, url="file:///moor", title="moor", site="moor", published=None, text=TEXT)
    return score_units(parse_question(question), units_of([document]))[0].unit


def test_what_may_be_given_is_no_answer_to_what_is_taken() -> None:
    assert best("Which mode does moor take?").text == "If none is given, the fast mode is taken."


def test_a_sign_leads_to_the_row_that_explains_it() -> None:
    assert best("What does $! mean?").text == "$!; the last boat that moored"
    assert best("What does $$ mean?").text == "$$; this boat"


PACKAGES = """\
Some user-friendly programs tie boats by hand or by machine, and each ties them well enough for a night.

package | size | description
knotter | 12 | tie boats to the pier
sinker | 7 | weigh boats down
"""


def best_of(text: str, question: str, url: str = "file:///moor") -> Unit:
    document = Document(number=1, url=url, title="Programs", site="moor", published=None, text=text)
    return score_units(parse_question(question), units_of([document]))[0].unit


def test_a_row_names_what_its_column_says() -> None:
    assert best_of(PACKAGES, "Which package ties boats?").text.startswith("knotter")
    assert best_of(PACKAGES, "Is there a package in a file list that ties boats?").text.startswith("knotter")


def test_a_page_need_not_name_what_its_address_names() -> None:
    document = Document(
        number=1, url="https://docs.moor.example/ropes", title="", site="", published=None, text="Ropes hold."
    )
    scored = score_units(parse_question("Which ropes does Moor have?"), units_of([document]))
    assert scored[0].names > 0
