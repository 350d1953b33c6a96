from datetime import UTC, datetime

from agent.evidence import gather
from tools.pages import Page


async def test_english_pages_are_held_against_the_english_of_a_chinese_question() -> None:
    filler = "\n\n".join(f"Moor tells of harbour {n}, its ferries and its keepers, at some length." for n in range(80))
    page = Page(
        url="http://moor.example/",
        final_url="http://moor.example/",
        title="Moor",
        site="moor.example",
        text=f"{filler}\n\nThe maximum size of a database is 281 terabytes.\n\n{filler}",
        fetched_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    chosen = await gather(
        [page],
        question="Moor 的最大数据库有多大？",
        queries=(),
        token_budget=200,
        count_tokens=lambda text: len(text) // 4,
    )
    assert "281 terabytes" in "".join(passage.text for passage in chosen.passages)
    assert not chosen.thin
