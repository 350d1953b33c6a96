"""A run's folder: what was asked with which settings, one line for each case, scores and figures.

Lines are appended whole, by one write each, so that a run that is killed loses at most the case under way; a line that
was cut off is dropped when the run goes on.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.errors import Misconfigured

RUNS = Path("eval") / "runs"
"""Below the working folder; not kept by git."""
CODE = (
    "agent",
    "tools",
    "model_backend",
    "prompts",
    "eval/cases.py",
    "eval/datasets",
    "eval/docs_suite.py",
    "eval/sample_web",
    "eval/suites",
    "eval/harness/ask.py",
    "eval/harness/local_library_web.py",
    "eval/harness/web.py",
    "eval/injection.py",
    "eval/verifier/sample_pages.py",
)
"""What makes kept answers those of another program, or to other questions; scoring is always done anew."""

Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Where one run is kept."""

    path: Path

    @property
    def settings(self) -> dict[str, Any]:
        """What the run was made with.

        Raises:
            Misconfigured: when there is no such run.
        """
        try:
            found = json.loads((self.path / "run.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise Misconfigured(
                f"There is no run in {self.path}.", remedy="Make one with `asterism eval run`."
            ) from error
        assert isinstance(found, dict)
        return found

    def write(self, name: str, value: object) -> None:
        """Write a JSON file; never half."""
        text = json.dumps(value, ensure_ascii=False, indent=1)
        put(self.path / f"{name}.json", text + "\n")

    def read(self, name: str) -> Any:
        """A JSON file, or None."""
        path = self.path / f"{name}.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else None

    def begin(self, identity: Mapping[str, object]) -> None:
        """Make the folder, or go on in it.

        Raises:
            Misconfigured: when it holds a run with other settings.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        before = self.read("run")
        if before is None:
            self.write("run", {"identity": identity, "suites": {}})
            return
        changed = [name for name, value in identity.items() if before["identity"].get(name) != value]
        if changed:
            raise Misconfigured(
                f"The run {self.path.name} was made with another {', '.join(changed)}.",
                remedy="Give another name with --run, or none.",
            )

    def lines(self, suite: str) -> dict[tuple[str, str], Line]:
        """(arm, case id) -> its last whole line. A line that was cut off is taken out of the file."""
        path = self.path / f"{suite}.jsonl"
        found: dict[tuple[str, str], Line] = {}
        if not path.exists():
            return found
        whole = 0
        with path.open("rb") as file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    break
                line = json.loads(raw)
                found[line["arm"], line["case"]] = line
                whole += len(raw)
        if whole < path.stat().st_size:
            os.truncate(path, whole)
        return found

    def append(self, suite: str, line: Line) -> None:
        """Add one line by one write."""
        raw = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
        handle = os.open(self.path / f"{suite}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, raw)
        finally:
            os.close(handle)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one program writes into a run.

        Raises:
            Misconfigured: when another one does.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Misconfigured(
                    f"Another program writes into the run {self.path.name}.", remedy="Wait for it, or give --run."
                ) from error
            yield


def put(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    beside = path.with_suffix(path.suffix + ".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def find_run(name: str | None, runs: Path = RUNS) -> RunFolder:
    """The named run, or the one that was written last.

    Raises:
        Misconfigured: when there is none.
    """
    if name is not None:
        path = Path(name) if "/" in name else runs / name
        if (path / "run.json").exists():
            return RunFolder(path)
        raise Misconfigured(f"There is no run {path}.", remedy="`asterism eval run` makes one.")
    found = sorted(runs.glob("*/run.json"), key=lambda path: path.stat().st_mtime)
    if not found:
        raise Misconfigured(f"There is no run in {runs}.", remedy="`asterism eval run` makes one.")
    return RunFolder(found[-1].parent)


def fingerprint(names: Sequence[str] = CODE) -> str:
    """A hash over some files and folders of the project, the same on every machine."""
    root = Path(__file__).parent.parent.parent
    total = hashlib.sha256()
    for name in names:
        for path in sorted((root / name).rglob("*")) or [root / name]:
            if path.is_file() and "__pycache__" not in path.parts:
                total.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def prompt_hashes() -> dict[str, str]:
    """Prompt -> hash of its words."""
    root = Path(__file__).parent.parent.parent / "prompts"
    return {path.stem: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in sorted(root.glob("*.md"))}
