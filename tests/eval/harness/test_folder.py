import os
import time
from pathlib import Path

import pytest

from agent.errors import Misconfigured
from eval.harness.folder import RunFolder, find_run, fingerprint, prompt_hashes


def test_only_one_program_writes_into_a_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "one")
    with folder.locked(), pytest.raises(Misconfigured, match="Another program writes"), folder.locked():
        pass
    with folder.locked():
        pass


def test_the_last_line_of_a_case_counts(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for answer in ("first", "second"):
        folder.append("s", {"arm": "search", "case": "1", "answer": answer})
    assert folder.lines("s")["search", "1"]["answer"] == "second"


def test_the_latest_run_is_found_when_none_is_named(tmp_path: Path) -> None:
    for age_s, name in ((100, "old"), (0, "new")):
        RunFolder(tmp_path / name).begin({"model": name})
        moment = time.time() - age_s
        os.utime(tmp_path / name / "run.json", (moment, moment))
    assert find_run(None, tmp_path).path.name == "new"
    assert find_run("old", tmp_path).settings["identity"] == {"model": "old"}
    with pytest.raises(Misconfigured, match="There is no run"):
        find_run("never", tmp_path)


def test_code_and_prompts_have_a_fingerprint() -> None:
    assert fingerprint(("prompts",)) == fingerprint(("prompts",)) != fingerprint(("tools",))
    assert fingerprint(("eval/harness/web.py",)) != fingerprint(("eval/harness/ask.py",))
    assert {"answer", "plan", "direct"} <= prompt_hashes().keys()
