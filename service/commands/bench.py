"""`asterism bench`: time a run against replay servers on loopback. Registered in `service/cli.py`."""

from typing import Annotated, Literal

import typer


def bench(
    runs: Annotated[int, typer.Option(min=1, max=50, help="Questions timed per variant.")] = 5,
    variant: Annotated[
        Literal["keywords", "reworded", "both"],
        typer.Option(help="What the model asks for: the question's own words, other words, or one after the other."),
    ] = "both",
    json: Annotated[
        bool, typer.Option("--json", help="Print the figures as a JSON list, one object a variant.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Exit with 1 when a bar is missed.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show a traceback when something breaks.")] = False,
) -> None:
    """Time a run against replay servers with fixed delays: search, pages and a model, all on loopback."""
    from service.commands.common import guarded

    async def work() -> int:
        from json import dumps

        from eval.bench.measure import run_bench
        from eval.bench.pace import Pace
        from eval.bench.report import heading, table, to_plain

        pace = Pace()
        reports = await run_bench(pace, ["keywords", "reworded"] if variant == "both" else [variant], runs=runs)
        if json:
            print(dumps([to_plain(report) for report in reports], indent=2))
        else:
            print("\n\n".join([heading(pace, runs), *(table(report) for report in reports)]))
        return 1 if check and any(report.missed for report in reports) else 0

    raise SystemExit(guarded(work, debug=debug))
