"""An address of the store that cannot be one is refused in words that hold no part of it."""

from pathlib import Path

import pytest

from agent.errors import Misconfigured, StoreUnusable
from agent.store import open_threads


@pytest.mark.parametrize(
    "url", ["postgresql://asterism:geh%eim@127.0.0.1:1/db", "host=127.0.0.1 password=geheim", "mysql://u:geheim@h/db"]
)
async def test_a_password_is_in_no_error(tmp_path: Path, url: str) -> None:
    with pytest.raises((Misconfigured, StoreUnusable), match="ASTERISM_STORE__URL") as caught:
        async with open_threads(url, tmp_path / "store.db"):
            pass
    assert caught.value.remedy
    assert "geh" not in f"{caught.value} {caught.value.remedy}"
