"""The README's table of errors says what the programs do."""

from pathlib import Path

from agent.problems import INTERNAL, TABLE

README = Path(__file__).parents[2] / "README.md"


def rows() -> list[list[str]]:
    """Cells of the table: condition, codes, HTTP statuses, exit code."""
    section = README.read_text("utf-8").partition("## Errors")[2].partition("\n## ")[0]
    lines = section.replace("\\|", "/").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def told(code: str) -> tuple[str, str]:
    """HTTP status and exit code of a code; where a row has as many statuses as codes, each has its own."""
    for _, codes, statuses, exit_code in rows():
        names = codes.replace("`", "").split(", ")
        if code in names:
            each = statuses.split(", ")
            return each[names.index(code)] if len(each) == len(names) else statuses, exit_code
    return "", ""


def test_every_code_is_told_with_its_status_and_exit_code() -> None:
    wrong = [
        (code, told(code)) for code, status, end in [*TABLE.values(), INTERNAL] if told(code) != (str(status), str(end))
    ]
    assert wrong == []


def test_no_code_is_told_that_there_is_not() -> None:
    known = {code for code, _, _ in [*TABLE.values(), INTERNAL]}
    named = {name.strip("`") for _, codes, *_ in rows() for name in codes.split(", ") if name.startswith("`")}
    assert named == known
