from typer.testing import CliRunner

from service.cli import app


def test_the_demo_ends_with_a_cited_and_checked_answer() -> None:
    result = CliRunner().invoke(app, ["demo", "--no-color"])
    assert result.exit_code == 0, result.stderr
    assert "31 metres" in result.stdout
    assert "[1]" in result.stdout
    assert "claims supported" in result.stdout
