"""`/threads`: list, read, rename, delete, export."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse, PlainTextResponse, Response

from agent.threads import Before
from service.callers import Caller, caller_of
from service.export import to_markdown
from service.hub import Hub, hub_of
from service.routes.examples import MARKDOWN, THREAD_EXAMPLE, THREADS_EXAMPLE, WHOLE_EXAMPLE
from service.routes.told import problems
from service.schemas import ThreadChange, ThreadList, ThreadView, ThreadWhole

router = APIRouter(prefix="/threads", tags=["threads"])

MAX_PAGE = 200
MAX_SEARCH_CHARS = 200
CURSOR = r"^[0-9]{1,11}(\.[0-9]{1,10})?_thread_[0-9a-f]{32}$"
"""When the last thread of a page was touched, and its id."""
Who = Annotated[Caller, Depends(caller_of)]
With = Annotated[Hub, Depends(hub_of)]


@router.get("", responses={200: THREADS_EXAMPLE, **problems(422)})
async def list_threads(
    caller: Who,
    hub: With,
    q: Annotated[
        str,
        Query(max_length=MAX_SEARCH_CHARS, pattern=r"^[^\x00]*$", description="Words of a title, question or answer."),
    ] = "",
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Threads on a page.")] = 50,
    cursor: Annotated[str | None, Query(pattern=CURSOR, description="`next` of the page before.")] = None,
) -> ThreadList:
    """Your threads, the one touched last first."""
    before = read_cursor(cursor) if cursor else None
    heads = await hub.agent.threads.list(caller.owner, search=q.strip(), limit=limit + 1, before=before)
    shown = heads[:limit]
    more = len(heads) > limit
    return ThreadList(
        threads=[ThreadView.of(head) for head in shown],
        next=write_cursor((shown[-1].updated_at, shown[-1].id)) if more else None,
    )


@router.get("/{thread_id}", responses={200: WHOLE_EXAMPLE, **problems(404, 422)})
async def read_thread(thread_id: str, caller: Who, hub: With) -> ThreadWhole:
    """A thread with everything in it."""
    return ThreadWhole.whole(await hub.agent.threads.read(thread_id, caller.owner))


@router.patch("/{thread_id}", responses={200: THREAD_EXAMPLE, **problems(404, 408, 413, 422)})
async def rename_thread(thread_id: str, change: ThreadChange, caller: Who, hub: With) -> ThreadView:
    """Give a thread another title."""
    return ThreadView.of(await hub.agent.threads.rename(thread_id, change.title, caller.owner))


@router.delete("/{thread_id}", status_code=204, responses=problems(404, 422))
async def delete_thread(thread_id: str, caller: Who, hub: With) -> Response:
    """Delete a thread and everything in it; runs under way in it are cancelled."""
    await hub.runs.cancel_thread(caller, thread_id)
    await hub.agent.threads.delete(thread_id, caller.owner)
    return Response(status_code=204)


@router.get(
    "/{thread_id}/export",
    response_class=Response,
    responses={
        200: {
            "description": "The thread as a file.",
            "content": {
                "text/markdown": {"schema": {"type": "string"}, "example": MARKDOWN},
                "application/json": {
                    "schema": {"$ref": "#/components/schemas/ThreadWhole"},
                    **WHOLE_EXAMPLE["content"]["application/json"],
                },
            },
        },
        **problems(404, 422),
    },
)
async def export_thread(
    thread_id: str,
    caller: Who,
    hub: With,
    format: Annotated[Literal["md", "json"], Query(description="Markdown to read, or JSON.")] = "md",  # noqa: A002
) -> Response:
    """A thread to take away."""
    thread = await hub.agent.threads.read(thread_id, caller.owner)
    headers = {"Content-Disposition": f'attachment; filename="{thread.head.id}.{format}"'}
    if format == "json":
        return JSONResponse(ThreadWhole.whole(thread).model_dump(mode="json"), headers=headers)
    return PlainTextResponse(to_markdown(thread), headers=headers, media_type="text/markdown")


def write_cursor(place: Before) -> str:
    """A place in the list as one word."""
    return f"{place[0]!r}_{place[1]}"


def read_cursor(cursor: str) -> Before:
    """The reverse, of what matches CURSOR."""
    seconds, _, thread_id = cursor.partition("_")
    return float(seconds), thread_id
