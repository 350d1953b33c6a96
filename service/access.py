"""Access: one place reads every accepted header and decides who a request comes from."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.errors import StoreUnusable
from service.callers import CALLER, NOBODY, Caller
from service.errors import KeyRequired, OriginRefused
from service.keys import PREFIX, KeyRing
from service.problems import respond

OPEN_PATHS = frozenset({"/", "/healthz", "/readyz", "/openapi.json", "/docs", "/opensearch.xml", "/favicon.ico"})
"""Open without a key: they hold nothing of anybody's. The page asks the user for the key."""
OPEN_PREFIXES = ("/static/", "/shared/", "/ui/shared/")
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class AccessControl:
    """ASGI middleware: who is it, and may it come in?"""

    def __init__(
        self,
        app: ASGIApp,
        *,
        keys: KeyRing,
        require_key: bool,
        hosts: Iterable[str] | None,
        origins: Iterable[str],
    ) -> None:
        self._app = app
        self._keys = keys
        self._require_key = require_key
        self._hosts = frozenset(name.lower() for name in hosts) if hosts is not None else None
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            self._check_origin(scope["method"], headers)
            scope[CALLER] = await self._caller(scope["path"], headers)
        except (KeyRequired, OriginRefused, StoreUnusable) as error:
            await respond(scope, error)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _caller(self, path: str, headers: Headers) -> Caller:
        """Read the key.

        Raises:
            KeyRequired: when one is needed and none is there, and always when one of ours is wrong or revoked.
        """
        secret = bearer(headers)
        if secret is not None and (self._require_key or secret.startswith(PREFIX)):
            caller = await self._keys.caller(secret)
            if caller is not None:
                return caller
            raise KeyRequired("The API key is wrong or revoked.", remedy="Ask the operator for a new one.")
        if self._require_key and path not in OPEN_PATHS and not path.startswith(OPEN_PREFIXES):
            raise KeyRequired(
                "An API key is needed.", remedy="Send `Authorization: Bearer KEY`; `asterism keys add NAME` makes one."
            )
        return NOBODY

    def _check_origin(self, method: str, headers: Headers) -> None:
        """Keep other sites' pages out of a service that a browser on this machine can reach.

        Raises:
            OriginRefused: when the address bar holds a name that is not ours (a rebound DNS name), or another site's
                page wants to change something.
        """
        host = headers.get("host", "")
        if self._hosts is not None and host_name(host) not in self._hosts | LOOPBACK_NAMES:
            raise OriginRefused(
                "This service does not go by that name.", remedy="Add it to ASTERISM_SERVICE__ALLOWED_HOSTS."
            )
        origin = headers.get("origin")
        if origin is None or method in SAFE_METHODS or origin in self._origins:
            return
        place = _place(origin)
        if not place or place != host.lower():
            raise OriginRefused(
                "A page of another site may not do this.", remedy="Add its origin to ASTERISM_SERVICE__CORS_ORIGINS."
            )


def _place(origin: str) -> str:
    """Host and port of an origin; empty for what is none."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def bearer(headers: Headers) -> str | None:
    """The token of `Authorization: Bearer`, the one header that is read for a key; None when there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether a bind address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
