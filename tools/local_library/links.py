"""What a crawler reads from HTML: links, and whether the page asks to be left alone. Linear in the text; pure."""

import html
import re
from urllib.parse import urljoin, urlsplit, urlunsplit

MAX_LINKS = 2_000
"""Links taken from one page; a site's map has about a thousand."""
MAX_URL_CHARS = 1_000

_TAG = re.compile(r"<(a|area|base|meta)\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z\-]{1,20})\s{0,5}=\s{0,5}(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_NOT_PAGES = re.compile(
    r"\.(?:pdf|zip|gz|bz2|xz|zst|tar|tgz|7z|rar|deb|rpm|exe|dmg|iso|jar|whl|png|jpe?g|gif|svg|webp|avif|ico|mp[34]|webm|"
    r"ogg|wav|avi|mov|woff2?|ttf|css|js|mjs|json|xml|rss|atom|csv|tsv|docx?|xlsx?|pptx?|odt|epub)$",
    re.IGNORECASE,
)


class PageLinks:
    """The links of one page, absolute, without fragments and repeats, in order."""

    def __init__(self, body: bytes, url: str) -> None:
        self.urls: list[str] = []
        self.may_index = True
        """False when the page asks robots not to keep it."""
        self.may_follow = True
        """False when the page asks robots not to go on from it."""
        base = url
        found: dict[str, None] = {}
        # Markup is ASCII in every encoding a crawler meets; what is not is percent-encoded by the address itself.
        for tag in _TAG.finditer(body.decode("utf-8", "replace")):
            name = tag.group(1).lower()
            attributes = {
                match[0].lower(): html.unescape(match[1] or match[2] or match[3])
                for match in _ATTRIBUTE.findall(tag.group(2))
            }
            if name == "meta":
                self._obey(attributes)
            elif name == "base":
                base = _join(url, attributes.get("href", "")) or url
            elif "nofollow" not in attributes.get("rel", "").lower():
                link = _join(base, attributes.get("href", ""))
                if link and len(found) < MAX_LINKS:
                    found[link] = None
        self.urls = list(found) if self.may_follow else []

    def _obey(self, attributes: dict[str, str]) -> None:
        if attributes.get("name", "").lower() == "robots":
            wishes = attributes.get("content", "").lower()
            self.may_index &= "noindex" not in wishes and "none" not in wishes
            self.may_follow &= "nofollow" not in wishes and "none" not in wishes


def normal_url(url: str) -> str:
    """One spelling of an address: lower-case host, a path, no fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def scope_of(url: str) -> str:
    """What a crawl from an address stays below: its folder."""
    parts = urlsplit(normal_url(url))
    return urlunsplit((parts.scheme, parts.netloc, parts.path[: parts.path.rfind("/") + 1], "", ""))


def is_page_address(url: str) -> bool:
    """Whether an address may well be a page, by its ending."""
    return not _NOT_PAGES.search(urlsplit(url).path)


def _join(base: str, href: str) -> str:
    if not href or len(href) > MAX_URL_CHARS:
        return ""
    try:
        joined = normal_url(urljoin(base, href.strip()))
    except ValueError:  # an address like http://[ is no address
        return ""
    return joined if joined.startswith(("http://", "https://")) else ""
