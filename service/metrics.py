"""Prometheus metrics, fed by the events of the runs and by the requests. One registry per app."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from agent.events import AnswerDelta, Event, PageFailed, PageRead, ResultsFound, RunCompleted, RunFailed, RunStarted

RUN_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)
"""Seconds: from an embedded model over a library to a deep run at its deadline."""
STEP_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30)
LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1)


class Metrics:
    """What `/metrics` shows."""

    def __init__(self) -> None:
        registry = self.registry = CollectorRegistry()
        self.runs = Counter("asterism_runs", "Runs that ended, by how.", ["outcome"], registry=registry)
        self.run_seconds = Histogram(
            "asterism_run_seconds", "Wall time of a run that was answered.", buckets=RUN_BUCKETS, registry=registry
        )
        self.node_seconds = Histogram(
            "asterism_node_seconds", "Wall time per node.", ["node"], buckets=STEP_BUCKETS, registry=registry
        )
        self.first_word_seconds = Histogram(
            "asterism_first_word_seconds",
            "From the beginning of a run to the first word of its answer.",
            buckets=RUN_BUCKETS,
            registry=registry,
        )
        self.searches = Counter(
            "asterism_searches", "Searches, by provider and outcome.", ["provider", "outcome"], registry=registry
        )
        self.search_seconds = Histogram(
            "asterism_search_seconds", "Wall time of a search.", ["provider"], buckets=STEP_BUCKETS, registry=registry
        )
        self.pages = Counter("asterism_pages", "Pages, by outcome.", ["outcome"], registry=registry)
        self.page_seconds = Histogram(
            "asterism_page_seconds", "From a page's request to its text.", buckets=STEP_BUCKETS, registry=registry
        )
        self.model_calls = Counter(
            "asterism_model_calls", "Model calls, by model and outcome.", ["model", "outcome"], registry=registry
        )
        self.model_seconds = Histogram(
            "asterism_model_seconds",
            "Wall time of a model call, to its last word.",
            ["model"],
            buckets=STEP_BUCKETS,
            registry=registry,
        )
        self.tokens = Counter("asterism_tokens", "Tokens of all model calls.", ["model", "kind"], registry=registry)
        self.requests = Counter(
            "asterism_http_requests", "Requests, by route and status.", ["method", "route", "status"], registry=registry
        )
        self.request_seconds = Histogram(
            "asterism_http_request_seconds",
            "Wall time of a request.",
            ["route"],
            buckets=RUN_BUCKETS,
            registry=registry,
        )
        self.loop_lag_seconds = Histogram(
            "asterism_loop_lag_seconds", "How late the event loop wakes.", buckets=LAG_BUCKETS, registry=registry
        )
        self._started: dict[str, float] = {}
        self._gauges: list[Gauge] = []

    def gauge(self, name: str, meaning: str, value: Callable[[], float]) -> None:
        """Show a number that is looked up when the metrics are read."""
        gauge = Gauge(name, meaning, registry=self.registry)
        gauge.set_function(value)
        self._gauges.append(gauge)

    def observe(self, event: Event) -> None:
        """Count what an event tells."""
        match event:
            case RunStarted():
                self._started[event.run_id] = time.monotonic()
            case AnswerDelta():
                self._first_word(event.run_id)
            case ResultsFound():
                outcome = "failed" if event.error else "cached" if event.cached else "answered"
                self.searches.labels(event.provider or "none", outcome).inc()
                self.search_seconds.labels(event.provider or "none").observe(event.ms / 1000)
            case PageRead():
                self.pages.labels("read").inc()
                self.page_seconds.observe(event.ms / 1000)
            case PageFailed():
                self.pages.labels("failed").inc()
            case RunCompleted():
                self._completed(event)
            case RunFailed():
                self._started.pop(event.run_id, None)
                self.runs.labels(event.problem.code).inc()

    def text(self) -> bytes:
        """Prometheus' exposition format."""
        return generate_latest(self.registry)

    def _first_word(self, run_id: str) -> None:
        started = self._started.get(run_id, 0.0)
        if started > 0:
            self.first_word_seconds.observe(time.monotonic() - started)
            # Kept as a sign, so that only the first word counts.
            self._started[run_id] = 0.0

    def _completed(self, event: RunCompleted) -> None:
        answer = event.answer
        self._started.pop(event.run_id, None)
        self.runs.labels("abstained" if answer.abstained else "answered").inc()
        self.tokens.labels(answer.model, "input").inc(answer.usage.input_tokens)
        self.tokens.labels(answer.model, "output").inc(answer.usage.output_tokens)
        for node, ms in answer.timings.items():
            histogram = self.run_seconds if node == "total" else self.node_seconds.labels(node)
            histogram.observe(ms / 1000)
