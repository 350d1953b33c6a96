import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import h2.config
import h2.connection
import h2.events
import httpcore2
import pytest

from tests.tools.fetch.internet import PUBLIC, Authority, Disguised, Internet, online
from tests.tools.fetch.raw import Conversation, fetching, raw_server, reply
from tools.errors import NotText, PageTimeout, PageTooLarge, PageUnavailable, UrlRefused
from tools.fetch import Fetched, Fetcher, FetchLimits, Validators

WORLD = {"pub.example": [["93.184.216.34"]], "other.example": [["93.184.216.34"]]}


def saying(*answers: bytes) -> Callable[[Conversation], Awaitable[None]]:
    """Gives the answers in turn; the last one repeats."""
    left = list(answers)

    async def talk(conversation: Conversation) -> None:
        await conversation.say(left.pop(0) if len(left) > 1 else left[0])

    return talk


async def fetch_once(answer: bytes, **limits: object) -> Fetched:
    async with raw_server(saying(answer)) as raw, fetching(raw, **limits) as fetcher:
        return await fetcher.fetch(raw.url())


async def test_a_page_arrives_with_what_is_known_about_it() -> None:
    body = "<p>Grüße".encode()
    headers = ["Content-Type: Text/HTML; Charset=UTF-8", 'ETag: "a1"', "Cache-Control: Max-Age=60", "Age: 5"]
    async with raw_server(saying(reply(body, *headers))) as raw, fetching(raw) as fetcher:
        fetched = await fetcher.fetch(raw.url("/page#part"))
        assert fetched.url == raw.url("/page#part")
        assert fetched.final_url == raw.url("/page")
    assert (fetched.status, fetched.body, fetched.truncated) == (200, body, False)
    assert fetched.content_type == "text/html; charset=utf-8"
    assert fetched.validators == Validators(url=fetched.final_url, etag='"a1"')
    assert (fetched.cache_control, fetched.age_s) == ("max-age=60", 5)
    assert datetime.now(UTC) - fetched.fetched_at < timedelta(seconds=5)
    assert 0 <= fetched.ms < 3000


