"""The rules of a page's own `<style>` elements that hide something. Simple selectors only; the rest is passed over."""

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from tools.clean.style import Form, colour, declarations, hiding, look_alike
from tools.clean.tree import HtmlElement

MAX_RULES = 500
"""Hiding rules looked at: a page with more gets its first ones only."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_MAY_HIDE = re.compile(
    r":\s*(?:none|hidden|collapse)|opacity\s*(?::|\()\s*0?\.?0|-\s*\d{3}|-\d+r?em|rect\(|inset\(|scale\(0|font[^;:]*:[^;]*\b[012]\b"
    r"|font[^;:]*:[^;]*\b0?\.\d|background[^;}]*;?.*color|color.*background",
    re.IGNORECASE | re.DOTALL,
)
_MAY_SHOW = re.compile(r"display|visibility|opacity", re.IGNORECASE)
_COMPOUND = re.compile(r"^([a-z][a-z0-9]*)?((?:[.#][\w-]+)*)$", re.IGNORECASE)
_PART = re.compile(r"[.#][\w-]+")


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str
    identifier: str
    classes: frozenset[str]

    def matches(self, element: HtmlElement) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.identifier and element.get("id") != self.identifier:
            return False
        return not self.classes or self.classes <= set((element.get("class") or "").split())


@dataclass(frozen=True, slots=True)
class _Rule:
    compounds: tuple[_Compound, ...]
    form: Form

    def matches(self, element: HtmlElement) -> bool:
        if not self.compounds[-1].matches(element):
            return False
        ancestors = element.iterancestors()
        return all(any(compound.matches(above) for above in ancestors) for compound in reversed(self.compounds[:-1]))


class Sheet:
    """The hiding rules, found by the last class, id or tag of their selector."""

    def __init__(self, styles: str) -> None:
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        for selector, form in _hiding_selectors(styles):
            compounds = _compounds(selector)
            if compounds:
                last = compounds[-1]
                key = (
                    f"#{last.identifier}" if last.identifier else "." + min(last.classes) if last.classes else last.tag
                )
                self._rules[key].append(_Rule(compounds, form))

    def form_of(self, element: HtmlElement) -> Form:
        """How the sheet hides an element, empty when it does not."""
        if not self._rules:
            return ""
        keys = [element.tag, *("." + name for name in (element.get("class") or "").split())]
        if element.get("id"):
            keys.append("#" + element.get("id"))
        for key in keys:
            for rule in self._rules.get(key, ()):
                if rule.matches(element):
                    return rule.form
        return ""


def _hiding_selectors(styles: str) -> list[tuple[str, Form]]:
    """Selectors hidden at the top level and shown nowhere: what a media query shows again is there for some screens."""
    hidden: dict[str, Form] = {}
    nested = _nested_spans(styles)
    starts = [start for start, _ in nested]
    for match in _RULE.finditer(styles):
        if not _MAY_HIDE.search(match[2]):
            continue
        span = bisect_right(starts, match.start()) - 1
        if span >= 0 and match.start() < nested[span][1]:
            continue
        style = declarations(match[2])
        form = hiding(style) or _same_colours(style)
        if form:
            hidden.update(dict.fromkeys(_selectors(match[1]), form))
        if len(hidden) >= MAX_RULES:
            break
    for selector in _shown_selectors(styles, hidden) if hidden else ():
        hidden.pop(selector, None)
    return list(hidden.items())


def _shown_selectors(styles: str, hidden: dict[str, Form]) -> set[str]:
    shown: set[str] = set()
    for match in _RULE.finditer(styles):
        if _MAY_SHOW.search(match[2]):
            again = [selector for selector in _selectors(match[1]) if selector in hidden]
            if again:
                style = declarations(match[2])
                if not hiding(style) and {"display", "visibility", "opacity"} & style.keys():
                    shown.update(again)
    return shown


def _same_colours(style: dict[str, str]) -> Form:
    text, ground = colour(style.get("color")), colour(style.get("background-color", style.get("background")))
    return "colour" if text and ground and look_alike(text, ground) else ""


def _selectors(prelude: str) -> list[str]:
    text = _COMMENT.sub("", prelude).rsplit(";", 1)[-1]
    return [" ".join(part.split()) for part in text.split(",") if part.strip()]


def _nested_spans(styles: str) -> list[tuple[int, int]]:
    """Where `@media`, `@keyframes` and the like stand: their rules hold for some screens or moments only."""
    spans: list[tuple[int, int]] = []
    depth, start, at_rule = 0, 0, False
    for match in re.finditer(r"[{}]|@(?:-\w+-)?(?:media|keyframes|supports|container|layer)\b", styles):
        sign = match[0]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth = max(depth - 1, 0)
            if depth == 0 and at_rule:
                spans.append((start, match.end()))
                at_rule = False
        elif depth == 0:
            start, at_rule = match.start(), True
    return spans


def _compounds(selector: str) -> tuple[_Compound, ...] | None:
    compounds: list[_Compound] = []
    for piece in selector.replace(">", " ").split():
        match = _COMPOUND.match(piece)
        if match is None or not piece:
            return None
        parts = _PART.findall(match[2])
        identifiers = [part[1:] for part in parts if part[0] == "#"]
        classes = frozenset(part[1:] for part in parts if part[0] == ".")
        compounds.append(_Compound((match[1] or "").lower(), identifiers[0] if identifiers else "", classes))
    if not compounds or compounds[-1].tag in ("html", "body"):
        return None
    return tuple(compounds)
