"""Pages of our own that need scripts, well-meant and hostile, and doors that nobody may knock at."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.tools.fetch.raw import Conversation, Raw, raw_server, reply

APP = """<html><head><title>Boats</title><link rel="stylesheet" href="/look.css"></head>
<body><div id="root"></div><script src="/app.js"></script></body></html>"""
APP_JS = """
fetch('/boats.json').then((answer) => answer.json()).then((boats) => {
  for (const boat of boats) {
    const line = document.createElement('p');
    line.textContent = `The ${boat.name} carries ${boat.tons} tons of salt over the bay, whatever the wind may be.`;
    document.getElementById('root').append(line);
  }
});
"""
BOATS = '[{"name": "Kestrel", "tons": 87}, {"name": "Plover", "tons": 41}, {"name": "Dunlin", "tons": 12}]'

ATTACKS = """<html><body><p id="told">begun</p><script>
const tell = (words) => { document.getElementById('told').textContent += ' ' + words; };
const doors = %DOORS%;
const jobs = [];
const attempt = (words, job) => jobs.push(Promise.race([
  Promise.resolve().then(job).then((got) => tell(`${words}:${got}`), () => tell(`${words}:refused`)),
  new Promise((done) => setTimeout(done, 2500)),
]));
const load = (tag, name, address, more) => new Promise((good, bad) => {
  const element = document.createElement(tag);
  Object.assign(element, more || {});
  element.onload = () => good('loaded'); element.onerror = () => bad();
  element[name] = address; document.body.append(element);
});
for (const door of doors) {
  attempt('fetch', () => fetch(door).then((answer) => answer.text()));
  attempt('opaque', () => fetch(door, {mode: 'no-cors'}).then(() => 'answered'));
  attempt('post', () => fetch(door, {method: 'POST', body: 'x'}).then((answer) => answer.text()));
  attempt('image', () => load('img', 'src', door));
  attempt('script', () => load('script', 'src', door));
  attempt('style', () => load('link', 'href', door, {rel: 'stylesheet'}).then(() => 'empty'));
  for (const rel of ['prefetch', 'preconnect', 'dns-prefetch', 'modulepreload', 'icon', 'manifest'])
    load('link', 'href', door, {rel}).catch(() => 0);
  load('iframe', 'src', door).catch(() => 0);
  load('object', 'data', door).catch(() => 0);
  load('video', 'src', door).catch(() => 0);
  navigator.sendBeacon(door, 'x');
  attempt('turn', () => fetch('/turn?to=' + encodeURIComponent(door)).then((answer) => answer.text()));
  const web = door.replace('http', 'ws');
  attempt('socket', () => new Promise((good, bad) => {
    const socket = new WebSocket(web); socket.onopen = () => good('open'); socket.onerror = bad; }));
  const source = `try { new WebSocket('${web}') } catch (error) {} fetch('${door}').catch(() => 0);`;
  new Worker(URL.createObjectURL(new Blob([source]))).onerror = () => 0;
  const inner = document.createElement('iframe'); document.body.append(inner);
  attempt('frame', () => new Promise((good, bad) => {
    const socket = new inner.contentWindow.WebSocket(web);
    socket.onopen = () => good('open'); socket.onerror = bad; }));
  attempt('popup', () => { window.open(door); return 'tried'; });
  const form = document.createElement('form'); form.action = door; form.method = 'POST'; form.target = '_blank';
  document.body.append(form); form.submit();
}
for (const world of [window, document.querySelector('iframe').contentWindow]) try {
  const call = new world.RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:%UDP%'}]});
  call.createDataChannel('x'); call.createOffer().then((offer) => call.setLocalDescription(offer));
} catch (error) { tell('call:refused'); }
navigator.serviceWorker?.register('/worker.js').catch(() => tell('service:refused'));
Promise.all(jobs).then(() => { tell('ended'); setTimeout(() => { location.href = doors[0]; }, 50); });
</script></body></html>"""

HANGS = "<html><body><p>Some words that stand there before.</p><script>while (true) {}</script></body></html>"
GREEDY = """<html><body><p>Words.</p><script>
for (let n = 0; n < 1000; n++) fetch('/part?n=' + n).catch(() => 0);</script></body></html>"""
HUNGRY = """<html><body><script>const held = [];
setInterval(() => { for (let n = 0; n < 4; n++) held.push(new Uint8Array(64 << 20).fill(7)); }, 5);
</script></body></html>"""
ENDLESS = """<html><body><p id="told">Words</p><script>
setInterval(() => { document.getElementById('told').append(' and words'.repeat(2000)); }, 20);</script></body></html>"""
LIAR = """<html><body><p>What everybody sees.</p><script>
Object.defineProperty(Element.prototype, 'outerHTML', {get: () => 'x'.repeat(50000000)});
String.prototype.slice = () => 'y'.repeat(50000000);</script></body></html>"""


@dataclass
class Door:
    """A private server that no page may reach; counts who knocks, by TCP and by UDP."""

    port: int = 0
    udp_port: int = 0
    knocks: list[str] = field(default_factory=list)

    @property
    def addresses(self) -> list[str]:
        return [f"http://{host}:{self.port}/secret" for host in ("127.0.0.1", "localhost", "0x7f.1")]


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, door: Door) -> None:
        self._door = door

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._door.knocks.append("udp")


@asynccontextmanager
async def private_door() -> AsyncIterator[Door]:
    door = Door()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        door.knocks.append("tcp")
        writer.write(reply(b"SECRET", "Access-Control-Allow-Origin: *"))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    door.port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(door), local_addr=("127.0.0.1", 0))
    door.udp_port = transport.get_extra_info("sockname")[1]
    try:
        yield door
    finally:
        transport.close()
        server.close()


@asynccontextmanager
async def site(door: Door, ours: Door) -> AsyncIterator[Raw]:
    """The pages, on loopback; the hostile one tries both doors."""
    doors = str([ours.addresses[0], *door.addresses])
    pages = {
        "/app": (APP, "text/html"),
        "/app.js": (APP_JS, "application/javascript"),
        "/boats.json": (BOATS, "application/json"),
        "/attacks": (ATTACKS.replace("%DOORS%", doors).replace("%UDP%", str(door.udp_port)), "text/html"),
        "/hangs": (HANGS, "text/html"),
        "/greedy": (GREEDY, "text/html"),
        "/hungry": (HUNGRY, "text/html"),
        "/endless": (ENDLESS, "text/html"),
        "/liar": (LIAR, "text/html"),
    }

    async def serve(talk: Conversation) -> None:
        path = talk.target.partition("?")[0]
        if path == "/turn":
            to = door.addresses[0]
            await talk.say(reply(b"", f"Location: {to}", status=302))
            return
        body, kind = pages.get(path, ("null", "application/json"))
        await talk.say(reply(body.encode(), f"Content-Type: {kind}"))

    async with raw_server(serve) as raw:
        yield raw
