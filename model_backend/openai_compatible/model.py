"""A model behind one or several OpenAI-compatible servers (vLLM, SGLang, llama.cpp, Ollama, hosted APIs)."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime

from model_backend.attachments import check_against, check_attachments
from model_backend.chat import Attachment, ChatRequest, Delta
from model_backend.errors import ModelError, ModelTimeout, ModelUnreachable
from model_backend.openai_compatible import faults
from model_backend.openai_compatible.answering import answer_on
from model_backend.openai_compatible.deciding import decide_on
from model_backend.openai_compatible.exchange import Manner
from model_backend.openai_compatible.ladder import IN_WORDS
from model_backend.openai_compatible.probing import ProbeReport, probe_server
from model_backend.openai_compatible.report import ServerReport, inspect_server
from model_backend.openai_compatible.server import LISTING_TIMEOUT_S, Server
from model_backend.profiles import DEFAULT_ID, ModelProfile, Rung, load_profile, pick_profile

TRIES = 2
"""A 5xx or a dropped connection is tried once more, as long as nothing was streamed."""
RETRY_PAUSE_S = (0.1, 0.4)
"""Bounds of the random pause before it, so that many clients do not come back at the same moment."""
PROBE_TIMEOUT_S = 20.0
"""Longest time a start waits for the probe of one server: four short calls of a slow model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """Where a model is served and how patient to be."""

    base_url: str
    """`http://HOST:PORT/v1`; several replicas are separated by commas."""
    name: str
    """The name the server serves."""
    api_key: str = ""
    """Sent as a bearer token; empty sends none."""
    profile: str = "auto"
    """Profile id; `auto` picks by name, then by what the server says it loaded."""
    context_tokens: int | None = None
    """Window to use at most; unset takes the server's, or the profile's while that is unknown."""
    first_token_timeout_s: float = 30.0
    """Longest wait for the first token, in seconds."""
    next_token_timeout_s: float = 15.0
    """Longest wait between two tokens, in seconds."""
    rung: Rung | None = None
    """Only this way to function calls (tests, `model probe`); unset finds out."""


def create(options: ModelOptions) -> "OpenAICompatibleModel":
    """Build the model; nothing is sent yet.

    Raises:
        ModelError: when the address is none, or there is no such profile.
    """
    return OpenAICompatibleModel(options)


