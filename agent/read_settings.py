"""Reading the settings for people: whatever is wrong with them becomes one sentence that names the variable."""

import json
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values
from pydantic import ValidationError
from pydantic_settings.exceptions import SettingsError

from agent.errors import Misconfigured
from agent.settings import PREFIX, Settings, environment
from agent.settings_table import rows

CLOSE = 0.75
"""Likeness from which another name may have been meant."""
MEND = "Mend it, or move it away."
_UNKNOWN = "extra_forbidden"


def read_settings() -> Settings:
    """The settings of the environment, `.env` and `asterism.toml`.

    Raises:
        Misconfigured: when one is wrong, or there is no setting of that name. Values are not repeated: they may be
            secrets.
    """
    try:
        settings = Settings()
    except ValidationError as error:
        raise Misconfigured(" ".join(_sentences(error))) from error
    except SettingsError as error:
        raise _no_json() from error
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"The file asterism.toml is no TOML ({error}).", remedy=MEND) from error
    except UnicodeDecodeError as error:
        raise Misconfigured("The file .env or asterism.toml is no text in UTF-8.", remedy=MEND) from error
    except OSError as error:
        raise Misconfigured(f"The file {error.filename} cannot be read ({error.strerror}).", remedy=MEND) from error
    strays = [_unknown(name) for name, _ in _given() if _is_stray(name)]
    strays += [_unknown_table(name) for name in _tables() if name not in Settings.model_fields]
    if strays:
        raise Misconfigured(" ".join(strays))
    return settings


def _sentences(error: ValidationError) -> list[str]:
    told = []
    for problem in error.errors(include_input=False, include_url=False):
        name = PREFIX + "__".join(str(part).upper() for part in problem["loc"])
        told.append(_unknown(name) if problem["type"] == _UNKNOWN else f"{name}: {problem['msg']}.")
    return told


def _unknown(name: str) -> str:
    meant = get_close_matches(name, [row.variable for row in rows()], n=1, cutoff=CLOSE)
    hint = f"did you mean {meant[0]}?" if meant else "see .env.example for those there are."
    return f"There is no setting {name}; {hint}"


def _no_json() -> Misconfigured:
    """Lists in the environment are JSON, groups hold settings; the library does not say which one is wrong."""
    groups = {PREFIX + name.upper() for name in Settings.model_fields}
    group = next((name for name, value in _given() if name in groups and not _is_json(value)), "")
    if group:
        first = next(row.variable for row in rows() if row.variable.startswith(f"{group}__"))
        return Misconfigured(f"{group} is a group of settings.", remedy=f"Set one of it, such as {first}.")
    lists = {row.variable for row in rows() if row.default.startswith("[")}
    wrong = [name for name, value in _given() if name in lists and not _is_json(value)]
    return Misconfigured(
        f"{' and '.join(dict.fromkeys(wrong)) or 'A setting'} must be a list in JSON.",
        remedy='Write it in this form: ["library"].',
    )


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _given() -> Iterable[tuple[str, str]]:
    """Names, in capitals, and values of our settings in the environment and `.env`."""
    values = [*environment().items(), *dotenv_values(".env").items()]
    return [(name.upper(), value or "") for name, value in values if name.upper().startswith(PREFIX)]


def _tables() -> Iterable[str]:
    """The groups that `asterism.toml` names."""
    file = Path("asterism.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else ()


def _unknown_table(name: str) -> str:
    groups = ", ".join(Settings.model_fields)
    return f"The file asterism.toml has {name!r}, which is no group of settings; there are {groups}."


def _is_stray(name: str) -> bool:
    """Whether it names a group that there is not, or lacks an underscore.

    Others may begin like ours: Kubernetes gives every pod `ASTERISM_PORT` and `ASTERISM_SERVICE_HOST` where a service
    is called asterism.
    """
    group, parted, _ = name.partition("__")
    if parted:
        return group not in {f"{PREFIX}{known.upper()}" for known in Settings.model_fields}
    return name in {row.variable.replace("__", "_") for row in rows()}
