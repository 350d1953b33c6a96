"""`asterism ask`: one question, streamed."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import aclosing

from agent.answer import Answer
from agent.build import open_agent
from agent.events import EVENT, Event, RunCompleted, RunFailed
from agent.options import AskOptions
from agent.problems import TABLE
from agent.run import Agent
from service.commands.common import Output, fail, guarded, load_settings
from service.commands.show import Show


def run_ask(
    question: str,
    options: AskOptions,
    providers: Sequence[str] | None,
    model: str | None,
    *,
    output: Output,
    color: bool,
    debug: bool,
) -> int:
    """Ask and print; returns the exit code."""

    async def work() -> int:
        async with open_agent(load_settings(providers, model)) as agent:
            return await ask_and_print(agent, question, options, output=output, color=color)

    return guarded(work, debug=debug)


async def ask_and_print(agent: Agent, question: str, options: AskOptions, *, output: Output, color: bool) -> int:
    """One run on the terminal; Ctrl-C and SIGTERM cancel it."""
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    show = Show(color=color) if output == "text" else None
    async with aclosing(agent.stream(question, options)) as events:
        async for event in events:
            if output == "events":
                print(EVENT.dump_json(event).decode(), flush=True)
            elif show is not None:
                show.event(event)
            code = exit_code(event)
            if code is not None:
                if isinstance(event, RunCompleted) and output == "json":
                    print_json(event.answer)
                return code
    return fail("The run ended without an answer.", 70)


def exit_code(event: Event) -> int | None:
    """The exit code that a terminal event means; None for others. A failure is told on standard error."""
    if isinstance(event, RunCompleted):
        return 0
    if isinstance(event, RunFailed):
        codes = {code: exit_code for code, _, exit_code in TABLE.values()}
        return fail(event.problem.detail, codes.get(event.problem.code, 70))
    return None


def print_json(answer: Answer) -> None:
    """The whole answer as JSON, indented for people when they are looking."""
    print(answer.model_dump_json(indent=2 if sys.stdout.isatty() else None))
