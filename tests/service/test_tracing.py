"""Traces: what they show, what they never hold, and that no collector can hold a run up."""

import ast
import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from agent.errors import Misconfigured
from agent.run import Agent
from agent.spans import NoSpans
from agent.threads import Threads
from model_backend.errors import ModelTimeout
from service.measured_spans import MeasuredSpans
from service.metrics import Metrics
from service.otel import OtelSpans, Watched
from service.tracing import open_spans
from tests.doubles import FakeReader, SayingModel, make_agent, searches_for
from tests.service.serving import QUESTION, Replying

ROOT = Path(__file__).parents[2]
NODES = {"plan_queries", "search_web", "read_pages", "select_passages", "write_answer", "check_claims"}


def traced_agent(agent: Agent, spans: object) -> Agent:
    services = replace(agent._services, spans=spans)  # type: ignore[arg-type]
    return Agent(services, Threads(None))


@pytest.fixture
def memory() -> Iterator[tuple[OtelSpans, InMemorySpanExporter]]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield OtelSpans(provider), exporter
    provider.shutdown()


async def test_a_run_is_one_trace_of_its_nodes_searches_pages_and_model_calls(
    memory: tuple[OtelSpans, InMemorySpanExporter],
) -> None:
    spans, exporter = memory
    agent = traced_agent(make_agent(Replying()), spans)
    answers = await asyncio.gather(agent.ask(QUESTION), agent.ask(QUESTION))
    finished = exporter.get_finished_spans()
    assert len({span.context.trace_id for span in finished}) == 2
    for answer in answers:
        run = next(s for s in finished if s.name == "run" and facts(s)["asterism.run_id"] == answer.run_id)
        mine = [span for span in finished if span.context.trace_id == run.context.trace_id]
        by_id = {span.context.span_id: span for span in mine}
        assert {span.name for span in mine} == NODES | {"run", "search", "page", "model"}
        assert {above(span, by_id) for span in mine if span.name in NODES} == {"run"}
        assert {above(span, by_id) for span in mine if span.name == "model"} == {"plan_queries", "write_answer"}
        assert {above(span, by_id) for span in mine if span.name in ("search", "page")} <= NODES
        calls = [span for span in mine if span.name == "model"]
        assert all(facts(call)["gen_ai.usage.output_tokens"] == 5 for call in calls)
        assert {facts(s)["server.address"] for s in mine if s.name == "page"} >= {"tower.example"}
        assert all(span.status.is_unset for span in mine)
    told = " ".join(span.to_json() for span in finished)
    for never in ("Kestrel", "metres", "/kestrel"):
        assert never not in told


async def test_an_error_is_told_by_its_kind_alone(memory: tuple[OtelSpans, InMemorySpanExporter]) -> None:
    spans, exporter = memory
    failing = SayingModel(searches_for("x"), ModelTimeout("http://secret.example said nothing"))
    with pytest.raises(ModelTimeout):
        await traced_agent(make_agent(failing), spans).ask(QUESTION)
    failed = {span.name: span for span in exporter.get_finished_spans() if not span.status.is_unset}
    assert set(failed) == {"run", "write_answer", "model"}
    assert facts(failed["model"])["error.type"] == "ModelTimeout"
    assert "secret.example" not in " ".join(span.to_json() for span in failed.values())


async def test_a_run_that_is_given_up_ends_all_its_spans(memory: tuple[OtelSpans, InMemorySpanExporter]) -> None:
    spans, exporter = memory
    agent = traced_agent(make_agent(Replying(delay_s=0.01), reader=FakeReader(delay_s=30)), spans)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await agent.ask(QUESTION)
    finished = exporter.get_finished_spans()
    assert {span.name for span in finished} >= {"run", "read_pages", "page"}
    assert all(facts(s)["asterism.cancelled"] for s in finished if s.name in ("run", "read_pages", "page"))


async def test_model_calls_are_counted_and_timed_by_how_they_ended() -> None:
    metrics = Metrics()
    spans = MeasuredSpans(NoSpans(), metrics)
    await traced_agent(make_agent(Replying()), spans).ask(QUESTION)
    with pytest.raises(ModelTimeout):
        await traced_agent(make_agent(SayingModel(searches_for("x"), ModelTimeout("late"))), spans).ask(QUESTION)
    text = metrics.text().decode()
    assert 'asterism_model_calls_total{model="saying",outcome="answered"} 3.0' in text
    assert 'asterism_model_calls_total{model="saying",outcome="failed"} 1.0' in text
    assert 'asterism_model_seconds_count{model="saying"} 4.0' in text


