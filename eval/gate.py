"""`asterism eval gate`: figures that must not fall, and data that must not change, pinned in `eval/floors.json`.

A floor is lowered only by `asterism eval gate --lower … --because …`, which keeps what it was, when, and why; a floor
that was lowered by hand does not fit its history, and the gate refuses the whole file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.errors import Misconfigured
from eval.harness.case import JUDGED
from eval.harness.folder import RunFolder, put
from eval.harness.plan import EMBEDDED
from eval.metrics import load_metric, metric_names
from eval.suites import load_suite

FLOORS = Path(__file__).parent / "floors.json"
MARGIN = 0.01
"""A new floor is set this far below the figure (or above, where lower is better): two cases of 150 may turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One value that a floor had."""

    value: float
    date: str
    """ISO date."""
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """One figure that must hold."""

    suite: str
    part: str
    arm: str
    metric: str
    value: float
    """At least this; at most, where lower is better."""
    history: tuple[Step, ...]
    """Oldest first; the last one is `value`."""

    @property
    def name(self) -> str:
        """How it is called on the command line."""
        return f"{self.suite}/{self.part}/{self.arm}/{self.metric}"

    def holds(self, figure: float) -> bool:
        """Whether the figure is as good as the floor."""
        return figure <= self.value if load_metric(self.metric).better == "lower" else figure >= self.value

    def is_lower(self, value: float) -> bool:
        """Whether the value asks less than the floor does."""
        return not self.holds(value)


def read_floors(path: Path = FLOORS) -> list[Floor]:
    """The floors, each checked against its history.

    Raises:
        Misconfigured: when the file is damaged, or a floor was changed without the command.
    """
    try:
        plain = json.loads(path.read_text("utf-8"))
        floors = [
            Floor(**{**one, "history": tuple(Step(**step) for step in one["history"])}) for one in plain["floors"]
        ]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Misconfigured(f"{path} cannot be read ({error}).", remedy="Take it from version control.") from error
    for floor in floors:
        _check_history(floor, path)
    return floors


def _check_history(floor: Floor, path: Path) -> None:
    remedy = "Change floors with `asterism eval gate --lower … --because …` or `--raise`."
    if not floor.history or floor.history[-1].value != floor.value:
        raise Misconfigured(f"{path}: {floor.name} is not the last value of its history.", remedy=remedy)
    for before, after in zip(floor.history, floor.history[1:], strict=False):
        fell = Floor(**{**_fields(floor), "value": before.value}).is_lower(after.value)
        if fell and not after.because.strip():
            raise Misconfigured(f"{path}: {floor.name} was lowered without a reason.", remedy=remedy)


def _fields(floor: Floor) -> dict[str, Any]:
    return {name: getattr(floor, name) for name in ("suite", "part", "arm", "metric", "value", "history")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one floor."""

    floor: Floor
    figure: float | None
    """None when the run does not have it."""

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return self.figure is not None and self.floor.holds(self.figure)


def check(folder: RunFolder, floors: Sequence[Floor]) -> tuple[list[Outcome], list[str]]:
    """Every floor of the suites that the run holds, and what is wrong with its data or size.

    A suite that was limited, or asked over other data than the floors were set on, cannot pass: its figures mean
    something else.
    """
    made: Mapping[str, Any] = folder.settings["suites"]
    wrong = not_comparable(folder)
    for name in sorted(made):
        pinned = {file.path: file.sha256 for file in load_suite(name).files}
        changed = [path for path in pinned if made[name]["files"].get(path) != "known"]
        if changed:
            wrong.append(f"{name}: other data than pinned: {', '.join(changed)}")
        if made[name]["limit"] is not None:
            wrong.append(f"{name}: only {made[name]['limit']} questions were asked")
    outcomes = [Outcome(floor=floor, figure=figure(folder, floor)) for floor in floors if floor.suite in made]
    return outcomes, wrong


def not_comparable(folder: RunFolder) -> list[str]:
    """Why the floors, which are those of the embedded model with `drop`, say nothing about a run."""
    identity = folder.settings["identity"]
    wrong = [] if identity["model"] == EMBEDDED else [f"the floors are not those of {identity['model']}"]
    return wrong if identity["policy"] == "drop" else [*wrong, f"the floors are not those of {identity['policy']}"]


def _require_comparable(folder: RunFolder) -> None:
    wrong = not_comparable(folder)
    if wrong:
        raise Misconfigured(f"{wrong[0].capitalize()}.", remedy="Take a run of the embedded model.")


