"""`asterism chat`: a conversation on the terminal."""

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace

from agent.build import open_agent
from agent.events import RunFailed, RunStarted
from agent.options import AskOptions
from agent.run import Agent
from service.commands.common import end_on_sigterm, fail, guarded, load_settings
from service.commands.lines import Lines
from service.commands.show import Show

LEAVE = {"exit", "quit", ":q", "退出", "再见"}
"""Words that end the conversation; so do Ctrl-D and Ctrl-C at the prompt."""


def run_chat(
    options: AskOptions, providers: Sequence[str] | None, model: str | None, *, color: bool, debug: bool
) -> int:
    """Read questions until the user leaves; returns the exit code."""
    if sys.stdin is None:
        return fail("Standard input is closed, so there is nobody to talk to.", os.EX_NOINPUT)
    lines = Lines(sys.stdin.fileno())

    async def work() -> int:
        end_on_sigterm()
        async with open_agent(load_settings(providers, model)) as agent:
            if options.thread_id:
                await agent.threads.require(options.thread_id)
            # Loads what the first question needs while the user is still typing it; a failure is told by that question.
            loading = asyncio.create_task(agent.prepare())
            try:
                return await converse(agent, options, lines, color=color)
            finally:
                loading.cancel()
                await asyncio.gather(loading, return_exceptions=True)

    return guarded(work, debug=debug)


async def converse(agent: Agent, options: AskOptions, lines: Lines, *, color: bool) -> int:
    """Question, answer, question …; a failed run does not end the conversation."""
    print("Ask away; an empty line or Ctrl-D ends it.", file=sys.stderr)
    while True:
        print("\n> ", end="", file=sys.stderr, flush=True)
        question = (await lines.next() or "").strip()
        if not question or question.lower() in LEAVE:
            return 0
        thread_id = await answer_one(agent, question, options, color=color)
        options = replace(options, thread_id=thread_id or options.thread_id)


async def answer_one(agent: Agent, question: str, options: AskOptions, *, color: bool) -> str | None:
    """One turn; returns the thread to go on with, or None when the run failed."""
    show = Show(color=color)
    thread_id: str | None = None
    failed = False
    async with aclosing(agent.stream(question, options)) as events:
        async for event in events:
            show.event(event)
            if isinstance(event, RunStarted):
                thread_id = event.thread_id
            elif isinstance(event, RunFailed):
                failed = True
                fail(event.problem.detail, 1)
    return None if failed else thread_id
