"""`asterism eval …`: measure answers, and how much hallucination search and verification take away."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from eval.harness.case import Arm
    from eval.harness.folder import RunFolder

app = typer.Typer(
    name="eval",
    help="Measure answers, and what search and verification take away of what is false.",
    no_args_is_help=True,
)

DebugOption = Annotated[bool, typer.Option("--debug", help="Show a traceback when something breaks.")]
RunArgument = Annotated[str | None, typer.Argument(help="Name of a run; the latest when left out.")]


@app.command()
def run(
    suites: Annotated[str, typer.Option(help="Suites, with commas between; `all` for every one.")] = "all",
    arms: Annotated[str, typer.Option(help="Arms, with commas between.")] = "closed,search,search+verify",
    model: Annotated[str | None, typer.Option(help="`embedded`, or a name that your server serves.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Questions a suite, drawn by the seed.")] = None,
    seed: Annotated[int, typer.Option(help="Of what is drawn.")] = 0,
    concurrency: Annotated[
        int | None, typer.Option(min=1, max=512, help="Runs at the same time; 1 for `embedded`, else 8.")
    ] = None,
    policy: Annotated[
        Literal["drop", "repair"], typer.Option(help="What search+verify does with claims that are not supported.")
    ] = "drop",
    run: Annotated[str | None, typer.Option("--run", help="Name of the run; made of model and settings.")] = None,
    ray: Annotated[
        int, typer.Option("--ray", min=0, help="Ask on so many Ray workers (extra `ray`); 0 asks in this process.")
    ] = 0,
    debug: DebugOption = False,
) -> None:
    """Ask every question of the suites in every arm; given again, it goes on where it was interrupted."""
    from service.commands.common import guarded, load_settings

    async def work() -> int:
        from eval.harness.plan import Plan
        from eval.harness.run import evaluate
        from eval.report.text import summary

        plan = Plan(
            settings=load_settings(model=model),
            suites=_suites(suites),
            arms=_arms(arms),
            limit=limit,
            seed=seed,
            concurrency=concurrency,
            policy=policy,
            name=run,
            ray=ray,
        )
        spread = None
        if plan.ray:
            from eval.harness.ray_workers import spread_over_ray

            spread = spread_over_ray
        with _progress() as tell:
            folder, skipped = await evaluate(plan, tell=tell, spread=spread)
        print(summary(folder, [name for name in plan.suites if name not in skipped]))
        for name, reason in skipped.items():
            print(f"{name} skipped: {reason}", file=sys.stderr)
        print(f"Kept in {folder.path}; read it with: asterism eval report {folder.path.name}")
        return 0 if len(skipped) < len(plan.suites) else 69

    raise SystemExit(guarded(work, debug=debug))


@app.command()
def report(name: RunArgument = None, debug: DebugOption = False) -> None:
    """Write a run as one HTML page that needs nothing from elsewhere, and as Markdown."""
    from service.commands.common import guarded

    async def work() -> int:
        from eval.report.report import Report

        for path in Report(_find(name)).write():
            print(path)
        return 0

    raise SystemExit(guarded(work, debug=debug))


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="Name of a run.")],
    second: Annotated[str, typer.Argument(help="Name of another.")],
    debug: DebugOption = False,
) -> None:
    """Hold two runs against each other, case by case."""
    from service.commands.common import guarded

    async def work() -> int:
        from eval.report.compare import comparison

        print(comparison(_find(first), _find(second)))
        return 0

    raise SystemExit(guarded(work, debug=debug))


@app.command()
def gate(
    name: RunArgument = None,
    raise_: Annotated[bool, typer.Option("--raise", help="Move floors up to what the run measured.")] = False,
    pin: Annotated[str | None, typer.Option(help="Add a floor for a figure of the run: SUITE/PART/ARM/METRIC.")] = None,
    lower: Annotated[str | None, typer.Option(help="Lower one floor: SUITE/PART/ARM/METRIC=VALUE.")] = None,
    because: Annotated[str, typer.Option(help="Why it is lowered; kept with the floor.")] = "",
    debug: DebugOption = False,
) -> None:
    """Exit with 1 when a figure of a run is below its floor, or was measured on other data than is pinned."""
    from service.commands.common import guarded

    async def work() -> int:
        from eval import gate as gates

        floors = gates.read_floors()
        if lower is not None:
            with _wrong_call():
                floors = gates.lowered(floors, *_floor_value(lower), because)
            gates.write_floors(floors)
            return 0
        folder = _find(name)
        if pin is not None:
            with _wrong_call():
                floors = gates.pinned(floors, pin, folder)
            gates.write_floors(floors)
        outcomes, wrong = gates.check(folder, floors)
        print(gates.report(outcomes, wrong))
        failed = bool(wrong) or not outcomes or any(not one.ok for one in outcomes)
        if raise_ and not failed:
            gates.write_floors(gates.raised(floors, folder))
        return 1 if failed else 0

    raise SystemExit(guarded(work, debug=debug))


@app.command()
def data(debug: DebugOption = False) -> None:
    """List the suites, the files they read with licence and origin, and whether those are the known ones."""
    from service.commands.common import guarded, load_settings

    async def work() -> int:
        from eval.report.text import data_table

        print(data_table(load_settings()))
        return 0

    raise SystemExit(guarded(work, debug=debug))


@contextmanager
def _wrong_call() -> Iterator[None]:
    """What the command line names and is not there is its mistake, and none of the settings.

    Raises:
        InvalidQuestion: for what was told as a wrong setting.
    """
    from agent.errors import InvalidQuestion, Misconfigured

    try:
        yield
    except Misconfigured as error:
        raise InvalidQuestion(str(error), remedy=error.remedy) from error


def _find(name: str | None) -> "RunFolder":
    """The named run, or the latest.

    Raises:
        RunNotFound: when there is none.
    """
    from agent.errors import Misconfigured, RunNotFound
    from eval.harness.folder import find_run

    try:
        return find_run(name)
    except Misconfigured as error:
        raise RunNotFound(str(error), remedy=error.remedy) from error


def _suites(text: str) -> tuple[str, ...]:
    """The names, each checked.

    Raises:
        InvalidQuestion: for a suite that is not there, or for none.
    """
    from agent.errors import InvalidQuestion
    from eval.suites import load_suite, suite_names

    names = suite_names() if text == "all" else [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise InvalidQuestion("No suite is named.", remedy=f"Known: {', '.join(suite_names())}.")
    with _wrong_call():
        for name in names:
            load_suite(name)
    return tuple(dict.fromkeys(names))


def _floor_value(text: str) -> tuple[str, float]:
    """A floor's name and its new value.

    Raises:
        InvalidQuestion: when it is not written so.
    """
    from agent.errors import InvalidQuestion

    name, _, value = text.rpartition("=")
    try:
        return name, float(value)
    except ValueError as error:
        raise InvalidQuestion(f"{text!r} names no value.", remedy="Write SUITE/PART/ARM/METRIC=VALUE.") from error


def _arms(text: str) -> "tuple[Arm, ...]":
    """The arms, each checked, in the order in which they build on each other.

    Raises:
        InvalidQuestion: for an arm that is not there.
    """
    from agent.errors import InvalidQuestion
    from eval.harness.case import ARMS

    asked = {name.strip() for name in text.split(",") if name.strip()}
    unknown = sorted(asked - set(ARMS))
    if unknown or not asked:
        raise InvalidQuestion(f"There is no arm {', '.join(unknown) or text!r}.", remedy=f"Known: {', '.join(ARMS)}.")
    return tuple(arm for arm in ARMS if arm in asked)


@contextmanager
def _progress() -> "Iterator[Callable[[str, int, int], None]]":
    """A bar for each suite and arm on a terminal; elsewhere a line at the end of each."""
    if not sys.stderr.isatty():

        def line(what: str, done: int, of: int) -> None:
            if done == of:
                print(f"{what}: {done}/{of}", file=sys.stderr, flush=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True)) as bars:
        tasks = {}

        def bar(what: str, done: int, of: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=of)
            bars.update(tasks[what], completed=done)

        yield bar
