"""What the commands print."""

from collections.abc import Sequence
from pathlib import Path

from agent.settings import Settings
from eval.harness.case import JudgeSuite
from eval.harness.datafile import state_of
from eval.harness.folder import RunFolder
from eval.report.reduction import reduction_table
from eval.report.table import brief_table
from eval.suites import load_suite, suite_names

EXTRACTIVE = (
    "The embedded model quotes pages and knows nothing of its own: its rows show retrieval, abstention and citation "
    "quality, and no reduction of hallucination can be read from them."
)


def summary(folder: RunFolder, suites: Sequence[str]) -> str:
    """The tables of some suites, for a terminal."""
    model = str(folder.settings["identity"]["model"])
    parts = []
    for name in suites:
        figures = folder.read(f"{name}.figures")
        if figures:
            parts.append(
                f"{name}: {figures['title']}{_changed(folder, name)}\n\n{brief_table(figures, model).plain(words=2)}"
            )
    if model == "embedded":
        parts.append(EXTRACTIVE)
    else:
        found = {name: figures for name in suites if (figures := folder.read(f"{name}.figures"))}
        taken = reduction_table(found, model)
        if taken.rows:
            parts.append(f"What search and verification take away of what is wrong:\n\n{taken.plain(words=3)}")
    return "\n\n".join(parts) + "\n"


def _changed(folder: RunFolder, name: str) -> str:
    """A warning where the figures are of other data than the published ones."""
    files = folder.settings["suites"][name]["files"]
    changed = [path for path, state in files.items() if state != "known"]
    return f"\nOther data than the published figures were measured on: {', '.join(changed)}." if changed else ""


def data_table(settings: Settings) -> str:
    """Suites, their files, licences, origins, and whether the files are the known ones."""
    folder = Path(settings.eval.data_dir or "evaldata")
    lines = [f"data folder: {folder}" + ("" if settings.eval.data_dir else " (ASTERISM_EVAL__DATA_DIR is not set)")]
    for name in suite_names():
        suite = load_suite(name)
        kind = "judged claims" if isinstance(suite, JudgeSuite) else ", ".join(suite.arms)
        lines.append(f"\n{name}: {suite.title} ({kind})")
        lines += [
            f"  {state_of(file, folder):<8} {file.path}  {file.sha256[:12]}…  {file.licence}; {file.origin}"
            for file in suite.files
        ]
        if not suite.files:
            lines.append("  part of this project")
        if suite.missing():
            lines.append(f"  {suite.missing()}")
    return "\n".join(lines)
