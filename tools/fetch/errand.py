"""What one kind of fetch may reach and may bring home: a page, or a part that a page asks for. Plain values."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx2

from tools.errors import UrlRefused
from tools.fetch.body import check_part_type, check_type
from tools.url_guard import check_url, host_of, host_port, port_of

PAGE_ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.9,text/markdown;q=0.9,application/pdf;q=0.8,*/*;q=0.5"
PART_ACCEPT = "*/*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """How every hop of a fetch is judged."""

    allow_hosts: frozenset[str]
    """`host:port` that may be fetched although private."""
    closed_hosts: frozenset[str] = frozenset()
    """`host:port` that may not be fetched, whatever their address."""
    accept: str
    """The header `Accept`."""
    check_type: Callable[[str], None]
    """Raises NotText for a `Content-Type` that is of no use."""

    def check_url(self, text: str) -> httpx2.URL:
        """Judge an address and parse it.

        Raises:
            UrlRefused: with the rule it breaks.
        """
        url = check_url(text, self.allow_hosts)
        if host_port(host_of(url), port_of(url)) in self.closed_hosts:
            raise UrlRefused("The address may not be fetched: it is closed to the pages of others.")
        return url


def for_page(allow_hosts: frozenset[str]) -> Errand:
    """A page that a result, a redirect or the user names."""
    return Errand(allow_hosts=allow_hosts, accept=PAGE_ACCEPT, check_type=check_type)


def for_part(allow_hosts: frozenset[str], page_url: str) -> Errand:
    """A script or data for the page at `page_url`: of the operator's own hosts, only the page's own."""
    own = allow_hosts & {_host_port(page_url)}
    return Errand(allow_hosts=own, closed_hosts=allow_hosts - own, accept=PART_ACCEPT, check_type=check_part_type)


def _host_port(url: str) -> str:
    try:
        checked = httpx2.URL(url)
        return host_port(host_of(checked), port_of(checked))
    except (httpx2.InvalidURL, ValueError, KeyError):
        return ""
