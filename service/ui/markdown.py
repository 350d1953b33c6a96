"""Markdown of an answer as HTML blocks that are safe to insert: rendered, then sanitised, then marks put in by code.

Untrusted is the text: HTML in it is text, pictures and reference definitions do not exist, links go to http(s) only.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from agent.cite import MARK
from service.ui.outline import NOTHING_ABOVE, Outline
from tools.text.words import CJK

TAGS = frozenset(
    "p h3 h4 h5 h6 ul ol li strong em s code pre blockquote a hr br table thead tbody tr th td".split()  # noqa: SIM905
)
REL = "noopener noreferrer nofollow"

# Put into the Markdown around a claim. Punctuation for the parser, so that emphasis beside it is still emphasis.
_BEGIN, _NUMBERED, _END = "\u2e22", "\u2e24", "\u2e23"
_BOUNDARY = re.compile(f"{_BEGIN}(\\d+){_NUMBERED}|{_END}")
# Put into the text of tokens, and turned into elements after sanitising.
_SPAN, _SPANNED, _CLOSE, _CITE, _CITED, _KEEP, _KEPT = map(chr, range(0xE000, 0xE007))
_OURS = re.compile(f"[{_BEGIN}{_NUMBERED}{_END}\ue000-\ue006]")
_ENCODED = re.compile("%E2%B8%A2\\d+%E2%B8%A4|%E2%B8%A3")
_MARKS = re.compile(r"(?<![ \t])[ \t]*((?:\s?\[\d{1,3}\])+)")
_WORD_BEFORE = rf"(?:[^\s\ue000-\ue006{CJK}]{{1,24}}|[{CJK}][^\s\ue000-\ue006{CJK}]?)"
_SIGNS_AFTER = r"[.,;:!?…。，；：！？、)）”’\"']+"
_KEPT_TOGETHER = re.compile(
    rf"({_WORD_BEFORE})({_CLOSE})?((?:{_CITE}\d+:\d*{_CITED})+)(?:({_SPAN}\d+{_SPANNED})?({_SIGNS_AFTER}))?"
)
"""Marks with the word before them and the signs after them: a line that began with one would read badly, and browsers
break lines around buttons whatever stands beside them."""
_AFTER_STRESS = re.compile(
    r"<(strong|em|code)>(?:<span class=claim data-c=\d+>)?[^<>]{1,24}(?:</span>)?</\1>"
    r"(?:<button class=mark[^<>]*>[^<>]*</button>)+"
)
"""The same of marks after a few words that are stressed."""
_EMPTY = re.compile(rf"{_SPAN}\d+{_SPANNED}{_CLOSE}")
_CITE_SEEN = re.compile(f"{_CITE}(\\d+):(\\d*){_CITED}")
_SPAN_SEEN = re.compile(f"{_SPAN}(\\d+){_SPANNED}")
_WHOLE = re.compile(r"\]\([^()\s]*\)|<[a-z]+:[^<>\s]*>|`[^`\n]*`|\[\d{1,3}\]", re.IGNORECASE)
"""Where no boundary may be put: addresses, code and marks."""
_SIGNS = re.compile(r"\*{2,}|_{2,}|~{2,}|`{2,}")
_LEAD = re.compile(r"(?:[ \t]*(?:[-*+>|]|#{1,6}|\d{1,9}[.)])[ \t]+|[ \t]*\|[ \t]*)+")
_TRAIL = re.compile(r"(?<![ \t|])[ \t|]+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimShown:
    """A claim as its place and its marks are shown."""

    start: int
    """First code point in the answer."""
    end: int
    """One past the last, marks included."""
    marks: dict[int, str] = field(default_factory=dict)
    """The verdict of each source it names."""
    added: tuple[int, ...] = ()
    """Sources that support it although it names others: they get marks beside the written ones."""
    unsourced: bool = False
    """Whether it gets the mark of having no source."""


@dataclass(frozen=True, slots=True)
class Block:
    """A top-level block."""

    line: int
    """Its first line in the text, 0-based."""
    html: str
    headings: tuple[int, ...] = ()
    """Levels of the headings in it, as written."""


def blocks(text: str, claims: Sequence[ClaimShown] = (), outline: Outline = NOTHING_ABOVE) -> list[Block]:
    """The blocks of a text, in order.

    Args:
        text: Markdown with marks `[n]`.
        claims: In order and apart from each other; offsets count code points of `text`. Each run of words in the i-th
            becomes `<span class="claim" data-c="i">`, its marks carry the verdict.
        outline: The headings that stand before the text.
    """
    text = _OURS.sub("\ufffd", text)
    plain = _parsed(text)
    if claims:
        bounded = _parsed(_bounded(text, claims))
        # Boundaries that changed what is a list or what is bold would show another answer than the one checked.
        if _shape(bounded) == _shape(plain):
            return _rendered(bounded, claims, outline)
    return _rendered(plain, (), outline)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    md = MarkdownIt("js-default", {"html": False, "linkify": False})
    md.disable(["image", "reference"])
    md.validateLink = is_web_address  # type: ignore[method-assign]
    md.core.ruler.before("text_join", "without_ours", _without_ours)
    # A name in another script must look like what it is.
    md.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    return md


def _without_ours(state: StateCore) -> None:
    """Signs of ours that stand in the text as entities, which are read after the text was cleaned."""
    for token in state.tokens:
        for child in token.children or ():
            if child.type == "text_special":
                child.content = _OURS.sub("\ufffd", child.content)


def is_web_address(url: str) -> bool:
    """Whether a link may lead there."""
    return url.lower().startswith(("http://", "https://"))


def _parsed(text: str) -> list[Token]:
    return _parser().parse(text)


def _shape(tokens: Iterable[Token]) -> list[tuple[str, int, str]]:
    """What is what, and every word; boundaries left out."""
    shape = []
    for token in tokens:
        inside = "".join(
            _BOUNDARY.sub("", child.content) if child.type == "text" else f"\0{child.type}\0"
            for child in token.children or ()
        )
        shape.append((token.type, token.level, inside))
    return shape


def _rendered(tokens: list[Token], claims: Sequence[ClaimShown], outline: Outline) -> list[Block]:
    headings = [int(token.tag[1]) if token.type == "heading_open" else 0 for token in tokens]
    _prepare(tokens, claims, outline)
    found: list[Block] = []
    first = 0
    for place, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            line = (tokens[first].map or [0])[0]
            html = _parser().renderer.render(tokens[first : place + 1], _parser().options, {})
            within = tuple(level for level in headings[first : place + 1] if level)
            found.append(Block(line, _put_in(sanitise(html), claims), within))
            first = place + 1
    return found


def sanitise(html: str) -> str:
    """Leave nothing but what an answer may hold."""
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=lambda tag, name, value: (
            value if (tag, name) != ("a", "href") or is_web_address(value) else None
        ),
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel=REL,
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


def _prepare(tokens: Iterable[Token], claims: Sequence[ClaimShown], outline: Outline) -> None:
    """Put headings below those of the page; turn boundaries and marks in texts into what is put in after sanitising."""
    current: int | None = None
    for token in tokens:
        if token.type == "heading_open":
            outline = outline.under(int(token.tag[1]))
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{outline.level}"
        if token.type in ("fence", "code_block"):
            token.content = _BOUNDARY.sub("", token.content)
        for child in token.children or ():
            if child.type == "text":
                child.content, current = _with_codes(child.content, current, claims)
            else:
                current = _current_after(child.content, current)
                child.content = _BOUNDARY.sub("", child.content)
                if "href" in child.attrs:
                    child.attrs["href"] = _ENCODED.sub("", str(child.attrs["href"]))


def _current_after(text: str, current: int | None) -> int | None:
    for boundary in _BOUNDARY.finditer(text):
        current = int(boundary[1]) if boundary[1] else None
    return current


def _with_codes(text: str, current: int | None, claims: Sequence[ClaimShown]) -> tuple[str, int | None]:
    out: list[str] = []
    at = 0
    for boundary in (*_BOUNDARY.finditer(text), None):
        piece = text[at : boundary.start() if boundary else len(text)]
        out.append(_marked(piece, current))
        if boundary is None:
            break
        if not boundary[1] and current is not None:
            more = (0,) if claims[current].unsourced else claims[current].added
            out += [f"{_CITE}{number}:{current}{_CITED}" for number in more]
        current = int(boundary[1]) if boundary[1] else None
        at = boundary.end()
    return _KEPT_TOGETHER.sub(_kept_together, "".join(out)), current


def _kept_together(found: re.Match[str]) -> str:
    word, close, marks, span, signs = (part or "" for part in found.groups())
    claim = marks[marks.index(":") + 1 : marks.index(_CITED)]
    if close:
        word = f"{_SPAN}{claim}{_SPANNED}{word}{_CLOSE}"
    if span:
        return f"{close}{_KEEP}{word}{marks}{span}{signs}{_CLOSE}{_KEPT}{span}"
    return f"{close}{_KEEP}{word}{marks}{signs}{_KEPT}"


def _marked(piece: str, claim: int | None) -> str:
    out: list[str] = []
    at = 0
    for marks in (*_MARKS.finditer(piece), None):
        words = piece[at : marks.start() if marks else len(piece)]
        if words:
            out.append(words if claim is None or not words.strip() else f"{_SPAN}{claim}{_SPANNED}{words}{_CLOSE}")
        if marks is None:
            break
        numbers = MARK.findall(marks[1])
        shown = "" if claim is None else str(claim)
        out += [f"{_CITE}{number}:{shown}{_CITED}" for number in numbers]
        at = marks.end()
    return "".join(out)


def _put_in(html: str, claims: Sequence[ClaimShown]) -> str:
    """Elements for the codes; nothing of the text takes part."""

    def mark(found: re.Match[str]) -> str:
        number, claim = int(found[1]), found[2]
        verdict = ""
        if claim:
            shown = claims[int(claim)]
            verdict = "none" if not number else shown.marks.get(number, "unchecked")
        where = f" data-c={claim} data-v={verdict}" if claim else ""
        return f"<button class=mark data-n={number}{where}>{number or '—'}</button>"

    html = _EMPTY.sub("", html).replace(_KEEP, "<span class=nb>").replace(_KEPT, "</span>")
    html = _SPAN_SEEN.sub(r"<span class=claim data-c=\1>", html).replace(_CLOSE, "</span>")
    html = _AFTER_STRESS.sub(r"<span class=nb>\g<0></span>", _CITE_SEEN.sub(mark, html))
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table>').replace("</table>", "</table></div>")
    return html.replace("<pre>", '<pre tabindex="0">')


def _bounded(text: str, claims: Sequence[ClaimShown]) -> str:
    """The text with boundaries around claims, kept clear of what makes lists, tables, addresses and code."""
    wholes = [found.span() for pattern in (_WHOLE, _SIGNS) for found in pattern.finditer(text)]
    parts: list[str] = []
    at = 0
    for number, claim in enumerate(claims):
        start, end = _clear(text, claim, wholes)
        if start < at or end <= start:
            continue
        parts += [text[at:start], f"{_BEGIN}{number}{_NUMBERED}", text[start:end], _END]
        at = end
    return "".join((*parts, text[at:]))


def _clear(text: str, claim: ClaimShown, wholes: Sequence[tuple[int, int]]) -> tuple[int, int]:
    start, end = claim.start, claim.end
    lead = _LEAD.match(text, start, end)
    if lead and (start == 0 or text[start - 1] in "\n |>"):
        start = lead.end()
    trail = _TRAIL.search(text[start:end])
    if trail and "|" in trail[0]:
        end = start + trail.start()
    for a, b in wholes:
        start = b if a < start < b else start
        end = b if a < end < b else end
    return start, end
