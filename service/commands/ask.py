"""`asterism ask`: one question, streamed."""

import sys
from collections.abc import Coroutine, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.answer import Answer
from agent.attached import default_question
from agent.build import open_agent
from agent.events import EVENT, Event, RunCompleted, RunFailed
from agent.options import AskOptions
from agent.problems import TABLE
from agent.run import Agent
from service.commands.common import Output, end_on_sigterm, fail, guarded, load_settings, read_question
from service.commands.files import read_files
from service.commands.show import Show


def run_ask(
    question: str | None,
    options: AskOptions,
    files: tuple[Sequence[Path], Sequence[Path]],
    providers: Sequence[str] | None,
    model: str | None,
    *,
    output: Output,
    color: bool,
    debug: bool,
) -> int:
    """Ask and print; returns the exit code. `files` are pictures and recordings."""

    async def ask(asked: str | None) -> int:
        attachments = read_files(*files)
        words = default_question(attachments) if asked is None else asked
        with_files = replace(options, attachments=attachments)
        async with open_agent(load_settings(providers, model)) as agent:
            return await ask_and_print(agent, words, with_files, output=output, color=color)

    def work() -> Coroutine[Any, Any, int]:
        # Read before there is an event loop, which would keep Ctrl-C to itself.
        return ask(None if question is None else read_question(question))

    return guarded(work, debug=debug)


async def ask_and_print(agent: Agent, question: str, options: AskOptions, *, output: Output, color: bool) -> int:
    """One run on the terminal; Ctrl-C and SIGTERM cancel it."""
    end_on_sigterm()
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
