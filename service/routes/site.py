"""`/`, `/static`, `/opensearch.xml`: the page and its files. They hold nothing of anybody's and need no key."""

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from service.ui import assets
from service.ui.assets import Asset

router = APIRouter(include_in_schema=False)

FOREVER = "public, max-age=31536000, immutable"
"""For names that change with what they name."""
ASK_FIRST = "no-cache"
"""May be kept, and is asked about with its ETag."""


@router.api_route("/", methods=["GET", "HEAD"])
async def page(request: Request) -> Response:
    """The chat UI. `?q=` is read by its script, which asks at once."""
    asked = request.query_params.get("q") or request.query_params.get("thread")
    return page_reply(request, "thread" if asked else "home")


def page_reply(request: Request, view: str) -> Response:
    """The page in the reader's language and theme, laid out for what it will show from its first paint on."""
    language = assets.language_of(request.cookies.get("lang"), request.headers.get("accept-language", ""))
    theme = request.cookies.get("theme", "")
    found = assets.page(language, theme if theme in assets.THEMES else "", view)
    return _reply(request, found, ASK_FIRST, {"Vary": "Accept-Language, Cookie"})


@router.api_route("/static/{path:path}", methods=["GET", "HEAD"])
async def static(request: Request, path: str) -> Response:
    """A file of the page, under its name or under `VERSION/name`."""
    version, _, name = path.rpartition("/")
    asset = assets.assets().get(name)
    if asset is None or "/" in version:
        raise HTTPException(404)
    return _reply(request, asset, FOREVER if version == assets.version() else ASK_FIRST)


@router.api_route("/favicon.ico", methods=["GET", "HEAD"])
async def favicon(request: Request) -> Response:
    """Some browsers ask for it whatever the page says."""
    return _reply(request, assets.assets()["icon.svg"], ASK_FIRST)


@router.api_route("/opensearch.xml", methods=["GET", "HEAD"])
async def opensearch(request: Request) -> Response:
    """Lets a browser take the service as its search engine."""
    return _reply(request, assets.opensearch(str(request.base_url).rstrip("/")), ASK_FIRST)


def _reply(request: Request, asset: Asset, caching: str, headers: dict[str, str] | None = None) -> Response:
    all_headers = {"ETag": asset.etag, "Cache-Control": caching, **(headers or {})}
    if asset.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=all_headers)
    return Response(asset.body, headers=all_headers, media_type=asset.media_type)
