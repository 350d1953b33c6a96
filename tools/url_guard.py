"""Which addresses may be fetched: one judgement for the text of a URL, one for the IP address behind its name.

Knows nothing of sockets. The URL that is checked is the very object that is fetched (one parser for both), and the
network backend asks `is_public_address` again for every address it is about to connect to.
"""

import contextlib
import ipaddress
import re
import unicodedata
from collections.abc import Iterable

import httpx2

from tools.errors import UrlRefused

MAX_URL_CHARS = 4096
"""Longest address taken; servers commonly stop at 8 KB, and real pages stay far below."""

PORTS = frozenset({80, 443, 8080, 8443})
"""Where web pages are served; every other port may be a database, a mail server or a control plane."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HEAD = re.compile(r"https?://(?P<authority>[^/?#]+)", re.IGNORECASE)
_PORT = re.compile(r"[0-9]{0,5}")
"""Parsers read `+80`, `８０` and `8_0` as numbers too."""
_WITHOUT_JOINERS = {0x200C: None, 0x200D: None}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER_LABEL = re.compile(r"[0-9]+|0[xo][0-9a-z]*")
_MAX_NAME_CHARS = 253  # RFC 1035, section 2.3.4
_PRIVATE_SUFFIXES = (
    "localhost",
    "local",
    "localdomain",
    "internal",
    "intranet",
    "corp",
    "home",
    "lan",
    "home.arpa",
    "svc",
)
"""Names that never lie on the public web; their answers would be refused too, but no lookup needs to be made."""

_REMEDY = "Give an http or https address on the public web, or list its host:port in ASTERISM_FETCH__ALLOW_HOSTS."

# Everything that the IANA special-purpose registry does not call globally reachable, and relays that lead inwards.
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to loopback
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier NAT, and the metadata service of one cloud
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent behind a public-looking address
        "169.254.0.0/16",  # link-local: cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relay
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4 wraps an IPv4 address
        "3ffe::/16",  # the returned 6bone
        "3fff::/20",  # documentation
    )
)
_ISATAP_MARK = 0x00005EFE
_ISATAP_UNIVERSAL_BIT = 0x02000000


def is_public_address(text: str) -> bool:
    """Tell whether an IP address literal lies on the public internet.

    IPv4 is judged by a list of what is refused; IPv6 by what is allowed (2000::/3 without its special parts), so that
    every way of wrapping an IPv4 address (mapped, translated, NAT64, 6to4, Teredo, ISATAP) is refused.
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    if address.scope_id is not None or address not in _GLOBAL_V6:
        return False
    return not any(address in network for network in _REFUSED_V6) and not _is_isatap(address)


def host_port(host: str, port: int) -> str:
    """Name a server as `host:port` in one spelling: lower case, IPv6 shortened and in brackets."""
    name = host.strip("[]").lower().removesuffix(".")
    with contextlib.suppress(ValueError):
        name = str(ipaddress.ip_address(name))
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def spell_hosts(entries: Iterable[str]) -> frozenset[str]:
    """Bring `host:port` entries as people write them into the one spelling of `host_port`."""
    spelled = set()
    for entry in entries:
        host, _, port = entry.strip().rpartition(":")
        if host and port.isascii() and port.isdigit():
            spelled.add(host_port(host, int(port)))
    return frozenset(spelled)


def port_of(url: httpx2.URL) -> int:
    """The port a checked URL leads to; httpx2 drops the default ones."""
    return _DEFAULT_PORTS[url.scheme] if url.port is None else url.port


def host_of(url: httpx2.URL) -> str:
    """The host as it is sent and looked up: ASCII, names in Punycode (`URL.host` would decode them)."""
    return url.raw_host.decode("ascii")


def check_url(text: str, allow_hosts: frozenset[str] = frozenset()) -> httpx2.URL:
    """Judge the text of an address and parse it; the result is what is to be fetched, without its fragment.

    Args:
        text: The address as it came from a search result, a redirect or a user.
        allow_hosts: `host:port` in the spelling of `host_port`; these may be private and use any port.

    Raises:
        UrlRefused: with the rule it breaks; the address itself is not repeated, for it may hold anything.
    """
    _check_text(text)
    url = _parse(text)
    port = port_of(url)
    written = host_of(url)
    host = written.removesuffix(".")
    if host_port(host, port) not in allow_hosts:
        if port not in PORTS:
            raise _refused("that port is not one of the web's (80, 443, 8080, 8443)")
        _check_host(host, trailing_dot=written.endswith("."))
    return url.copy_with(host=host, fragment=None)


def _check_text(text: str) -> None:
    if len(text) > MAX_URL_CHARS:
        raise _refused(f"it is longer than {MAX_URL_CHARS} characters")
    head = _HEAD.match(text)
    # A category of "C" is a control or format character; browsers drop some of these and others do not. The two that
    # join letters belong to the spelling of Persian and Hindi: titles of pages hold them, names of hosts need not.
    path = text[head.end() :].translate(_WITHOUT_JOINERS) if head else ""
    if any(_is_invisible(char) for char in (head[0] if head else text)) or any(map(_is_invisible, path)):
        raise _refused("it holds a space, a backslash or an invisible character")
    if head is None:
        raise _refused("it is not an absolute http or https address")
    if "@" in head["authority"]:
        raise _refused("it carries a user name or password")
    if not _PORT.fullmatch(head["authority"].rpartition("]")[2].partition(":")[2]):
        raise _refused("its port is malformed")


def _is_invisible(char: str) -> bool:
    return char <= " " or char == "\\" or unicodedata.category(char) in {"Cc", "Cf", "Cs"}


def _parse(text: str) -> httpx2.URL:
    try:
        url = httpx2.URL(text)
    except (httpx2.InvalidURL, ValueError) as error:
        raise _refused("it is malformed") from error
    if url.scheme not in _DEFAULT_PORTS or not url.host or url.userinfo:
        raise _refused("it is malformed")
    return url


def _check_host(host: str, *, trailing_dot: bool) -> None:
    if ":" in host:
        if trailing_dot or not is_public_address(host):
            raise _refused("that IP address is not public")
        return
    labels = host.split(".")
    if len(host) > _MAX_NAME_CHARS or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused("its host name is malformed")
    if _NUMBER_LABEL.fullmatch(labels[-1]):
        # "127.1", "0x7f.1", "2130706433": every way but the plain one of writing an IPv4 address is a disguise.
        if trailing_dot or not is_public_address(host):
            raise _refused("that IP address is not public")
        return
    if len(labels) == 1 or any(host.endswith(f".{suffix}") for suffix in _PRIVATE_SUFFIXES):
        raise _refused("that name is not on the public web")


def _is_isatap(address: ipaddress.IPv6Address) -> bool:
    interface = int(address) >> 32 & 0xFFFFFFFF
    return interface & ~_ISATAP_UNIVERSAL_BIT == _ISATAP_MARK


def _refused(reason: str) -> UrlRefused:
    return UrlRefused(f"The address may not be fetched: {reason}.", remedy=_REMEDY)
