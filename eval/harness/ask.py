"""Asking one case in one arm: the real run over the case's closed web, and everything it tells as one line."""

import random
from collections.abc import Sequence
from contextlib import aclosing

from agent.events import EVENT
from agent.options import AskOptions, VerifyPolicy
from agent.run import Agent
from agent.services import Services
from agent.settings import Settings
from agent.threads import Threads
from agent.verify.opinion import Layer
from eval.harness.case import Arm, Case, Loaded
from eval.harness.folder import Line
from eval.harness.witness import Witness
from model_backend import ChatModel


class Asker:
    """Asks cases of one suite; safe for several at once."""

    def __init__(
        self,
        model: ChatModel,
        settings: Settings,
        threads: Threads,
        loaded: Loaded,
        policy: VerifyPolicy,
        layers: Sequence[Layer] = (),
    ) -> None:
        self._model = model
        self._settings = settings
        self._threads = threads
        self._loaded = loaded
        self._policy = policy
        self._layers = layers

    async def ask(self, suite: str, arm: Arm, case: Case) -> Line:
        """Run once; a run that fails is a line, too, with its terminal event."""
        witness = Witness(self._model)
        web = self._loaded.web(case)
        # No fallback: a model that does not answer must not be counted as the embedded one.
        services = Services(
            model=witness, fallback=None, searcher=web, reader=web, settings=self._settings, layers=self._layers
        )
        events = []
        async with aclosing(Agent(services, self._threads).stream(case.question, self._options(arm, case))) as told:
            async for event in told:
                events.append(EVENT.dump_python(event, mode="json"))
        return {
            "suite": suite,
            "arm": arm,
            "case": case.id,
            "shown": [list(one) for one in witness.shown],
            "confidence": witness.confidence,
            "kept_ms": round(witness.kept_s * 1000),
            "events": events,
        }

    def _options(self, arm: Arm, case: Case) -> AskOptions:
        return AskOptions(
            search="never" if arm == "closed" else case.search,
            language=case.language,
            verify=self._policy if arm == "search+verify" else "flag",
            turns=case.turns,
        )


def ended_well(line: Line) -> bool:
    """Whether there is an answer; a run that failed is asked again when the evaluation goes on."""
    return bool(line["events"]) and line["events"][-1]["type"] == "run.completed"


def some_of(cases: Sequence[Case], limit: int | None, seed: int) -> list[Case]:
    """At most `limit` clusters (questions), drawn by the seed, with all of their cases, in the suite's order."""
    clusters = list(dict.fromkeys(case.cluster or case.id for case in cases))
    if limit is not None and limit < len(clusters):
        clusters = random.Random(seed).sample(clusters, limit)
    chosen = set(clusters)
    return [case for case in cases if (case.cluster or case.id) in chosen]
