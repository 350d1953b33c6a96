"""Cleaned pages in a cache, with what is needed to ask their server whether they still hold."""

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tools.cache import Cache
from tools.fetch import Fetched, Validators
from tools.pages import Page

KEEP_S = 86_400.0
"""Pages are kept for a day; what is older than its freshness is asked for again with the validators of its server."""
FRESH_S = 600.0
"""Freshness of a page whose server says nothing about it."""

_MAX_AGE = re.compile(r"\b(s-maxage|max-age)\s*=\s*\"?(\d{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """A page as it was cleaned."""

    page: Page
    """`fetched_at` tells when its server last said that it holds."""
    validators: Validators | None
    fresh_s: float
    """Seconds from `fetched_at` for which its server lets it be used unasked."""

    def is_fresh(self, now: float, max_age_s: float) -> bool:
        """Whether it may be used at `now` (seconds since the epoch) for a question that bears that age."""
        age_s = now - self.page.fetched_at.timestamp()
        return -1 <= age_s < min(self.fresh_s, max_age_s)


class PageCache:
    """Pages by address. What a server calls private or not to be stored is not kept."""

    def __init__(self, cache: Cache, *, scope: str = "", clock: Callable[[], float] = time.time) -> None:
        """Keep pages in `cache`, whose owner closes it.

        Args:
            cache: Where they are kept.
            scope: Sets apart what readers with other rules keep in the same cache.
            clock: Seconds since the epoch, the same for all that share the cache.
        """
        self._cache = cache
        self._scope = scope
        self.now = clock
        """The clock."""

    async def get(self, url: str) -> KeptPage | None:
        """What is kept of that address, fresh or not."""
        return _read(await self._cache.get(self._key(url)))

    async def put(self, page: Page, fetched: Fetched) -> None:
        """Keep a page that was just cleaned, unless its server does not want that."""
        if "no-store" not in fetched.cache_control and "private" not in fetched.cache_control:
            await self._put(KeptPage(page=page, validators=fetched.validators, fresh_s=fresh_s(fetched)))

    async def renew(self, kept: KeptPage, fetched: Fetched) -> Page:
        """The page again, after its server said that it still holds."""
        page = replace(kept.page, fetched_at=fetched.fetched_at)
        validators = fetched.validators or kept.validators
        await self._put(KeptPage(page=page, validators=validators, fresh_s=fresh_s(fetched)))
        return page

    async def _put(self, kept: KeptPage) -> None:
        await self._cache.put(self._key(kept.page.url), _write(kept), keep_s=KEEP_S)

    def _key(self, url: str) -> str:
        return "page:1:" + hashlib.sha256(f"{self._scope}\n{url}".encode()).hexdigest()


def fresh_s(fetched: Fetched) -> float:
    """Seconds for which the server lets the page be used unasked, by `Cache-Control` (never longer than it is kept)."""
    said = dict(_MAX_AGE.findall(fetched.cache_control))
    if "no-cache" in fetched.cache_control:
        return 0.0
    seconds = said.get("s-maxage", said.get("max-age"))
    return FRESH_S if seconds is None else max(0.0, min(float(seconds) - fetched.age_s, KEEP_S))


def _write(kept: KeptPage) -> bytes:
    page = asdict(kept.page) | {"fetched_at": kept.page.fetched_at.timestamp()}
    validators = asdict(kept.validators) if kept.validators else None
    return json.dumps({"page": page, "validators": validators, "fresh_s": kept.fresh_s}, ensure_ascii=False).encode()


def _read(value: bytes | None) -> KeptPage | None:
    """What was kept; None when there is nothing, or not what we wrote."""
    try:
        plain: dict[str, Any] = json.loads(value or b"")
        fields = plain["page"]
        fields["fetched_at"] = datetime.fromtimestamp(fields["fetched_at"], UTC)
        fields["headings"] = tuple((int(at), int(level), str(text)) for at, level, text in fields["headings"])
        validators = Validators(**plain["validators"]) if plain["validators"] else None
        return KeptPage(page=Page(**fields), validators=validators, fresh_s=float(plain["fresh_s"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
