"""`asterism keys`: make, list and revoke API keys."""

import sys
from datetime import UTC, datetime

from agent.problems import USAGE
from agent.store import open_threads
from service.commands.common import fail, guarded, load_settings
from service.keys import KeyRing


def run_add(name: str, *, debug: bool) -> int:
    """Make a key and print it, once."""

    async def work() -> int:
        settings = load_settings()
        async with open_threads(settings.store.url, settings.store_path()) as threads:
            try:
                info, secret = await KeyRing(threads.database).add(name)
            except ValueError as error:
                return fail(f"{name!r} is no name for a key: {error}.", USAGE)
        print(f"The key {info.id} of {info.owner}; it is shown only now:", file=sys.stderr)
        print(secret)
        return 0

    return guarded(work, debug=debug)


def run_list(*, debug: bool) -> int:
    """Print every key, without its secret."""

    async def work() -> int:
        settings = load_settings()
        async with open_threads(settings.store.url, settings.store_path()) as threads:
            for info in await KeyRing(threads.database).list():
                made = datetime.fromtimestamp(info.created_at, UTC).date().isoformat()
                state = "in use" if info.revoked_at is None else "revoked"
                print(f"{info.id}  {info.owner}  {made}  {state}")
        return 0

    return guarded(work, debug=debug)


def run_revoke(key_id: str, *, debug: bool) -> int:
    """Take a key back."""

    async def work() -> int:
        settings = load_settings()
        async with open_threads(settings.store.url, settings.store_path()) as threads:
            if not await KeyRing(threads.database).revoke(key_id):
                return fail(f"There is no key {key_id!r} in use. See `asterism keys list`.", 66)
        print(f"The key {key_id} is revoked.")
        return 0

    return guarded(work, debug=debug)
