"""One linear pass over HTML before any parser sees it: what makes parsers slow or lossy is bounded here.

Parsers are quadratic in attributes, in nesting and in unclosed tags, and drop text silently past their own limits.
Real pages stay far below every bound (2,008 pages measured: 15.8 k start tags, 56 levels, 5.3 MB at most).
"""

import re
from dataclasses import dataclass

MAX_CHARS = 6_000_000
"""A cap of 3 M cut one real collection page of 188 to pieces; 6 M cuts none."""
MAX_TAGS = 60_000
"""Start tags kept; the text after the last one is dropped."""
MAX_DEPTH = 220
"""libxml2 loses text below 256 levels without a word; Resiliparse is quadratic in depth."""
MAX_PLAIN_TAG_CHARS = 256
"""Longer tags are looked at attribute by attribute."""
MAX_ATTRIBUTES = 64
"""A tag with more keeps only the attributes we read: libxml2 compares each with each."""
MAX_TAG_CHARS = 16_000
MAX_VALUE_CHARS = 4_000
MAX_BREAKS_IN_A_ROW = 3
MAX_UNCLOSED_TAGS = 100
"""Tags whose quotes never close; each costs a scan to the end, so after these only `>` counts."""
MAX_STYLE_CHARS = 500_000
MAX_DATA_CHARS = 1_000_000
"""JSON-LD kept, in all: it may hold the article itself."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROL_BYTES = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
"""The control codes among them, as UTF-8 has them: no other character holds these bytes."""
_START = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,60})")
_TAG = re.compile(_START.pattern + r"""(?>[^>"'=]+|=\s*+(?>"[^"]*+"|'[^']*+')|=|["'])*+>""")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_JSON_LD = re.compile(r"ld\+json", re.IGNORECASE)
_KEPT_ATTRIBUTES = frozenset(
    [
        *(
            "class",
            "id",
            "style",
            "hidden",
            "aria-hidden",
            "popover",
            "role",
            "open",
            "href",
            "name",
            "property",
            "content",
            "rel",
        ),
        *("itemprop", "itemtype", "datetime", "type", "lang", "charset", "http-equiv", "bgcolor", "color", "translate"),
    ]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_DROPPED_WHOLE = frozenset(["style", "svg", "iframe", "noembed", "noframes", "textarea", "object", "canvas", "select"])
_CLOSERS = {name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE) for name in (*_DROPPED_WHOLE, "script")}
_CLOSED_BY_NEXT: dict[str, frozenset[str]] = {
    "p": frozenset(["p"]),
    "li": frozenset(["li", "p"]),
    "dt": frozenset(["dt", "dd", "p"]),
    "dd": frozenset(["dt", "dd", "p"]),
    "tr": frozenset(["tr", "td", "th", "p"]),
    "td": frozenset(["td", "th", "p"]),
    "th": frozenset(["td", "th", "p"]),
}
"""Elements whose start ends an open one of these: end tags people leave out, which must not count as nesting."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """A page that is safe to parse."""

    html: str
    styles: str
    """The text of its `<style>` elements, for finding what they hide."""
    tags: int
    """Start tags kept."""
    levels: int
    """Sum of their depths: what walking up from each element costs."""
    scripts: int
    """Script elements dropped: many of them and no text means a page that needs JavaScript."""
    cut: bool
    """Something was left out because a bound was reached."""


def bound(html: str) -> Bounded:
    """Bound a page: size, tags, attributes, nesting, breaks; scripts, styles, comments and drawings out."""
    return _Pass(_without_controls(html[:MAX_CHARS]), cut=len(html) > MAX_CHARS).run()


def _without_controls(html: str) -> str:
    """Without control codes and lone surrogates; a page that has none, as nearly all, is only looked through."""
    try:
        data = html.encode()
    except UnicodeEncodeError:
        return _CONTROL.sub("", html)
    return html if len(data.translate(None, _CONTROL_BYTES)) == len(data) else _CONTROL.sub("", html)


class _Pass:
    def __init__(self, html: str, *, cut: bool) -> None:
        self.html = html
        self.out: list[str] = []
        self.styles: list[str] = []
        self.stack: list[str] = []
        self.open: dict[str, int] = {}
        self.tags = self.levels = self.scripts = self.breaks = self.unclosed = 0
        self.style_chars = self.data_chars = 0
        self.cut = cut

    def run(self) -> Bounded:
        html, out, position = self.html, self.out, 0
        while True:
            start = html.find("<", position)
            text = html[position:start] if start >= 0 else html[position:]
            if text:
                out.append(text)
                if self.breaks and not text.isspace():
                    self.breaks = 0
            if start < 0:
                break
            if self.tags >= MAX_TAGS:
                self.cut = True
                break
            position = self._markup(start)
        return Bounded("".join(out), "\n".join(self.styles), self.tags, self.levels, self.scripts, self.cut)

    def _markup(self, start: int) -> int:
        """Take in what begins with `<` at `start`; returns where to go on."""
        html = self.html
        match = _TAG.match(html, start) if self.unclosed < MAX_UNCLOSED_TAGS else None
        if match is not None:
            end = match.end()
        else:
            match = _START.match(html, start)
            if match is None:
                return self._declaration(start)
            self.unclosed += 1
            end = html.find(">", match.end()) + 1
            if not end:  # The page ends within a tag: browsers drop it.
                return len(html)
        name = match[2].lower()
        if match[1]:
            self._close(name)
            return end
        if name == "br":
            self.breaks += 1
            if self.breaks <= MAX_BREAKS_IN_A_ROW:
                self.tags += 1
                self.out.append("<br>")
            return end
        if name == "script" or name in _DROPPED_WHOLE:
            return self._raw(name, html[start:end], end)
        self._open(name, html[start:end])
        return end

    def _declaration(self, start: int) -> int:
        html = self.html
        if html.startswith("<!--", start):
            if html.startswith(("<!-->", "<!--->"), start):
                return html.index(">", start) + 1
            end = html.find("-->", start + 4)
            return len(html) if end < 0 else end + 3
        if html.startswith(("<!", "<?", "</"), start):
            end = html.find(">", start)
            return len(html) if end < 0 else end + 1
        self.out.append("&lt;")
        return start + 1

    def _raw(self, name: str, tag: str, end: int) -> int:
        """Drop an element whose content is no text; styles and JSON-LD are put by."""
        html = self.html
        if tag.endswith("/>") and name == "svg":
            return end
        closer = _CLOSERS[name].search(html, end)
        stop = closer.start() if closer else len(html)
        after = html.find(">", stop) + 1 if closer else len(html)
        size = stop - end
        if name == "style" and self.style_chars + size <= MAX_STYLE_CHARS:
            self.style_chars += size
            self.styles.append(html[end:stop])
        elif name == "script":
            self.scripts += 1
            if _JSON_LD.search(tag) and self.data_chars + size <= MAX_DATA_CHARS:
                self.data_chars += size
                self.tags += 1
                self.out.append(f'<script type="application/ld+json">{html[end:stop]}</script>')
        return after or len(html)

    def _open(self, name: str, tag: str) -> None:
        ended = _CLOSED_BY_NEXT.get(name)
        if ended:
            while self.stack and self.stack[-1] in ended:
                self._pop()
        if name not in _VOID and not tag.endswith("/>"):
            if len(self.stack) >= MAX_DEPTH:
                self.cut = True
                self.out.append(" ")
                return
            self.stack.append(name)
            self.open[name] = self.open.get(name, 0) + 1
        self.tags += 1
        self.levels += len(self.stack)
        self.out.append(tag if len(tag) <= MAX_PLAIN_TAG_CHARS else _slim(name, tag))

    def _close(self, name: str) -> None:
        if name in _HEADINGS:
            # Any heading's end closes the open one, as in browsers: else `<h2>…</h1>` would take in all that follows.
            name = next((inner for inner in reversed(self.stack) if inner in _HEADINGS), name)
        if not self.open.get(name):
            return
        self.breaks = 0
        while self._pop() != name:
            pass
        self.out.append(f"</{name}>")

    def _pop(self) -> str:
        name = self.stack.pop()
        self.open[name] -= 1
        return name


def _slim(name: str, tag: str) -> str:
    """A long tag with few enough attributes as it is, else with those we read only."""
    attributes = _ATTRIBUTE.findall(tag, len(name) + 1)
    if len(attributes) <= MAX_ATTRIBUTES and len(tag) <= MAX_TAG_CHARS:
        return tag
    kept: dict[str, str] = {}
    for key, double, single, bare in attributes:
        if key.lower() in _KEPT_ATTRIBUTES:
            kept.setdefault(key.lower(), (double or single or bare)[:MAX_VALUE_CHARS].replace('"', "&quot;"))
    return f"<{name}" + "".join(f' {key}="{value}"' for key, value in kept.items()) + ">"
