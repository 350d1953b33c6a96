"""What the tiny model is taught: our own prompts, taken from real runs of the agent, with the replies it must give.

`python -m eval.engine.dialogues FILE` writes them as JSON; the engine's own environment trains on that file.
"""

import asyncio
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from agent.options import AskOptions
from eval.engine.web import SAMPLES, Sample, open_fixed_agent
from model_backend import ChatRequest
from model_backend.openai_compatible import probing
from model_backend.openai_compatible.compose import compose
from model_backend.openai_compatible.wire import body_of
from model_backend.profiles import Rung, load_profile
from model_backend.scripted import ScriptedModel, search_for

PROFILE = load_profile("megrez-3b-instruct")
NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)
"""The clock of the dialect's prompt, in training and in the test."""
WAYS: Sequence[Rung] = ("native", "dialect", "json_schema")
GREETING, GREETED = "Hello!", "Hello. What shall I look up?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """A prompt and its reply."""

    messages: list[dict[str, object]]
    tools: list[object]
    reply: str


async def collect() -> list[Dialogue]:
    """Every dialogue of the test."""
    dialogues: list[Dialogue] = []
    for sample in SAMPLES:
        plan, answer = await _requests(sample)
        dialogues += [_dialogue(plan, way, _call(way, sample.query)) for way in WAYS]
        dialogues.append(_dialogue(answer, "json_words", sample.answer))
    greeting = Sample(question=GREETING, language="en", query="", answer=GREETED)
    plan, answer = await _requests(greeting)
    dialogues += [_dialogue(plan, way, "none" if way in ("native", "dialect") else _call(way, "")) for way in WAYS]
    dialogues.append(_dialogue(answer, "json_words", GREETED))
    probe = probing.probe_request()
    return dialogues + [_dialogue(probe, way, _call(way, "Oslo weather")) for way in WAYS]


async def _requests(sample: Sample) -> tuple[ChatRequest, ChatRequest]:
    """The two requests of a run, as the agent makes them."""
    model = ScriptedModel(script=[search_for(sample.query) if sample.query else "none", sample.answer])
    with tempfile.TemporaryDirectory() as folder:
        async with open_fixed_agent(model, Path(folder)) as agent:
            await agent.ask(sample.question, AskOptions(depth="quick"))
    plan, answer = model.requests
    return plan, answer


def _call(way: Rung, query: str) -> str:
    if way == "json_schema":
        named = {"name": "search_web", "arguments": {"query": query}} if query else {"name": "none", "arguments": {}}
        return json.dumps(named, ensure_ascii=False)
    name = "googleWebSearch" if way == "dialect" else "search_web"
    call = json.dumps({"name": name, "arguments": {"query": query}}, ensure_ascii=False)
    return f"<|function_start|>{call}<|function_end|>"


def _dialogue(request: ChatRequest, way: Rung, reply: str) -> Dialogue:
    messages = compose(request, PROFILE, way, "vllm", NOW)
    body = body_of(request, messages, model="", profile=PROFILE, rung=way)
    tools = body.get("tools")
    return Dialogue(messages=messages, tools=tools if isinstance(tools, list) else [], reply=reply)


def main() -> None:
    """Write the dialogues to the file named."""
    dialogues = asyncio.run(collect())
    Path(sys.argv[1]).write_text(json.dumps([asdict(one) for one in dialogues], ensure_ascii=False), encoding="utf-8")
    print(f"{len(dialogues)} dialogues")


if __name__ == "__main__":
    main()