class OpenAICompatibleModel:
    """Implements `ChatModel`; safe for concurrent calls within one event loop."""

    def __init__(
        self,
        options: ModelOptions,
        *,
        pause_s: Callable[[], float] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self._options = options
        auto = options.profile == "auto"
        self._profile: ModelProfile = pick_profile(options.name) if auto else load_profile(options.profile)
        addresses = [part.strip() for part in options.base_url.split(",") if part.strip()] or [""]
        self._servers = [Server(address, options.api_key, self._profile, options.rung) for address in addresses]
        self._turn = 0
        self._pause_s = pause_s or (lambda: random.uniform(*RETRY_PAUSE_S))
        self._now = now

    @property
    def name(self) -> str:
        """The name the server serves."""
        return self._options.name

    @property
    def profile(self) -> str:
        """Id of the profile in use."""
        return self._profile.id

    @property
    def context_tokens(self) -> int:
        """The smallest of what was set and what the servers told; the profile's while neither is known.

        Unless it was set, never more than what the model makes good use of.
        """
        told = [server.window for server in self._servers if server.window]
        known = [*told, *([self._options.context_tokens] if self._options.context_tokens else [])]
        window = min(known, default=self._profile.context_tokens)
        ceiling = self._profile.ceiling_tokens
        return window if self._options.context_tokens or ceiling is None else min(window, ceiling)

    def count_tokens(self, text: str) -> int:
        """Estimated tokens, erring high, by what the servers taught us."""
        return max(server.calibration.count(text) for server in self._servers)

    @property
    def probed(self) -> bool:
        """Whether every server was found out about: how it makes function calls."""
        return all(server.probed for server in self._servers)

    @property
    def ways(self) -> str:
        """How function calls are made now, in words; of several servers, each."""
        return ", ".join(dict.fromkeys(IN_WORDS[server.ladder.current] for server in self._servers))

    async def prepare(self, *, probe: bool = False) -> None:
        """Load the SDK and learn the window; never fails, and takes at most `LISTING_TIMEOUT_S` beside the loading.

        Optional: the first `stream` does the same beside its request, so that the second call knows. With `probe`,
        find out as well which way to function calls each server manages that was not probed yet (up to
        `PROBE_TIMEOUT_S`); one that is down or in trouble stays unprobed, so that calling again makes sense.
        """
        await asyncio.gather(*(self._prepare_one(server, probe=probe) for server in self._servers))

    async def check_files(self, files: Sequence[Attachment]) -> None:
        """See `model_backend.attachments.TakesFiles`. Asks the server first when only it can say what is served."""
        await self.prepare()
        check_against(files, self._profile)

    async def stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer one request; see `ChatModel.stream`."""
        check_attachments(request, self._profile)
        attempts = self._attempts()
        for place, server in enumerate(attempts):
            begun = False
            try:
                async with aclosing(self._on(server, request)) as deltas:
                    async for delta in deltas:
                        begun = True
                        yield delta
                server.breaker.succeeded()
                return
            except (ModelUnreachable, ModelTimeout) as error:
                server.breaker.failed()
                # It may be restarted with other flags.
                server.probed = server.probed and not isinstance(error, ModelUnreachable)
                last = place + 1 == len(attempts)
                again = not last and attempts[place + 1] is server
                if begun or last or (again and not isinstance(error, faults.ServerHiccup)):
                    raise
                pause_s = self._pause_s() if again else 0.0
            except ModelError:
                # It answers, and says no: the server is well.
                server.breaker.succeeded()
                raise
            await asyncio.sleep(pause_s)

    async def check(self) -> ServerReport:
        """Ask each server about itself, then for one token; the first that is not well, else the first."""
        reports = [
            await inspect_server(self._alone(server), server.connection, timeout_s=LISTING_TIMEOUT_S)
            for server in self._servers
        ]
        return next((report for report in reports if not report.healthy), reports[0])

    async def probe(self) -> list[ProbeReport]:
        """Try every way to function calls on every server, and settle on the best that works."""
        return [await self._probe(server) for server in self._servers]

    async def aclose(self) -> None:
        """Give back connections."""
        await asyncio.gather(*(server.aclose() for server in self._servers))

    async def _prepare_one(self, server: Server, *, probe: bool) -> None:
        if not server.known:
            await asyncio.shield(server.learn(self.name))
            self._note(server)
        if probe and not server.probed:
            try:
                async with asyncio.timeout(PROBE_TIMEOUT_S):
                    await self._probe(server, until_one_works=True)
            except TimeoutError:
                return

    async def _probe(self, server: Server, *, until_one_works: bool = False) -> ProbeReport:
        if not server.known:
            await asyncio.shield(server.learn(self.name))
        self._note(server)
        report = await probe_server(server, self._manner(), until_one_works=until_one_works)
        server.probed = report.learned
        return report

    async def _on(self, server: Server, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        if not server.known:
            server.learn(self.name)
        self._note(server)
        manner = self._manner()
        work = decide_on(server, manner, request) if request.tools else answer_on(server, manner, request)
        async with aclosing(work) as deltas:
            async for delta in deltas:
                yield delta

    def _attempts(self) -> list[Server]:
        """The servers to try, in turn, those that failed lately last; one alone is tried twice.

        Raises:
            ModelUnreachable: when every one failed lately.
        """
        self._turn += 1
        at = self._turn % len(self._servers)
        turned = [*self._servers[at:], *self._servers[:at]]
        well = [server for server in turned if server.breaker.closed_in_s == 0]
        if not well:
            wait_s = min(server.breaker.closed_in_s for server in turned)
            addresses = ", ".join(server.base_url for server in turned)
            raise ModelUnreachable(
                f"The model server at {addresses} failed several times in a row and is left alone for {wait_s:.0f} s.",
                remedy=faults.START_OR_POINT,
            )
        return well if len(well) > 1 else well * TRIES

    def _manner(self) -> Manner:
        return Manner(
            name=self.name,
            profile=self._profile,
            window=self.context_tokens,
            first_s=self._options.first_token_timeout_s,
            next_s=self._options.next_token_timeout_s,
            now=self._now(),
        )

    def _note(self, server: Server) -> None:
        """A name that says nothing may stand for a model that is known by what was loaded."""
        served = server.served
        if served and served.root and self._options.profile == "auto" and self._profile.id == DEFAULT_ID:
            better = pick_profile(served.root)
            if better.id != DEFAULT_ID:
                self._profile = better
                for one in self._servers:
                    one.use(better)

    def _alone(self, server: Server) -> "_OneServer":
        return _OneServer(self, server)


class _OneServer:
    """One replica, as the inspection wants it: without second tries and without the others."""

    def __init__(self, model: OpenAICompatibleModel, server: Server) -> None:
        self._model = model
        self._server = server
        self.name = model.name

    def stream(self, request: ChatRequest) -> AsyncGenerator[Delta, None]:
        """Answer one request."""
        return self._model._on(self._server, request)
