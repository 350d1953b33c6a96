"""Getting to know the model server beside the requests: the service starts without it, and asks until it is up."""

import asyncio
import logging

from model_backend import ChatModel
from model_backend.openai_compatible import OpenAICompatibleModel

log = logging.getLogger(__name__)

AGAIN_S = (2.0, 60.0)
"""Pause after the first attempt, and the longest; it doubles in between, since weights load for minutes."""


WATCH_S = 5.0
"""How often it is looked whether a server was gone meanwhile: a look at a variable."""


async def keep_knowing(model: ChatModel, *, watch_s: float = WATCH_S) -> None:
    """Until cancelled: a server that was gone may have come back with other abilities, and is probed anew."""
    while isinstance(model, OpenAICompatibleModel):
        await get_to_know(model)
        while model.probed:  # noqa: ASYNC110  a look at a variable, and calls stay free of signals
            await asyncio.sleep(watch_s)


async def get_to_know(model: ChatModel, *, again_s: tuple[float, float] = AGAIN_S) -> None:
    """Probe how the model makes function calls; ends when every server of it has shown that.

    Questions that come before are answered all the same: the ladder then learns from them.
    """
    if not isinstance(model, OpenAICompatibleModel):
        return
    pause_s, longest_s = again_s
    await model.prepare(probe=True)
    if not model.probed:
        log.warning("the model server did not answer the probe; the embedded model stands in, and it is asked again")
    while not model.probed:
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, longest_s)
        await model.prepare(probe=True)
    log.info("model %s (profile %s): function calls by %s", model.name, model.profile, model.ways)
