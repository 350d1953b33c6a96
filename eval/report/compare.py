"""`asterism eval compare A B`: the same arm of two runs, case by case."""

from eval.harness.folder import RunFolder
from eval.harness.score import PAIRED, Score, compared, from_plain
from eval.report.table import Table, tests_table


def comparison(first: RunFolder, second: RunFolder) -> str:
    """A table for each suite that both runs hold; McNemar's test on the cases that both asked."""
    names = (first.path.name, second.path.name)
    parts = []
    for suite in sorted(set(first.settings["suites"]) & set(second.settings["suites"])):
        table = _suite(first, second, suite)
        if table.rows:
            parts.append(f"{suite}\n\n{table.markdown()}")
    if not parts:
        return f"{names[0]} and {names[1]} have no suite, arm and case in common."
    return f"{names[0]} → {names[1]}\n\n" + "\n\n".join(parts)


def _suite(first: RunFolder, second: RunFolder, suite: str) -> Table:
    mine, theirs = _by_arm(first, suite), _by_arm(second, suite)
    tests = []
    for part, arm in mine:
        if (part, arm) in theirs:
            for metric in PAIRED:
                one, other = (f"{arm} of the first", mine[part, arm]), ("the second", theirs[part, arm])
                tests += [
                    {name: getattr(found, name) for name in ("metric", "part", "first", "second", "shares", "n", "p")}
                    for found in compared(metric, part, one, other)
                ]
    return tests_table(tests)


def _by_arm(folder: RunFolder, suite: str) -> dict[tuple[str, str], dict[str, Score]]:
    """(part, arm) -> case -> score, of the run's own model."""
    model = folder.settings["identity"]["model"]
    found: dict[tuple[str, str], dict[str, Score]] = {}
    for plain in folder.read(f"{suite}.scores") or []:
        score = from_plain(plain)
        if score.model == model:
            found.setdefault((score.part, score.arm), {})[score.case] = score
    return found
