"""`asterism doctor`: is everything there that a question needs, and how is it mended?"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from agent.build import make_embedder, make_model, make_reranker, provider_options
from agent.errors import AgentError
from agent.settings import Settings
from agent.store import open_threads
from model_backend.errors import ModelError
from model_backend.openai_compatible import OpenAICompatibleModel, ProbeReport
from model_backend.rerank import Embedder
from service.commands.common import guarded, load_settings
from tools.errors import SearchNotSetUp, ToolError
from tools.local_library import Library
from tools.render import find_browser
from tools.search import SearchRequest, make_provider

PROBE_QUERY = "asterism star pattern"
"""A harmless query that any provider of the web has results for."""
PROBE_TIMEOUT_S = 8.0
"""Longest wait for one provider."""
CALLS_TIMEOUT_S = 60.0
"""Longest wait for all ways to a function call: four short replies of each server."""

State = Literal["ok", "note", "bad"]
SIGNS: dict[State, str] = {"ok": "✓", "note": "–", "bad": "✗"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    part: str
    state: State
    told: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"\n    → {self.remedy}" if self.remedy else ""
        return f"{SIGNS[self.state]} {self.part}: {self.told}{remedy}"


def run_doctor(*, debug: bool) -> int:
    """Look at everything; exit code 0 when questions can be answered, 69 when not."""

    async def work() -> int:
        settings = load_settings()
        findings = []
        async for finding in examine(settings):
            print(finding, flush=True)
            findings.append(finding)
        return verdict(findings)

    return guarded(work, debug=debug)


def verdict(findings: list[Finding]) -> int:
    """Answers need the store, a model, and one provider that works."""
    searching = [finding for finding in findings if finding.part.startswith("search ")]
    needed = [finding for finding in findings if finding not in searching]
    broken = any(finding.state == "bad" for finding in needed)
    return 69 if broken or not any(finding.state == "ok" for finding in searching) else 0


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Findings, as they come."""
    async for finding in examine_model(settings):
        yield finding
    async for finding in examine_ranking(settings):
        yield finding
    for name in settings.search.providers:
        yield await examine_provider(name, settings)
    yield await examine_store(settings)
    if settings.fetch.render:
        yield examine_browser(settings)


async def examine_model(settings: Settings) -> AsyncIterator[Finding]:
    """Does the model server serve the model, and how does it make function calls?"""
    if settings.model.name == "embedded":
        yield _embedded(settings)
        return
    try:
        model = make_model(settings)
    except (ModelError, AgentError) as error:
        yield Finding(part="model", state="bad", told=str(error), remedy=error.remedy)
        return
    try:
        if not isinstance(model, OpenAICompatibleModel):
            yield Finding(part="model", state="ok", told=model.name)
            return
        report = await model.check()
        if not report.healthy:
            yield Finding(part="model", state="bad", told=report.problem, remedy=report.remedy)
            return
        window = f", {report.context_tokens:,} tokens" if report.context_tokens else ""
        yield Finding(
            part="model", state="ok", told=f"{report.name} (profile {model.profile}) at {report.base_url}{window}"
        )
        yield await examine_calls(model)
    finally:
        await model.aclose()


def _embedded(settings: Settings) -> Finding:
    told = "embedded (picks sentences from the pages; nothing to reach)"
    if settings.model.left_out:
        return Finding(part="model", state="note", told=told, remedy=settings.model.left_out)
    return Finding(part="model", state="ok", told=told)


async def examine_calls(model: OpenAICompatibleModel) -> Finding:
    """Which ways to a function call does each server manage?"""
    part = "model calls"
    try:
        async with asyncio.timeout(CALLS_TIMEOUT_S):
            reports = await model.probe()
    except TimeoutError:
        return Finding(
            part=part,
            state="note",
            told=f"not found out within {CALLS_TIMEOUT_S:.0f} s",
            remedy="See whether the server is busy; `asterism model probe` takes all the time it needs.",
        )
    told = "; ".join(_ways(report) for report in reports)
    if all(report.learned and report.settled != "rules" for report in reports):
        return Finding(part=part, state="ok", told=told)
    if not all(report.learned for report in reports):
        return Finding(part=part, state="note", told=told, remedy="Look into the server's log, and run this again.")
    return Finding(
        part=part,
        state="note",
        told=told,
        remedy="Questions are searched by rules. Start vLLM with --enable-auto-tool-choice and --tool-call-parser, "
        "or choose another profile (`asterism model list`).",
    )


