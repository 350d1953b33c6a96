"""Files of evaluation data, known by checksum. None of the data is part of this project: the folder is the user's."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from agent.errors import AgentError

FileState = Literal["known", "changed", "missing"]
"""`known`: byte for byte the file that the published figures were measured on."""


class DataMissing(AgentError):
    """A file of the evaluation data is not there."""


class DataUnreadable(AgentError):
    """A file of the evaluation data is not what it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file that a suite reads."""

    path: str
    """Below the data folder."""
    sha256: str
    """Of the file that the published figures were measured on; it never changes silently."""
    licence: str
    """What its publisher allows, in a few words."""
    origin: str
    """Where it was published."""


def state_of(file: DataFile, folder: Path) -> FileState:
    """Whether the file is there, and the known one."""
    path = folder / file.path
    if not path.is_file():
        return "missing"
    return "known" if hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256 else "changed"


def rows(file: DataFile, folder: Path) -> list[dict[str, Any]]:
    """The rows of a gzipped file of JSON lines, in order; empty lines are passed over.

    Raises:
        DataMissing: when the file is not there.
        DataUnreadable: when it is no such file; the message names file and line.
    """
    path = folder / file.path
    if not path.is_file():
        raise missing(path)
    found: list[dict[str, Any]] = []
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise ValueError("it is not a JSON object")
                    found.append(row)
    except (OSError, EOFError, ValueError) as error:
        raise DataUnreadable(
            f"{path}, line {number}: {error}.", remedy="Fetch the file again; `asterism eval data` says from where."
        ) from error
    return found


def missing(path: Path) -> DataMissing:
    """The error for a file that is not there."""
    return DataMissing(
        f"There is no file {path}.", remedy="Point ASTERISM_EVAL__DATA_DIR at the folder of the evaluation data."
    )
