"""Picking a run up where it was cut off: its state comes from the checkpoint, its pages from the web once more."""

from dataclasses import dataclass
from typing import cast

from langchain_core.runnables import RunnableConfig

from agent.context import KEEP_FOR_ANSWER, Context
from agent.errors import RunNotResumable
from agent.graph import RunGraph
from agent.state import Plain, State, Update

NEEDS_PAGES = {"select_passages", "write_answer", "check_claims"}
"""Nodes that look into pages. Page text is not stored with the run, and spans fit only the text they were made from,
so a run cut off in one of these goes back to selecting, with pages read anew."""


@dataclass(frozen=True, slots=True)
class Start:
    """Where the graph begins."""

    input: Update | None
    """None goes on from the checkpoint."""
    state: Plain
    """What is known already."""
    answer: str = ""
    """What was written already and is not written again."""


async def pick_up(graph: RunGraph, config: RunnableConfig, context: Context, fresh: Update) -> Start:
    """The place to go on from; the beginning, when the run was cut off before anything was stored."""
    if graph.checkpointer is None:
        return Start(fresh, dict(fresh))
    snapshot = await graph.aget_state(config)
    fresh = fresh | _in_words(context, snapshot.values)
    if not snapshot.values:
        return Start(fresh, dict(fresh))
    state = dict(fresh) | dict(snapshot.values)
    if not snapshot.next:
        # Cut off between the last node and the store: nothing is left to do but to tell it.
        return Start(None, state, str(state["answer"])) if state["answer"] else Start(fresh, dict(fresh))
    await read_again(state, context)
    if NEEDS_PAGES.intersection(snapshot.next) and state["pages"]:
        await graph.aupdate_state(config, cast(State, {"passages": []}), as_node="read_pages")
        return Start(None, state)
    return Start(None, state, str(state["answer"]))


def _in_words(context: Context, stored: Plain) -> Update:
    """What was attached, as it was described; that needs the files, which are not kept.

    Raises:
        RunNotResumable: when the run was cut off before that.
    """
    if not context.options.attached:
        return {}
    if not stored.get("attachments"):
        raise RunNotResumable(
            "The run was cut off before what came with it was put into words, and files are not kept.",
            remedy="Ask again, with the file.",
        )
    return {
        "question": stored["question"],
        "language": stored["language"],
        "attachments": stored["attachments"],
    }


async def read_again(state: Plain, context: Context) -> None:
    """Read the pages of the first attempt; one that is gone is simply no longer there to select from."""
    urls = [str(page["url"]) for page in state["pages"] if page["status"] == "read"]
    timeout_s = context.deadline.stage_s(context.limits.read_timeout_s, keep=KEEP_FOR_ANSWER)
    async for _ in context.desk.outcomes(urls, enough=len(urls), timeout_s=timeout_s):
        pass  # the desk keeps them