def figure(folder: RunFolder, floor: Floor) -> float | None:
    """The run's figure that a floor is about; None when it has none."""
    model = JUDGED if floor.arm == JUDGED else folder.settings["identity"]["model"]
    figures = folder.read(f"{floor.suite}.figures") or {"rows": []}
    for row in figures["rows"]:
        if (row["model"], row["part"], row["arm"]) == (model, floor.part, floor.arm):
            found = row["figures"].get(floor.metric)
            return None if found is None else float(found["value"])
    return None


def raised(floors: Sequence[Floor], folder: RunFolder, *, today: str | None = None) -> list[Floor]:
    """Each floor moved up to just below the run's figure, where that asks more than before; none is lowered.

    Raises:
        Misconfigured: when the run is of another kind than the floors.
    """
    _require_comparable(folder)
    return [_raised(floor, figure(folder, floor), today) for floor in floors]


def _raised(floor: Floor, found: float | None, today: str | None) -> Floor:
    if found is None:
        return floor
    wanted = _beside(floor, found)
    if floor.is_lower(wanted) or wanted == floor.value:
        return floor
    return _moved(floor, wanted, "raised to the measured figure", today)


def pinned(floors: Sequence[Floor], name: str, folder: RunFolder, *, today: str | None = None) -> list[Floor]:
    """The floors with one more, set just below what the run measured.

    Raises:
        Misconfigured: when the name is no figure of the run or has a floor, or the run is of another kind.
    """
    _require_comparable(folder)
    fields = dict(zip(("suite", "part", "arm", "metric"), name.split("/"), strict=False))
    if fields.get("metric") not in metric_names() or any(floor.name == name for floor in floors):
        raise Misconfigured(
            f"{name!r} is no new floor.", remedy="Write SUITE/PART/ARM/METRIC; move those there are with --raise."
        )
    if load_metric(fields["metric"]).better == "neither":
        raise Misconfigured(
            f"{name} has no better and worse.", remedy="Pin a figure of which more, or less, is better."
        )
    floor = Floor(**fields, value=0.0, history=())
    found = figure(folder, floor)
    if found is None:
        raise Misconfigured(f"The run has no figure {name}.", remedy="Look into its report.")
    return [*floors, _moved(floor, _beside(floor, found), "first measured", today)]


def lowered(floors: Sequence[Floor], name: str, value: float, because: str, *, today: str | None = None) -> list[Floor]:
    """One floor lowered, with its reason.

    Raises:
        Misconfigured: without a reason, for an unknown floor, or when the value would not lower it.
    """
    if not because.strip():
        raise Misconfigured("A floor is not lowered without a reason.", remedy="Give it with --because.")
    floor = next((one for one in floors if one.name == name), None)
    if floor is None:
        raise Misconfigured(f"There is no floor {name!r}.", remedy="`asterism eval gate` lists them.")
    if not floor.is_lower(value):
        raise Misconfigured(f"{value:g} does not lower {name}, which is {floor.value:g}.", remedy="Use --raise.")
    return [_moved(one, value, because, today) if one.name == name else one for one in floors]


def _beside(floor: Floor, found: float) -> float:
    """A value that the figure holds with the margin."""
    return round(found + MARGIN if load_metric(floor.metric).better == "lower" else found - MARGIN, 3)


def _moved(floor: Floor, value: float, because: str, today: str | None) -> Floor:
    step = Step(value=value, date=today or datetime.now(UTC).date().isoformat(), because=because)
    return Floor(**{**_fields(floor), "value": value, "history": (*floor.history, step)})


def write_floors(floors: Sequence[Floor], path: Path = FLOORS) -> None:
    """Write the file anew."""
    put(path, json.dumps({"floors": [asdict(floor) for floor in floors]}, ensure_ascii=False, indent=1) + "\n")


def report(outcomes: Sequence[Outcome], wrong: Sequence[str]) -> str:
    """What holds and what does not, a line each."""
    lines = [
        f"{'ok  ' if one.ok else 'FELL'} {one.floor.name}: "
        f"{'not measured' if one.figure is None else f'{one.figure:.3f}'} "
        f"({'≤' if load_metric(one.floor.metric).better == 'lower' else '≥'} {one.floor.value:g})"
        for one in outcomes
    ]
    if not outcomes:
        lines = ["No floor is set for the suites of this run; `--pin SUITE/PART/ARM/METRIC` sets one."]
    return "\n".join([*lines, *(f"REFUSED {sentence}" for sentence in wrong)])