def facts(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


def above(span: ReadableSpan, by_id: dict[int, ReadableSpan]) -> str:
    return by_id[span.parent.span_id].name if span.parent else ""


@asynccontextmanager
async def collector(*, answer: bool) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Takes what is sent to /v1/traces; or takes the connection and says nothing."""
    bodies: list[bytes] = []
    closing = asyncio.Event()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert head.startswith(b"post /v1/traces ")
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        bodies.append(await reader.readexactly(length))
        if not answer:
            await closing.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", bodies
    finally:
        closing.set()
        server.close()


async def test_a_collector_gets_the_trace_when_the_service_ends_at_the_latest() -> None:
    async with collector(answer=True) as (url, bodies):
        async with open_spans(url) as spans:
            answer = await traced_agent(make_agent(Replying()), spans).ask(QUESTION)
        sent = [ExportTraceServiceRequest.FromString(body) for body in bodies]
    groups = [group for request in sent for group in request.resource_spans]
    assert {a.value.string_value for g in groups for a in g.resource.attributes if a.key == "service.name"} == {
        "asterism"
    }
    names = [span.name for group in groups for scope in group.scope_spans for span in scope.spans]
    assert names.count("run") == 1
    assert set(names) >= NODES
    assert answer.run_id.encode() in b"".join(bodies)
    assert b"Kestrel" not in b"".join(bodies)


async def test_a_collector_that_hangs_holds_up_neither_a_run_nor_the_end() -> None:
    async with collector(answer=False) as (url, _):
        async with open_spans(url, last_send_s=0.2) as spans:
            agent = traced_agent(make_agent(Replying()), spans)
            for _ in range(3):
                await agent.ask(QUESTION)
            started = time.monotonic()
        assert time.monotonic() - started < 1


async def test_a_collector_that_is_not_there_is_no_concern_of_a_run(caplog: pytest.LogCaptureFixture) -> None:
    async with open_spans("http://127.0.0.1:9", last_send_s=0.2) as spans:
        assert (await traced_agent(make_agent(Replying()), spans).ask(QUESTION)).answer
    assert "127.0.0.1" not in caplog.text


def test_that_nothing_is_delivered_is_told_once_and_its_end_too(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(InMemorySpanExporter):
        broken = True

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            return SpanExportResult.FAILURE if self.broken else SpanExportResult.SUCCESS

    caplog.set_level(logging.INFO)
    inner = Broken()
    exporter = Watched(inner)
    exporter.export([])
    exporter.export([])
    inner.broken = False
    exporter.export([])
    assert [record.message for record in caplog.records] == ["traces cannot be delivered", "traces are delivered again"]


@pytest.mark.parametrize("url", ["collector:4318", "ftp://x", "http://", "http://[", "http://h:0"])
async def test_an_address_that_is_none_is_told_without_being_repeated(url: str) -> None:
    with pytest.raises(Misconfigured, match="trace collector") as told:
        async with open_spans(url):
            pass
    assert url not in str(told.value)


def test_the_sdk_is_loaded_by_one_module_and_that_one_only_where_a_collector_is_set() -> None:
    def loads(path: Path, names: tuple[str, ...], *, anywhere: bool) -> bool:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source if any(name.split(".")[-1] in source for name in names) else "")
        found = ast.walk(tree) if anywhere else tree.body
        modules = [node.module or "" for node in found if isinstance(node, ast.ImportFrom)]
        modules += [alias.name for node in found if isinstance(node, ast.Import) for alias in node.names]
        return any(module.startswith(names) for module in modules)

    sources = [path for package in ("agent", "service") for path in (ROOT / package).rglob("*.py")]
    assert [path.name for path in sources if loads(path, ("opentelemetry",), anywhere=True)] == ["otel.py"]
    assert [path.name for path in sources if loads(path, ("service.otel",), anywhere=True)] == ["tracing.py"]
    assert not any(loads(path, ("service.otel",), anywhere=False) for path in sources)
