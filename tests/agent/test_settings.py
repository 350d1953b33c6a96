from pathlib import Path

import pytest
from pydantic import ValidationError

from agent.errors import Misconfigured
from agent.settings import ModelSettings, Settings
from agent.settings_table import env_example, readme_table, rows

ROOT = Path(__file__).parents[2]


def test_the_env_example_is_made_from_the_settings() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example(), "run: python -m agent.settings_table"


def test_the_readme_table_is_made_from_the_settings() -> None:
    assert readme_table() in (ROOT / "README.md").read_text(encoding="utf-8"), "run: python -m agent.settings_table"


def test_every_setting_says_what_it_means() -> None:
    assert [row.variable for row in rows() if not row.meaning] == []


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asterism.toml").write_text("[run]\ndeadline_s = 5\nanswer_tokens = 100\n")
    monkeypatch.setenv("ASTERISM_RUN__DEADLINE_S", "7")
    settings = Settings()
    assert (settings.run.deadline_s, settings.run.answer_tokens) == (7.0, 100)


def test_a_list_is_given_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTERISM_SEARCH__PROVIDERS", '["library"]')
    assert Settings().search.providers == ["library"]


def test_a_wrong_value_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTERISM_RUN__DEADLINE_S", "-1")
    with pytest.raises(ValidationError, match="deadline_s"):
        Settings()


def test_a_misspelt_name_in_a_group_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTERISM_RUN__DEADLINE", "5")
    with pytest.raises(ValidationError, match="deadline"):
        Settings()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[run]\ndeadline = 5\n", "The file asterism.toml has 'deadline' in [run], which is no setting; did you mean"),
        ("[run]\nDEADLINE_S = 5\n", "'DEADLINE_S' in [run], which is no setting; did you mean 'deadline_s'?"),
        ("[rank]\nhow = 5\n", "which is no setting; there are rerank_url, rerank_name, "),
        ("run = 5\n", "The file asterism.toml has 'run' as a value, which is a group of settings: write [run]."),
        ("[[run]]\ndeadline_s = 5\n", "write [run]."),
    ],
)
def test_a_wrong_name_in_the_file_is_told_as_it_stands_there(written: str, told: str) -> None:
    Path("asterism.toml").write_text(written)
    with pytest.raises(Misconfigured) as caught:
        Settings()
    assert told in str(caught.value)
    assert "ASTERISM_" not in str(caught.value)


def test_every_wrong_name_in_the_file_is_told() -> None:
    Path("asterism.toml").write_text("[run]\nfirst = 1\nsecond = 2\n[store]\nplace = 3\n")
    with pytest.raises(Misconfigured, match=r"'first'.*'second'.*'place'"):
        Settings()


def test_secrets_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASTERISM_MODEL__API_KEY", "sk-very-secret")
    assert "very-secret" not in repr(Settings())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, False),
        ({"name": "megrez"}, False),
        ({"base_url": "http://127.0.0.1:8000/v1", "name": "megrez"}, False),
        ({"base_url": "http://127.0.0.1:8000/v1", "name": "embedded"}, False),
        ({"base_url": "http://127.0.0.1:8000/v1"}, True),
    ],
)
def test_a_server_without_a_name_of_its_model_is_left_out_and_that_is_told(given: dict[str, str], told: bool) -> None:
    warning = ModelSettings.model_validate(given).left_out
    assert ("ASTERISM_MODEL__NAME" in warning) == told
