"""JSON and feeds: the texts inside them, in order, with the names they stand under."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tools.clean.blocks import Block, lay_out, one_line
from tools.clean.cleaned import MAX_TEXT_CHARS, Cleaned
from tools.clean.dates import parse_date
from tools.clean.language import language_of
from tools.clean.powers import mark_powers
from tools.clean.prepass import bound
from tools.clean.tree import parse, parse_xml
from tools.clean.walk import to_blocks
from tools.errors import CleanError

MAX_NODES = 50_000
MAX_DEPTH = 60
MAX_ENTRIES = 200
MIN_PROSE_CHARS = 80
"""A string this long with spaces is prose and stands without its name."""

_TITLES = ("title", "headline", "name", "subject")
_DATES = ("datemodified", "datepublished", "modified", "updated", "updated_at", "published", "published_at", "date")
_MARKED_UP = re.compile(r"</?(?:p|br|div|a|li|h[1-6]|em|strong|b|i|span|su[bp])\b[^<>]{0,500}>", re.IGNORECASE)
_OPAQUE = re.compile(r"^(?:https?:|data:|[\w+/=-]{40,}$)")


def clean_json(text: str, url: str) -> Cleaned:
    """Read a JSON document (or one JSON value a line): `name: value` lines and the prose it holds.

    Raises:
        CleanError: It is broken, or holds no words.
    """
    try:
        values = [json.loads(text, strict=False)]
    except RecursionError as error:
        raise CleanError("The JSON is nested too deeply.", remedy="Ask for another source.") from error
    except ValueError:
        values = _json_lines(text)
    blocks: list[Block] = []
    budget = [MAX_NODES]
    for value in values:
        blocks += _value_blocks("", value, 0, budget)
    out, headings = lay_out(blocks, MAX_TEXT_CHARS)
    if not out:
        raise CleanError("The JSON holds no readable text.", remedy="Ask for another source.")
    top = {key.lower(): value for key, value in values[0].items()} if isinstance(values[0], dict) else {}
    days = [day for name in _DATES if isinstance(top.get(name), str) and (day := parse_date(top[name]))]
    return Cleaned(
        title=next((one_line(top[name]) for name in _TITLES if isinstance(top.get(name), str)), ""),
        text=out,
        headings=headings,
        language=language_of(out),
        published=max(days).isoformat() if days else None,
        note="The page was cut short." if budget[0] <= 0 else "",
    )


def _json_lines(text: str) -> list[Any]:
    values = []
    for line in text.splitlines()[:MAX_ENTRIES]:
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError):
            continue
    if not values:
        raise CleanError("The JSON is broken.", remedy="Ask for another source.")
    return values


def _value_blocks(name: str, value: Any, depth: int, budget: list[int]) -> Iterator[Block]:
    budget[0] -= 1
    if budget[0] <= 0 or depth > MAX_DEPTH:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _value_blocks(str(key), inner, depth + 1, budget)
    elif isinstance(value, list):
        for inner in value:
            yield from _value_blocks(name, inner, depth + 1, budget)
    elif isinstance(value, str):
        yield from _string_blocks(name, value)
    elif isinstance(value, bool | int | float) and name:
        yield Block("definition", f"{name}: {json.dumps(value)}")


def _string_blocks(name: str, value: str) -> Iterator[Block]:
    if _OPAQUE.match(value) or not value.strip():
        return
    if _MARKED_UP.search(value):
        yield from html_blocks(value)
    elif len(value) >= MIN_PROSE_CHARS or "\n" in value:
        yield from (Block("paragraph", one_line(line)) for line in value.splitlines())
    else:
        yield Block("definition", f"{name}: {one_line(value)}" if name else one_line(value))


def html_blocks(fragment: str) -> list[Block]:
    """Blocks of a piece of HTML carried inside another format."""
    try:
        tree = parse(f"<div>{bound(fragment).html}</div>")
    except ValueError:
        return []
    mark_powers(tree)
    return to_blocks(tree)


def clean_feed(text: str, url: str) -> Cleaned:
    """Read RSS, Atom or other XML: each entry with its title as a heading; XML of another kind as its texts.

    Raises:
        CleanError: It is broken, or holds no text.
    """
    root = parse_xml(text)
    if root is None:
        raise CleanError("The feed is broken.", remedy="Ask for another source.")
    entries = list(root.iter("{*}item", "{*}entry"))[:MAX_ENTRIES]
    blocks = [block for entry in entries for block in _entry_blocks(entry)]
    if not entries:
        blocks = [Block("paragraph", one_line(line)) for line in root.itertext() if line.strip()]
    out, headings = lay_out(blocks, MAX_TEXT_CHARS)
    if not out:
        raise CleanError("The feed holds no text.", remedy="Ask for another source.")
    days = [
        day for element in root.iter("{*}pubDate", "{*}updated", "{*}date") if (day := parse_date(element.text or ""))
    ]
    return Cleaned(
        title=one_line(root.findtext("{*}title") or root.findtext("{*}channel/{*}title") or ""),
        text=out,
        headings=headings,
        language=language_of(out),
        published=max(days).isoformat() if days else None,
    )


def _entry_blocks(entry: Any) -> Iterator[Block]:
    title = one_line(_text_of(entry, "title"))
    if title:
        yield Block("heading", title, 2)
    stamp = next((text for name in ("pubDate", "published", "updated") if (text := _text_of(entry, name))), "")
    if stamp:
        yield Block("paragraph", one_line(stamp))
    bodies = [_text_of(entry, name) for name in ("encoded", "content", "description", "summary")]
    yield from html_blocks(max(bodies, key=len))


def _text_of(element: Any, name: str) -> str:
    """The text of a child, entities (which are never followed) left out."""
    child = element.find(f"{{*}}{name}")
    if child is None:
        return ""
    return (child.text or "") + "".join(inner.tail or "" for inner in child)