def _ways(report: ProbeReport) -> str:
    if not report.learned:
        return f"{report.base_url} gave no reply to the probe"
    tried = ", ".join(f"{one.rung} {'works' if one.works else 'does not'}" for one in report.tried)
    return f"{tried}; used: {report.settled}"


async def examine_ranking(settings: Settings) -> AsyncIterator[Finding]:
    """Do the servers that put passages in order answer? Without them the order is that of words."""
    for part, make in (("embeddings", make_embedder), ("reranking", make_reranker)):
        try:
            server = make(settings)
        except (AgentError, ModelError) as error:
            yield Finding(part=part, state="bad", told=str(error), remedy=error.remedy)
            continue
        if server is None:
            continue
        try:
            if isinstance(server, Embedder):
                told = f"{len((await server.vectors([PROBE_QUERY]))[0])} dimensions"
            else:
                told = f"{len(await server.scores(PROBE_QUERY, [PROBE_QUERY]))} text scored"
            yield Finding(part=part, state="ok", told=told)
        except ModelError as error:
            yield Finding(
                part=part,
                state="note",
                told=f"{error} Passages keep the order of their words.",
                remedy="Check the settings ASTERISM_RANK__… and the log of that server.",
            )
        finally:
            await server.aclose()


async def examine_provider(name: str, settings: Settings) -> Finding:
    """Does the provider answer?"""
    part = f"search {name}"
    try:
        provider = make_provider(name, provider_options(settings))
    except ToolError as error:
        return Finding(part=part, state="bad", told=str(error), remedy=error.remedy)
    try:
        async with asyncio.timeout(PROBE_TIMEOUT_S):
            results = await provider.search(SearchRequest(query=PROBE_QUERY, max_results=3))
    except SearchNotSetUp as error:
        return Finding(part=part, state="note", told=str(error), remedy=error.remedy)
    except ToolError as error:
        return Finding(part=part, state="bad", told=str(error), remedy=error.remedy)
    except TimeoutError:
        return Finding(part=part, state="bad", told=f"no answer within {PROBE_TIMEOUT_S:.0f} s")
    finally:
        await provider.aclose()
    if name == "library":
        return examine_library(settings)
    return Finding(part=part, state="ok", told=f"{len(results)} results for a probe")


def examine_library(settings: Settings) -> Finding:
    """How much is in the library?"""
    path = settings.local_library_path()
    with Library.open(path) as library:
        count = sum(root.pages for root in library.roots())
    return Finding(part="search library", state="ok", told=f"{count:,} pages in {path}")


def examine_browser(settings: Settings) -> Finding:
    """Is there what draws pages that are empty without JavaScript?"""
    try:
        return Finding(part="rendering", state="ok", told=find_browser(settings.fetch.render_browser))
    except ToolError as error:
        return Finding(part="rendering", state="bad", told=str(error), remedy=error.remedy)


async def examine_store(settings: Settings) -> Finding:
    """Can threads be kept?"""
    try:
        async with open_threads(settings.store.url, settings.store_path()):
            return Finding(part="store", state="ok", told=where_threads_are(settings))
    except AgentError as error:
        return Finding(part="store", state="bad", told=str(error), remedy=error.remedy)


def where_threads_are(settings: Settings) -> str:
    """The store in words that may be shown: an address of a server may hold a password."""
    url = urlsplit(settings.store.url)
    if url.hostname and url.scheme.startswith("postgres"):
        return f"{url.scheme}://{url.hostname}{url.path}"
    return settings.store.url if settings.store.url == "memory://" else str(settings.store_path())
