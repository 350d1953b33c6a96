"""Our own cases for the guard: what must be refused before a connection, what must pass, what must merely be safe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tests.tools.fetch.internet import PUBLIC, Route

Expect = Literal["block", "allow", "safe", "either"]

NEWS = {
    "news.example": [["104.16.1.1"]],
    "mirror.example": [["13.107.42.14"]],
    "staff.example": [["192.168.40.2"]],
}


@dataclass(frozen=True)
class Case:
    """One address, its world, and what must come of it."""

    id: str
    url: str
    expect: Expect
    dns: Mapping[str, list[list[str]]] = field(default_factory=lambda: NEWS)
    cycle: bool = False
    server: Mapping[str, Route] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    repeat: int = 1
    max_requests: int = 20
    may_connect: bool = False
    """True when a public hop comes first, so that connections as such are right."""


def block(name: str, url: str) -> Case:
    return Case(name, url, "block")


def allow(name: str, url: str) -> Case:
    return Case(name, url, "allow")


def answers(name: str, expect: Expect, *turns: list[str], repeat: int = 1) -> Case:
    """A name whose successive lookups answer `turns`."""
    host = f"{name}.example"
    return Case(f"dns-{name}", f"http://{host}/", expect, dns={host: list(turns)}, cycle=repeat > 1, repeat=repeat)


def leads_to(name: str, location: str, expect: Expect = "block", status: int = 302) -> Case:
    """A public page that redirects."""
    return Case(
        f"redirect-{name}",
        "http://news.example/go",
        expect,
        server={"/go": (status, location, {}, "")},
        may_connect=True,
    )


CASES = [
    # IPv4, inside and just outside of what is refused
    block("v4-loopback-end", "http://127.255.255.254/"),
    block("v4-private-8-end", "http://10.255.255.255/"),
    block("v4-private-12-mid", "http://172.24.7.9/status"),
    block("v4-private-16", "http://192.168.0.1:8080/"),
    block("v4-cgnat-mid", "http://100.99.1.2/"),
    block("v4-metadata-path", "http://169.254.169.254/latest/user-data"),
    block("v4-link-local-end", "http://169.254.255.255/"),
    block("v4-zero-net", "http://0.255.255.255/"),
    block("v4-agent-of-a-cloud", "http://168.63.129.16/machine"),
    block("v4-benchmark-end", "http://198.19.255.255/"),
    block("v4-doc-1", "http://192.0.2.77/"),
    block("v4-multicast-end", "http://239.255.255.255/"),
    block("v4-reserved", "http://250.1.2.3/"),
    allow("v4-before-multicast", "http://223.0.0.1/"),
    allow("v4-after-link-local", "http://169.255.0.1/"),
    allow("v4-after-doc-3", "http://203.0.114.1/"),
    allow("v4-before-benchmark", "http://198.17.0.1/"),
    allow("v4-port-8443-plain", "http://8.8.4.4:8080/"),
    # Disguises of IPv4
    block("disguise-two-parts", "http://10.1/"),
    block("disguise-three-parts", "http://192.168.257/"),
    block("disguise-hex-word", "http://0x0a000001/"),
    block("disguise-octal-parts", "http://012.0.0.01/"),
    block("disguise-public-decimal", "http://134744072/"),
    block("disguise-name-with-hex-end", "http://news.example.0x7f/"),
    block("disguise-fullwidth-digit-mix", "http://1\uff12\uff17.0.0.1/"),
    block("disguise-soft-hyphen", "http://127.0.\u00ad0.1/"),
    block("disguise-arabic-digits", "http://\u0661\u0662\u0667.0.0.1/"),
    block("disguise-halfwidth-stop", "http://127\uff610\uff610\uff611/"),
    block("disguise-superscript", "http://127.0.0.\u00b9/"),
    block("disguise-percent-digit", "http://%3127.0.0.1/"),
    block("disguise-trailing-dot", "http://10.0.0.1./"),
    block("disguise-leading-zeros", "http://010.000.000.001/"),
    # IPv6
    block("v6-mapped-public", "http://[::ffff:8.8.8.8]/"),
    block("v6-translated-private", "http://[::ffff:0:10.0.0.1]/"),
    block("v6-compatible", "http://[::10.0.0.1]/"),
    block("v6-nat64-private", "http://[64:ff9b::192.168.1.1]/"),
    block("v6-6to4-private", "http://[2002:c0a8:0101::1]/"),
    block("v6-teredo", "http://[2001::1]/"),
    block("v6-unique-local", "http://[fd12:3456:789a::1]/"),
    block("v6-link-local", "http://[fe80::1]/"),
    block("v6-zone", "http://[fe80::1%25eth0]/"),
    block("v6-documentation-new", "http://[3fff:123::1]/"),
    block("v6-segment-routing", "http://[5f00::1]/"),
    block("v6-isatap-global-bit", "http://[2a01:4f8::200:5efe:10.0.0.1]/"),
    block("v6-loopback-port", "http://[::1]:8080/"),
    allow("v6-public", "http://[2a03:2880:f12f:83::1]/"),
    allow("v6-public-port", "http://[2001:4860:4860::8844]:8080/"),
    # Text that parsers read in different ways
    block("text-user", "http://news.example@10.0.0.1/"),
    block("text-empty-user", "http://@news.example/"),
    block("text-user-to-public", "http://reader:word@news.example/"),
    block("text-backslash-end", "http://news.example\\.staff.example/"),
    block("text-tab", "http://news\t.example/"),
    block("text-newline-in-path", "http://news.example/a\nb"),
    block("text-delete", "http://news.example/\x7f"),
    block("text-c1-control", "http://news.example/\x85"),
    block("text-bidi", "http://news.example/\u202egnp"),
    block("text-no-host", "http:///etc/passwd"),
    block("text-query-only", "http://?news.example/"),
    block("text-one-slash", "https:/news.example/"),
    block("text-too-long", "http://news.example/" + "x" * 4100),
    block("text-empty-label", "http://news..example/"),
    block("text-hyphen-label", "http://-news.example/"),
    block("text-percent-name", "http://news%2eexample/"),
    block("text-two-ports", "http://news.example:80:80/"),
    block("text-relative", "/etc/passwd"),
    block("text-ftp", "ftp://news.example/"),
    block("text-mailto", "mailto:someone@news.example"),
    block("text-websocket", "ws://news.example/"),
    allow("text-at-in-path", "http://news.example/@author/post"),
    allow("text-colon-in-path", "http://news.example/a:b@c"),
    allow("text-chinese-path", "http://news.example/维基/页面?标题=百科"),
    allow("text-question-mark-only", "http://news.example?x=1"),
    allow("text-underscore", "http://news.example/_a_"),
    allow("text-mixed-case", "HTTP://News.Example/"),
    # Ports
    block("port-ssh", "http://news.example:22/"),
    block("port-docker", "http://news.example:2375/"),
    block("port-8000", "http://news.example:8000/"),
    block("port-zero", "http://news.example:00/"),
    allow("port-443-plain-name", "http://news.example:8080/x"),
    # Names
    block("name-single-label", "http://redis/"),
    block("name-local", "http://printer.local/"),
    block("name-internal", "http://metadata.google.internal/"),
    block("name-lan-dot", "http://nas.lan./"),
    block("name-home-arpa", "http://router.home.arpa/"),
    block("name-sub-localhost", "http://app.localhost/"),
    block("name-unknown", "http://nobody.example/"),
    answers("private", "block", ["172.20.1.1"]),
    answers("unspecified", "block", ["0.0.0.0"]),
    answers("mapped", "block", ["::ffff:10.0.0.1"]),
    answers("scoped", "block", ["fe80::1%eth0"]),
    answers("good-then-bad", "block", ["104.16.1.1", "127.0.0.1"]),
    answers("bad-sixth", "block", [*(f"104.16.1.{n}" for n in range(5)), "10.0.0.1"]),
    answers("nothing", "block", []),
    answers("turns-private", "safe", ["104.16.1.1"], ["127.0.0.1"], repeat=6),
    answers("turns-public", "safe", ["10.0.0.1"], ["104.16.1.1"], repeat=6),
    answers("two-families", "allow", ["2606:4700::1", "104.16.1.1"]),
    answers("dead-first", "allow", ["1.2.3.4", "104.16.1.1"]),
    # Redirects
    leads_to("loopback", "http://127.0.0.1:8080/"),
    leads_to("private-name", "http://staff.example/", status=301),
    leads_to("see-other-v6", "http://[::1]/", status=303),
    leads_to("scheme-relative", "//10.0.0.1/x", status=307),
    leads_to("scheme-relative-user", "//news.example@10.0.0.1/", status=308),
    leads_to("file", "file:///etc/hosts"),
    leads_to("script", "javascript:1"),
    leads_to("hex", "https://0x7f000001/"),
    leads_to("port", "http://mirror.example:3306/"),
    leads_to("space-before-user", "http://mirror.example @10.0.0.1/"),
    leads_to("control", "http://mirror.example/\x01"),
    leads_to("single-label", "http://grafana/"),
    leads_to("other-site", "http://mirror.example/", "allow"),
    leads_to("scheme-relative-public", "//mirror.example/a", "allow"),
    leads_to("query-only", "?page=2", "allow"),
    leads_to("dots", "../../x", "allow"),
    leads_to("space-in-path", "/a b", "allow"),
    leads_to("upper-case-public", "HTTP://MIRROR.EXAMPLE/", "allow"),
    leads_to("fragment", "/done#http://10.0.0.1/", "allow"),
    Case(
        "redirect-circle-of-two",
        "http://news.example/a",
        "block",
        server={"/a": (302, "/b", {}, ""), "/b": (302, "/a", {}, "")},
        max_requests=6,
        may_connect=True,
    ),
    Case(
        "redirect-without-location",
        "http://news.example/a",
        "block",
        server={"/a": (302, None, {}, PUBLIC)},
        may_connect=True,
    ),
    # Surroundings
    Case("env-https-proxy", "http://news.example/", "safe", env={"HTTPS_PROXY": "http://127.0.0.1:9"}),
    Case("env-no-proxy", "http://127.0.0.1/", "block", env={"NO_PROXY": "*"}),
]
