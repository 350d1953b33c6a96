"""The bench as one call: replay servers up, every variant timed, servers down."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from eval.bench.pace import Pace
from eval.bench.replay import replaying
from eval.bench.report import VariantReport, summarise
from eval.bench.run import Variant, time_runs


async def run_bench(pace: Pace, variants: Sequence[Variant], *, runs: int) -> list[VariantReport]:
    """Time `runs` questions for each variant.

    Raises:
        RuntimeError: when the replay servers do not start, or a run fails.
    """
    with tempfile.TemporaryDirectory(prefix="asterism-bench-") as folder:
        async with replaying(pace) as addresses:
            return [
                summarise(variant, await time_runs(addresses, pace, variant, Path(folder), runs=runs))
                for variant in variants
            ]