async def test_a_request_names_us_and_carries_nothing_else_of_ours() -> None:
    name = "Asterism/0.1 (+mailto:me@news.example)\r\nX: y"
    answers = saying(reply(b"x", "Set-Cookie: a=b"))
    async with raw_server(answers) as raw, fetching(raw, user_agent=name) as fetcher:
        await fetcher.fetch(raw.url("/a"))
        await fetcher.fetch(raw.url("/b"))
    names = {line.split(":")[0].lower() for head in raw.heads for line in head.splitlines()[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-language", "accept-encoding"}
    assert "User-Agent: Asterism/0.1 (+mailto:me@news.example) X: y" in raw.heads[0]


@pytest.mark.parametrize("status", [400, 403, 404, 410, 500, 503])
async def test_an_error_status_is_unavailable(status: int) -> None:
    with pytest.raises(PageUnavailable, match=f"HTTP {status}"):
        await fetch_once(reply(b"<p>sorry", status=status))


@pytest.mark.parametrize("mime", ["image/png", "video/mp4", "application/zip", "text/css", "font/woff2", "x"])
async def test_what_is_not_text_is_not_read(mime: str) -> None:
    with pytest.raises(NotText):
        await fetch_once(reply(b"x", f"Content-Type: {mime}"))


@pytest.mark.parametrize(
    "mime", ["text/html", "text/plain", "application/feed+json", "application/rss+xml", "text/x-rst"]
)
async def test_every_kind_of_text_is_read(mime: str) -> None:
    assert (await fetch_once(reply(b"x", f"Content-Type: {mime}"))).content_type == mime


async def test_an_untold_type_is_judged_by_its_bytes() -> None:
    untold = "Content-Type: application/octet-stream"
    assert (await fetch_once(reply(b"# Notes", untold))).body == b"# Notes"
    assert (await fetch_once(reply(b"%PDF-1.7 \0", untold))).body.startswith(b"%PDF-")
    with pytest.raises(NotText):
        await fetch_once(reply(b"\x7fELF\0\0", untold))


@pytest.mark.parametrize("body", [b"%PDF-" + b"x" * 20_000, b"\n"])
async def test_half_a_pdf_is_no_pdf(body: bytes) -> None:
    answer = reply(body, "Content-Type: application/pdf")
    if len(body) > 10_000:
        with pytest.raises(PageTooLarge):
            await fetch_once(answer, max_bytes=10_000)
    else:
        assert (await fetch_once(answer)).body == body


async def test_packed_pages_are_unpacked() -> None:
    text = b"<p>" + bytes(range(256)).hex().encode() * 50
    fetched = await fetch_once(reply(gzip.compress(text), "Content-Encoding: gzip"))
    assert fetched.body == text


async def test_redirects_are_followed_to_their_end() -> None:
    async def serve(talk: Conversation) -> None:
        step = int(talk.target.strip("/") or 0)
        await talk.say(reply(b"end") if step == 5 else reply(b"", f"Location: /{step + 1}", status=302))

    async with raw_server(serve) as raw, fetching(raw) as fetcher:
        fetched = await fetcher.fetch(raw.url("/0"))
        assert (fetched.url, fetched.final_url) == (raw.url("/0"), raw.url("/5"))
        with pytest.raises(PageUnavailable, match="more than 5"):
            await fetcher.fetch(raw.url("/-1"))


async def test_an_unchanged_page_is_not_sent_again() -> None:
    async def serve(talk: Conversation) -> None:
        same = 'If-None-Match: "v1"' in talk.head
        await talk.say(reply(b"", status=304) if same else reply(b"<p>text", 'ETag: "v1"'))

    async with raw_server(serve) as raw, fetching(raw) as fetcher:
        first = await fetcher.fetch(raw.url())
        again = await fetcher.fetch(raw.url(), validators=first.validators)
        other = await fetcher.fetch(raw.url("/other"), validators=first.validators)
    assert not first.not_modified
    assert (again.not_modified, again.body) == (True, b"")
    assert other.body == b"<p>text"  # the validator belongs to another address and was not sent there


async def test_equal_requests_at_once_are_one_request() -> None:
    async def serve(talk: Conversation) -> None:
        await asyncio.sleep(0.05)
        await talk.say(reply(b"<p>once"))

    async with raw_server(serve) as raw, fetching(raw) as fetcher:
        urls = [raw.url("/a"), raw.url("/a#x"), raw.url("/a")]
        pages = await asyncio.gather(*(fetcher.fetch(url) for url in urls))
    assert [page.url for page in pages] == urls
    assert len(raw.heads) == 1


async def test_one_who_gives_up_does_not_take_the_page_from_the_others() -> None:
    async def serve(talk: Conversation) -> None:
        await asyncio.sleep(0.2)
        await talk.say(reply(b"<p>late"))

    async with raw_server(serve) as raw, fetching(raw) as fetcher:
        patient = asyncio.create_task(fetcher.fetch(raw.url()))
        with pytest.raises(PageTimeout):
            await fetcher.fetch(raw.url(), timeout_s=0.05)
        assert (await patient).body == b"<p>late"
    assert len(raw.heads) == 1


async def test_a_fetch_nobody_waits_for_is_stopped() -> None:
    async with raw_server(lambda talk: asyncio.sleep(30)) as raw, fetching(raw) as fetcher:
        task = asyncio.create_task(fetcher.fetch(raw.url()))
        await asyncio.sleep(0.05)
        assert raw.open == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0.05)
        left = [task for task in asyncio.all_tasks() if "_fly" in repr(task)]
    assert left == []


async def test_a_host_that_asks_for_rest_gets_it() -> None:
    answers = saying(reply(b"", "Retry-After: 30", status=429), reply(b"<p>back"))
    async with raw_server(answers) as raw, fetching(raw) as fetcher:
        with pytest.raises(PageUnavailable, match="429"):
            await fetcher.fetch(raw.url("/a"))
        with pytest.raises(PageUnavailable, match="asked us to wait"):
            await fetcher.fetch(raw.url("/b"))
    assert len(raw.heads) == 1


@pytest.mark.parametrize(
    "value", ["soon", "", "-5", "0", "Thu, 01 Jan 1970 00:00:00 GMT", "٣", "Mon, 01 Jan 99999999999 00:00:00 GMT"]
)
async def test_a_rest_that_cannot_be_read_is_none(value: str) -> None:
    answer = reply(b"", status=503).replace(b"\r\n\r\n", b"\r\nRetry-After: " + value.encode() + b"\r\n\r\n")
    async with raw_server(saying(answer, reply(b"ok"))) as raw, fetching(raw) as fetcher:
        with pytest.raises(PageUnavailable):
            await fetcher.fetch(raw.url("/a"))
        assert (await fetcher.fetch(raw.url("/b"))).body == b"ok"


async def test_a_rest_may_be_a_date() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    answer = reply(b"", f"Retry-After: {when}", status=503)
    async with raw_server(saying(answer)) as raw, fetching(raw) as fetcher:
        with pytest.raises(PageUnavailable, match="503"):
            await fetcher.fetch(raw.url("/a"))
        with pytest.raises(PageUnavailable, match="asked us to wait"):
            await fetcher.fetch(raw.url("/b"))


async def test_a_public_host_is_asked_for_few_pages_at_a_time(authority: Authority) -> None:
    busy: list[int] = []

    class Slow(Internet):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            busy.append(1)
            most.append(sum(busy))
            await asyncio.sleep(0.05)
            busy.pop()
            await super().serve(reader, writer)

    most: list[int] = []
    limits = FetchLimits(per_host=2)
    async with online(Slow(WORLD, {}), authority, limits=limits) as fetcher:
        pages = await asyncio.gather(*(fetcher.fetch(f"http://pub.example/{n}") for n in range(6)))
    assert len(pages) == 6
    assert max(most) <= 2


async def test_the_operators_own_hosts_are_not_throttled() -> None:
    async def serve(talk: Conversation) -> None:
        await asyncio.sleep(0.3)
        await talk.say(reply(b"ok"))

    async with raw_server(serve) as raw, fetching(raw, per_host=1) as fetcher:
        started = time.monotonic()
        await asyncio.gather(*(fetcher.fetch(raw.url(f"/{n}")) for n in range(6)))
    assert time.monotonic() - started < 1.2  # one after the other: 1.8


async def test_a_private_host_needs_its_port_to_be_listed() -> None:
    ok = saying(reply(b"ok"))
    async with raw_server(ok) as raw, raw_server(ok) as other, fetching(raw) as fetcher:
        assert (await fetcher.fetch(raw.url())).body == b"ok"
        with pytest.raises(UrlRefused) as error:
            await fetcher.fetch(other.url())
    assert "ALLOW_HOSTS" in error.value.remedy


async def test_a_listed_name_may_be_written_in_any_case() -> None:
    async with raw_server(saying(reply(b"ok"))) as raw:
        limits = FetchLimits(allow_hosts=frozenset({f"LocalHost:{raw.port}"}))

        async def resolve(host: str, port: int) -> list[str]:
            return ["127.0.0.1"]

        fetcher = Fetcher(limits, resolve=resolve)
        assert (await fetcher.fetch(f"http://localhost:{raw.port}/")).body == b"ok"
        await fetcher.aclose()


async def test_the_systems_own_resolver_is_guarded_too() -> None:
    fetcher = Fetcher(FetchLimits(allow_hosts=frozenset({"localhost:1"})))
    with pytest.raises(PageUnavailable, match="does not accept"):
        await fetcher.fetch("http://localhost:1/")
    with pytest.raises(UrlRefused):
        await fetcher.fetch("http://localhost:8080/")
    await fetcher.aclose()


async def test_two_hosts_behind_one_address_do_not_share_a_certificate(authority: Authority) -> None:
    internet = Internet(WORLD, {})
    async with online(internet, authority, certified=("pub.example",)) as fetcher:
        assert (await fetcher.fetch("https://pub.example/")).body.decode() == PUBLIC
        with pytest.raises(PageUnavailable):
            await fetcher.fetch("https://other.example/")
        assert (await fetcher.fetch("https://pub.example/again")).body.decode() == PUBLIC
    assert internet.requests == ["/", "/again"]


async def test_connections_are_kept_for_the_next_page(authority: Authority) -> None:
    internet = Internet(WORLD, {})
    async with online(internet, authority) as fetcher:
        for path in "abc":
            await fetcher.fetch(f"https://pub.example/{path}")
    assert len(internet.connects) == 1


async def test_an_unknown_authority_is_not_believed() -> None:
    import trustme

    internet = Internet(WORLD, {})
    async with online(internet, Authority(trustme.CA())) as trusted:
        assert (await trusted.fetch("https://pub.example/")).status == 200
        backend = trusted._pool._network_backend
        stranger = Fetcher(FetchLimits(), resolve=internet.resolve, network=backend._inner)  # type: ignore[attr-defined]
        with pytest.raises(PageUnavailable):
            await stranger.fetch("https://pub.example/")
        await stranger.aclose()


async def test_another_peer_than_the_one_asked_is_refused(authority: Authority) -> None:
    class Impostor(httpcore2.AsyncNetworkBackend):
        async def connect_tcp(self, host: str, port: int, *args: object, **options: object) -> Disguised:
            stream = await httpcore2.AnyIOBackend().connect_tcp("127.0.0.1", raw.port)
            return Disguised(stream, ("10.0.0.1", port))

    internet = Internet(WORLD, {})
    async with raw_server(saying(reply(b"inside"))) as raw:
        fetcher = Fetcher(FetchLimits(), resolve=internet.resolve, network=Impostor())
        with pytest.raises(UrlRefused, match="another address"):
            await fetcher.fetch("http://pub.example/")
        await fetcher.aclose()
    assert raw.heads == []


async def speak_h2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The smallest HTTP/2 server: every request is answered with its path."""
    talk = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    talk.initiate_connection()
    writer.write(talk.data_to_send())
    while data := await reader.read(65536):
        for event in talk.receive_data(data):
            if isinstance(event, h2.events.RequestReceived) and event.stream_id is not None:
                path = dict(event.headers or [])[b":path"]
                talk.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/plain")])
                talk.send_data(event.stream_id, path, end_stream=True)
        writer.write(talk.data_to_send())
    writer.close()


async def test_http_2_is_spoken_where_the_server_does(authority: Authority) -> None:
    context = authority.server("pub.example")
    context.set_alpn_protocols(["h2"])
    server = await asyncio.start_server(speak_h2, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    limits = FetchLimits(allow_hosts=frozenset({f"pub.example:{port}"}))
    fetcher = Fetcher(limits, resolve=resolve, ssl_context=authority.client())
    pages = await asyncio.gather(*(fetcher.fetch(f"https://pub.example:{port}/{n}") for n in range(4)))
    assert [page.body for page in pages] == [b"/0", b"/1", b"/2", b"/3"]
    await fetcher.aclose()
    server.close()


async def test_what_a_page_asks_for_may_be_a_program_but_no_host_of_its_reader() -> None:
    script = reply(b"draw()", "Content-Type: application/javascript")
    async with raw_server(saying(script)) as page, raw_server(saying(script)) as ours:
        allowed = frozenset({f"127.0.0.1:{page.port}", f"127.0.0.1:{ours.port}"})
        async with fetching(page, allow_hosts=allowed) as fetcher:
            assert (await fetcher.fetch_part(page.url("/a.js"), page_url=page.url())).body == b"draw()"
            with pytest.raises(NotText):
                await fetcher.fetch(page.url("/a.js"))
            with pytest.raises(UrlRefused):
                await fetcher.fetch_part(ours.url("/a.js"), page_url=page.url())
            assert ours.heads == []


async def test_a_host_of_the_reader_behind_a_redirect_or_a_public_name_is_closed_to_pages_of_others(
    authority: Authority,
) -> None:
    names = {"pub.example": [["93.184.216.34"]], "wiki.example": [["10.0.0.7"]]}
    internet = Internet(names, {"/go": (302, "http://wiki.example/secret", {}, "")})
    limits = FetchLimits(allow_hosts=frozenset({"wiki.example:80"}))
    async with online(internet, authority, limits=limits) as fetcher:
        assert await fetcher.fetch("http://wiki.example/")
        seen = len(internet.private_connects())
        for url in ("http://wiki.example/secret", "http://WIKI.example./secret", "http://pub.example/go"):
            with pytest.raises(UrlRefused):
                await fetcher.fetch_part(url, page_url="http://pub.example/")
        assert len(internet.private_connects()) == seen
