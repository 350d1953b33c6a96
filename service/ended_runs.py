"""Runs that ended lately, kept with their logs for clients that come back."""

from collections import OrderedDict

from service.live_run import LiveRun

KEPT = 128
"""Logs kept; a tenth of a megabyte each at most of what is usual."""
KEPT_BYTES = 32_000_000
"""What they may take together."""


class EndedRuns:
    """The newest runs that ended in this process; the oldest make room."""

    def __init__(self) -> None:
        self._runs: OrderedDict[str, LiveRun] = OrderedDict()
        self._bytes = 0

    def get(self, run_id: str) -> LiveRun | None:
        """The run, while it is kept."""
        return self._runs.get(run_id)

    def keep(self, run: LiveRun) -> None:
        """Keep one more."""
        self._runs[run.id] = run
        self._bytes += run.log.size_bytes
        while len(self._runs) > KEPT or self._bytes > KEPT_BYTES:
            _, oldest = self._runs.popitem(last=False)
            self._bytes -= oldest.log.size_bytes

    def take(self, run_id: str) -> LiveRun | None:
        """The run, no longer kept."""
        run = self._runs.pop(run_id, None)
        if run is not None:
            self._bytes -= run.log.size_bytes
        return run
