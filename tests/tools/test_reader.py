import asyncio
from datetime import UTC, datetime

import pytest

from tests.tools.fetch.raw import Conversation, fetching, raw_server, reply
from tools.cache import MemoryCache
from tools.clean import Cleaned
from tools.errors import CleanError, NeedsScript, PageUnavailable
from tools.fetch import Fetched
from tools.page_cache import PageCache, fresh_s
from tools.reader import PageReader


class Clock:
    """Real time, moved on."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        return datetime.now(UTC).timestamp() + self.ahead_s


class Cleaner:
    """Takes the body as it is; counts."""

    def __init__(self) -> None:
        self.cleaned = 0

    async def clean(self, body: bytes, *, content_type: str | None, url: str) -> Cleaned:
        self.cleaned += 1
        return Cleaned(title="塔", text=body.decode(), headings=((0, 1, "The"),))


class ShellCleaner(Cleaner):
    """Finds text only where a script has drawn it."""

    async def clean(self, body: bytes, *, content_type: str | None, url: str) -> Cleaned:
        if b"drawn" not in body:
            raise NeedsScript("The page is drawn by JavaScript.", remedy="Switch rendering on.")
        return await super().clean(body, content_type=content_type, url=url)


class Painter:
    """Draws what it is told to."""

    def __init__(self, drawn: bytes = b"drawn words") -> None:
        self.drawn = drawn
        self.rendered: list[str] = []

    async def render(self, document: Fetched) -> bytes:
        self.rendered.append(document.final_url)
        return self.drawn


def fetched(cache_control: str = "", age_s: int = 0) -> Fetched:
    return Fetched(
        url="u",
        final_url="u",
        status=200,
        content_type="",
        body=b"",
        truncated=False,
        fetched_at=datetime.now(UTC),
        ms=0,
        cache_control=cache_control,
        age_s=age_s,
    )


@pytest.mark.parametrize(
    ("cache_control", "age_s", "expected_s"),
    [
        ("", 0, 600),
        ("max-age=60", 0, 60),
        ("public, max-age=60", 50, 10),
        ("max-age=60", 90, 0),
        ("max-age=60, s-maxage=5", 0, 5),
        ("no-cache", 0, 0),
        ("max-age=999999999", 0, 86_400),
    ],
)
def test_the_server_says_how_long_its_page_is_fresh(cache_control: str, age_s: int, expected_s: float) -> None:
    assert fresh_s(fetched(cache_control, age_s)) == expected_s


async def test_a_page_is_fetched_once_while_it_is_fresh_and_asked_about_afterwards() -> None:
    async def serve(talk: Conversation) -> None:
        same = 'if-none-match: "v1"' in talk.head.lower()
        await talk.say(reply(b"" if same else b"The tower", 'ETag: "v1"', status=304 if same else 200))

    clock, cleaner = Clock(), Cleaner()
    async with raw_server(serve) as raw, fetching(raw) as fetcher:
        reader = PageReader(fetcher, cleaner, memory=PageCache(MemoryCache(), clock=clock))
        first = await reader.read(raw.url("/a"))
        again = await reader.read(raw.url("/a#part"))
        assert len(raw.heads) == 1
        assert (again.text, again.headings, again.url) == (first.text, first.headings, raw.url("/a#part"))
        clock.ahead_s = 700
        renewed = await reader.read(raw.url("/a"))
        assert len(raw.heads) == 2
        assert cleaner.cleaned == 1
        assert renewed.text == "The tower"
        assert renewed.fetched_at > first.fetched_at


async def test_a_page_that_needs_scripts_is_drawn_and_asked_for_anew_when_it_has_aged() -> None:
    clock, painter = Clock(), Painter()
    answer = reply(b"<div id=app>", 'ETag: "1"', "Cache-Control: max-age=86400")
    async with raw_server(lambda talk: talk.say(answer)) as raw, fetching(raw) as fetcher:
        memory = PageCache(MemoryCache(), clock=clock)
        reader = PageReader(fetcher, ShellCleaner(), memory=memory, renderer=painter)
        assert (await reader.read(raw.url())).text == "drawn words"
        clock.ahead_s = 700
        painter.drawn = b"drawn anew"
        assert (await reader.no_older_than(86_400).read(raw.url())).text == "drawn anew"
        assert len(painter.rendered) == 2
        assert "if-none-match" not in raw.heads[-1].lower()


async def test_a_page_that_is_empty_even_when_drawn_fails_with_that_reason() -> None:
    async with raw_server(lambda talk: talk.say(reply(b"<div id=app>"))) as raw, fetching(raw) as fetcher:
        with pytest.raises(CleanError, match="although its scripts ran"):
            await PageReader(fetcher, ShellCleaner(), renderer=Painter(b"nothing")).read(raw.url())
        with pytest.raises(NeedsScript, match="drawn by JavaScript"):
            await PageReader(fetcher, ShellCleaner()).read(raw.url())


async def test_a_page_that_changed_is_read_anew() -> None:
    bodies = [b"old words", b"new words"]
    clock, cleaner = Clock(), Cleaner()

    async def serve(talk: Conversation) -> None:
        await talk.say(reply(bodies.pop(0), f'ETag: "{len(bodies)}"'))

    async with raw_server(serve) as raw, fetching(raw) as fetcher:
        reader = PageReader(fetcher, cleaner, memory=PageCache(MemoryCache(), clock=clock))
        await reader.read(raw.url())
        clock.ahead_s = 700
        assert (await reader.read(raw.url())).text == "new words"


async def test_a_question_about_now_bears_only_young_pages() -> None:
    clock = Clock()
    async with raw_server(lambda talk: talk.say(reply(b"words"))) as raw, fetching(raw) as fetcher:
        reader = PageReader(fetcher, Cleaner(), memory=PageCache(MemoryCache(), clock=clock))
        await reader.read(raw.url())
        clock.ahead_s = 200
        await reader.no_older_than(300).read(raw.url())
        assert len(raw.heads) == 1
        await reader.no_older_than(120).read(raw.url())
        assert len(raw.heads) == 2


@pytest.mark.parametrize("said", ["no-store", "private, max-age=60"])
async def test_what_its_server_does_not_want_kept_is_not_kept(said: str) -> None:
    answer = reply(b"words", f"Cache-Control: {said}")
    async with raw_server(lambda talk: talk.say(answer)) as raw, fetching(raw) as fetcher:
        reader = PageReader(fetcher, Cleaner(), memory=PageCache(MemoryCache()))
        await reader.read(raw.url())
        await reader.read(raw.url())
        assert len(raw.heads) == 2


async def test_the_same_page_at_the_same_time_is_fetched_and_cleaned_once() -> None:
    async def slowly(talk: Conversation) -> None:
        await asyncio.sleep(0.02)
        await talk.say(reply(b"words"))

    cleaner = Cleaner()
    async with raw_server(slowly) as raw, fetching(raw) as fetcher:
        reader = PageReader(fetcher, cleaner)
        pages = await asyncio.gather(*(reader.read(raw.url(f"/a#{n}")) for n in range(4)))
        assert (len(raw.heads), cleaner.cleaned) == (1, 1)
        assert [page.url for page in pages] == [raw.url(f"/a#{n}") for n in range(4)]


async def test_who_stops_waiting_leaves_the_others_their_page_and_the_last_one_stops_the_fetch() -> None:
    async def slowly(talk: Conversation) -> None:
        if talk.target == "/b":
            await talk.reader.read()  # until the other side goes
        await asyncio.sleep(0.05)
        await talk.say(reply(b"words"))

    async with raw_server(slowly) as raw, fetching(raw) as fetcher:
        reader = PageReader(fetcher, Cleaner())
        one, two = (asyncio.create_task(reader.read(raw.url())) for _ in range(2))
        await asyncio.sleep(0.02)
        one.cancel()
        assert (await two).text == "words"
        three = asyncio.create_task(reader.read(raw.url("/b")))
        await asyncio.sleep(0.02)
        three.cancel()
        await asyncio.gather(three, return_exceptions=True)
        assert await raw.left_alone()


async def test_a_failure_is_not_remembered() -> None:
    answers = [reply(b"", status=503), reply(b"words")]
    async with raw_server(lambda talk: talk.say(answers.pop(0))) as raw, fetching(raw) as fetcher:
        reader = PageReader(fetcher, Cleaner(), memory=PageCache(MemoryCache()))
        with pytest.raises(PageUnavailable):
            await reader.read(raw.url())
        assert (await reader.read(raw.url())).text == "words"


@pytest.mark.parametrize("rubbish", [b"", b"{}", b"null", b'{"page": {}, "validators": null, "fresh_s": 1}'])
async def test_what_we_did_not_write_is_no_page(rubbish: bytes) -> None:
    memory = MemoryCache()
    async with raw_server(lambda talk: talk.say(reply(b"words"))) as raw, fetching(raw) as fetcher:
        reader = PageReader(fetcher, Cleaner(), memory=PageCache(memory))
        await reader.read(raw.url())
        for key in list(memory._entries):
            await memory.put(key, rubbish, keep_s=60)
        assert (await reader.read(raw.url())).text == "words"
        assert len(raw.heads) == 2
