"""`/shared` and the links of `/ui/threads/{id}/share`: only where the operator allows links (`service.share`)."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.callers import Caller, caller_of
from service.hub import Hub, hub_of
from service.routes.site import page_reply
from service.ui.shares import Shares
from service.ui.shown import to_json
from service.ui.view import shared_page

router = APIRouter(include_in_schema=False)


def shares_of(hub: Annotated[Hub, Depends(hub_of)]) -> Shares:
    """The links, where they are allowed; as if the address did not exist where not."""
    if not hub.settings.service.share:
        raise HTTPException(404)
    return Shares(hub.agent.threads.database)


Who = Annotated[Caller, Depends(caller_of)]
Links = Annotated[Shares, Depends(shares_of)]


@router.get("/shared/{share_id}")
async def page(request: Request, share_id: str, links: Links) -> Response:
    """The page that shows a shared thread; it says itself when there is none."""
    return page_reply(request, "shared")


@router.get("/ui/shared/{share_id}")
async def shared(share_id: str, links: Links, hub: Annotated[Hub, Depends(hub_of)]) -> dict[str, Any]:
    """The answers of a shared thread, without anything of its owner."""
    thread_id, owner = await links.thread_of(share_id)
    told = await hub.agent.threads.read(thread_id, owner)
    return await asyncio.to_thread(lambda: to_json(shared_page(told), brief=True))


@router.get("/ui/threads/{thread_id}/share")
async def find(thread_id: str, caller: Who, links: Links) -> dict[str, str]:
    """The link of a thread; empty when it has none."""
    return {"id": await links.find(thread_id, caller.owner)}


@router.post("/ui/threads/{thread_id}/share")
async def make(thread_id: str, caller: Who, links: Links) -> dict[str, str]:
    """The link of a thread, made now where there was none."""
    return {"id": await links.make(thread_id, caller.owner)}


@router.delete("/ui/threads/{thread_id}/share", status_code=204)
async def take_back(thread_id: str, caller: Who, links: Links) -> Response:
    """Let the link lead nowhere."""
    await links.take_back(thread_id, caller.owner)
    return Response(status_code=204)
