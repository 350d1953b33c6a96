"""What a page says about itself: title, dates, author, site, canonical address, language."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from tools.clean.blocks import one_line
from tools.clean.dates import date_in_path, parse_date
from tools.clean.invisible import visible
from tools.clean.tree import HtmlElement
from tools.clean.walk import inline_text

MAX_FIELD_CHARS = 300
MAX_DATA_NODES = 5_000
"""JSON-LD objects looked at: pages list whole catalogues there."""
BYLINE_CHARS = 3_000
"""A date with a label this near the top of the text is the page's own."""

_DATE_NAMES = frozenset(
    [
        *("article:published_time", "article:modified_time", "og:published_time", "og:updated_time", "og:pubdate"),
        *("datepublished", "datemodified", "date", "pubdate", "publishdate", "publish_date", "publish-date", "pubtime"),
        *("dc.date", "dc.date.issued", "dc.date.modified", "dcterms.date", "dcterms.modified", "dcterms.issued"),
        *("citation_publication_date", "citation_date", "last-modified", "lastmod", "revised", "modified", "updated"),
        *(
            "sailthru.date",
            "parsely-pub-date",
            "weibo:article:create_at",
            "weibo:article:update_at",
            "bytedance:published_time",
        ),
        *("article.published", "article.updated", "publication_date", "release_date", "created", "firstpublishedtime"),
    ]
)
_AUTHOR_NAMES = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "citation_author",
    "parsely-author",
    "byl",
)
_SITE_NAMES = ("og:site_name", "application-name", "al:android:app_name", "citation_journal_title")
_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "citation_title")
_LABELLED = re.compile(
    r"(?:发布|发表|更新|修改|时间|日期|来源|编辑|published|updated|posted|modified|edited|reviewed|date)"
    r"[^\n]{0,40}",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|\-–—·»:_]\s+|[|_]")


@dataclass(frozen=True, slots=True)
class Metadata:
    """See the fields of the same names in `Cleaned`."""

    title: str
    language: str
    published: str | None
    author: str
    site_name: str
    canonical_url: str
    article_body: str
    """The article as JSON-LD carries it: for pages that show it by script only."""


def read_metadata(tree: HtmlElement, url: str) -> Metadata:
    """Everything the head, JSON-LD and microdata say; call before hidden text is taken out."""
    meta = _meta(tree)
    data = list(_json_ld(tree))
    site_name = _first(meta, _SITE_NAMES) or _text(_data_value(data, "publisher", "name"))
    return Metadata(
        title=_title(tree, meta, data, site_name),
        language=(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:20]
        or meta.get("og:locale", "")[:20],
        published=_published(tree, meta, data, url),
        author=_author(tree, meta, data),
        site_name=site_name,
        canonical_url=_canonical(tree, meta, url),
        article_body=max((visible(str(node.get("articleBody") or "")) for node in data), key=len, default=""),
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    """Name, property or itemprop (lower case) -> first content."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), _text(content))
    return found


def _text(value: object) -> str:
    return one_line(visible(value))[:MAX_FIELD_CHARS] if isinstance(value, str) else ""


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next((meta[name] for name in names if name in meta), "")


def _json_ld(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    budget = MAX_DATA_NODES
    for script in tree.iter("script"):
        try:
            pending = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending and budget:
            node = pending.pop()
            budget -= 1
            if isinstance(node, dict):
                yield node
                pending += [
                    node[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement") if key in node
                ]
            elif isinstance(node, list):
                pending += reversed(node)


def _data_value(data: list[dict[str, Any]], key: str, inner: str = "") -> object:
    for node in data:
        value = node.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if inner and isinstance(value, dict):
            value = value.get(inner)
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _title(tree: HtmlElement, meta: dict[str, str], data: list[dict[str, Any]], site_name: str) -> str:
    element = tree.find(".//title")
    own = _text("".join(element.itertext())) if element is not None else ""
    title = _first(meta, _TITLE_NAMES) or own or _text(_data_value(data, "headline"))
    if not title:
        heading = next(tree.iter("h1"), None)
        return _text(inline_text(heading)) if heading is not None else ""
    return _without_site(title, site_name)


def _without_site(title: str, site_name: str) -> str:
    """`Title | Site` -> `Title`, where the page says that `Site` is its site's name."""
    if not site_name:
        return title
    for match in _SEPARATOR.finditer(title):
        if title[match.end() :].strip().lower() == site_name.lower():
            return title[: match.start()].strip() or title
    return title


def _published(tree: HtmlElement, meta: dict[str, str], data: list[dict[str, Any]], url: str) -> str | None:
    """The later of all dates the page gives for itself; the byline and the address only when it gives none."""
    found: list[date | None] = [parse_date(value) for name, value in meta.items() if name in _DATE_NAMES]
    for node in data:
        stamps = (node.get(key) for key in ("datePublished", "dateModified"))
        found += [parse_date(str(stamp)) for stamp in stamps if isinstance(stamp, str | int)]
    for element in tree.xpath("//*[@itemprop='datePublished' or @itemprop='dateModified' or @pubdate]")[:10]:
        found.append(parse_date(element.get("datetime") or element.get("content") or inline_text(element)))
    tomorrow = _today() + timedelta(days=1)  # Somewhere it is tomorrow already; later than that a page lies.
    dates = [value for value in found if value is not None and value <= tomorrow]
    return max(dates).isoformat() if dates else _weaker_date(tree, url)


def _today() -> date:
    return datetime.now(UTC).date()


def _weaker_date(tree: HtmlElement, url: str) -> str | None:
    body = tree.find("body")
    if body is not None:
        for element in body.xpath(".//time[@datetime]")[:1]:
            stamp = parse_date(element.get("datetime"))
            if stamp:
                return stamp.isoformat()
    in_path = date_in_path(urlsplit(url).path)
    if in_path:
        return in_path.isoformat()
    # What lies on a disk was written there long ago; what was fetched is of now.
    today = _today() if urlsplit(url).scheme in ("http", "https") else None
    return _byline_date(body, today) if body is not None else None


def _byline_date(body: HtmlElement, today: date | None) -> str | None:
    parts: list[str] = []
    size = 0
    for text in body.itertext():
        if text.strip():
            parts.append(text.strip())
            size += len(parts[-1])
        if size > BYLINE_CHARS:
            break
    for match in _LABELLED.finditer(" ".join(parts)[:BYLINE_CHARS]):
        found = parse_date(match[0], today)
        if found:
            return found.isoformat()
    return None


def _author(tree: HtmlElement, meta: dict[str, str], data: list[dict[str, Any]]) -> str:
    names = [meta[name] for name in _AUTHOR_NAMES if name in meta] + [_text(_data_value(data, "author", "name"))]
    names += [_text(inline_text(element)) for element in tree.xpath("//*[@rel='author' or @itemprop='author']")[:1]]
    return next((name for name in names if name and not name.startswith(("http://", "https://", "@"))), "")


def _canonical(tree: HtmlElement, meta: dict[str, str], url: str) -> str:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return _absolute(url, link.get("href"))
    return _absolute(url, meta["og:url"]) if "og:url" in meta else ""


def _absolute(url: str, address: str) -> str:
    try:
        absolute = urljoin(url, address.strip())
        return absolute if urlsplit(absolute).scheme in ("http", "https") and len(absolute) <= 2_000 else ""
    except ValueError:
        return ""
