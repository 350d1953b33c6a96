"""The rules of a page's own `<style>` elements that hide something. Simple selectors only; the rest is passed over."""

import re
from collections import defaultdict
from dataclasses import dataclass

from tools.clean.style import Form, colour, declarations, hiding, look_alike
from tools.clean.tree import HtmlElement

MAX_RULES = 500
"""Hiding rules looked at: a page with more gets its first ones only."""
MAX_CLIMBS = 300_000
"""Ancestors looked at for selectors such as `.a .b`, in all: 0.2 s."""
MAX_RULES_PER_KEY = 50
MAX_BLOCK_CHARS = 4_000
MAX_NESTED = 50

_MAY_HIDE = re.compile(
    r":\s*(?:none|hidden|collapse)|opacity\s*[:(]\s*0?\.?0|-\s*\d{3}|-\d+r?em|rect\(|inset\(|scale\(0"
    r"|scale[xyd3]*\s*[:(]\s*0?\.?0|(?:circle|ellipse)\(0|polygon\(|zoom\s*:|transparent|\\|(?:z-index|spacing)\s*:\s*-"
    r"|\d{4}px|font(?:-size)?\s*:[^;]{0,30}?(?<![\d.])[012](?:\.\d+)?(?:px|pt|em|rem|%|\b)",
    re.IGNORECASE,
)
_MAY_SHOW = re.compile(r"display|visibility|opacity", re.IGNORECASE)
_ATTRIBUTE = r"""\[([\w-]+)(?:=["']?([\w-]*)["']?)?\]"""
_COMPOUND = re.compile(rf"^([a-z][a-z0-9]*|\*)?((?:[.#][\w-]+|{_ATTRIBUTE})*)$", re.IGNORECASE)
_PART = re.compile(rf"([.#])([\w-]+)|{_ATTRIBUTE}")
_EVERYWHERE = re.compile(
    r"@(?:layer|supports)\b.*|@media\s*(?:only\s+)?(?:(?:all|screen)(?:\s+and\s+(?=\()|$))?"
    r"(?:\(\s*min-width\s*:\s*[0-3]?\d{0,2}(?:px)?\s*\))?",
    re.IGNORECASE | re.DOTALL,
)
"""Blocks whose rules hold on every screen; the narrowest have 320 px."""


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str
    identifier: str
    classes: frozenset[str]
    attributes: tuple[tuple[str, str | None], ...] = ()
    """(name, value that it must have, or None for any)."""

    @property
    def key(self) -> str:
        """What elements are looked up by: `#id`, `.class`, `[attribute`, tag, or `*`."""
        if self.identifier or self.classes:
            return f"#{self.identifier}" if self.identifier else "." + min(self.classes)
        return f"[{self.attributes[0][0]}" if self.attributes else self.tag or "*"

    def matches(self, element: HtmlElement) -> bool:
        if self.tag and element.tag != self.tag:
            return False
        if self.identifier and element.get("id") != self.identifier:
            return False
        for name, value in self.attributes:
            own = element.get(name)
            if own is None or (value is not None and own != value):
                return False
        return not self.classes or self.classes <= set((element.get("class") or "").split())


@dataclass(frozen=True, slots=True)
class _Rule:
    compounds: tuple[_Compound, ...]
    form: Form


class Sheet:
    """The hiding rules, found by the last class, id or tag of their selector."""

    def __init__(self, styles: str) -> None:
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        self._climbs_left = MAX_CLIMBS
        for selector, form in _hiding_selectors(styles):
            compounds = _compounds(selector)
            if compounds and len(self._rules[compounds[-1].key]) < MAX_RULES_PER_KEY:
                self._rules[compounds[-1].key].append(_Rule(compounds, form))
        self._attributes = [key[1:] for key in self._rules if key.startswith("[")]

    def form_of(self, element: HtmlElement) -> Form:
        """How the sheet hides an element, empty when it does not."""
        if not self._rules:
            return ""
        keys = [element.tag, *("." + name for name in (element.get("class") or "").split())]
        if element.get("id"):
            keys.append("#" + element.get("id"))
        keys += ["[" + name for name in self._attributes if element.get(name) is not None]
        keys.append("*")
        for key in keys:
            for rule in self._rules.get(key, ()):
                if self._matches(rule, element):
                    return rule.form
        return ""

    def _matches(self, rule: _Rule, element: HtmlElement) -> bool:
        if not rule.compounds[-1].matches(element):
            return False
        if len(rule.compounds) == 1:
            return True
        if self._climbs_left <= 0:
            # A sheet made to be slow: taking its word for hidden costs its own page only.
            return True
        ancestors = list(element.iterancestors())
        self._climbs_left -= len(ancestors)
        climb = iter(ancestors)
        return all(any(compound.matches(above) for above in climb) for compound in reversed(rule.compounds[:-1]))


def _hiding_selectors(styles: str) -> list[tuple[str, Form]]:
    """Selectors hidden at the top level and shown nowhere: what a media query shows again is there for some screens."""
    rules = _rules(styles)
    hidden: dict[str, Form] = {}
    for prelude, block, nested in rules:
        if nested or not (_MAY_HIDE.search(block) or ("background" in block and "color" in block)):
            continue
        style = declarations(block)
        form = hiding(style) or _same_colours(style)
        if form:
            hidden.update(dict.fromkeys(_selectors(prelude), form))
        if len(hidden) >= MAX_RULES:
            break
    for prelude, block, _ in rules if hidden else ():
        if _MAY_SHOW.search(block):
            again = [selector for selector in _selectors(prelude) if selector in hidden]
            style = declarations(block) if again else {}
            if {"display", "visibility", "opacity"} & style.keys() and not hiding(style):
                for selector in again:
                    del hidden[selector]
    return list(hidden.items())


def _rules(styles: str) -> list[tuple[str, str, bool]]:
    """(selectors, declarations, inside a block for some screens only) of each rule; linear in any input."""
    rules: list[tuple[str, str, bool]] = []
    around: list[tuple[str, bool]] = []
    """(selectors that those inside come under, for some screens only) of each open block, outer ones counted in."""
    for piece in _without_comments(styles).split("}"):
        opened = piece.split("{", MAX_NESTED)
        if len(opened) == 1:
            del around[-1:]
            continue
        for prelude in opened[:-2]:
            around.append(_block(prelude[-MAX_BLOCK_CHARS:], around[-1] if around else ("", False)))
        above, is_conditional = around[-1] if around else ("", False)
        if len(opened[-1]) <= MAX_BLOCK_CHARS:
            selectors = opened[-2][-MAX_BLOCK_CHARS:]
            nested = f"{above} {selectors.rsplit(';', 1)[-1].replace('&', ' ')}" if above else selectors
            rules.append((nested, opened[-1], is_conditional))
    return rules


def _block(prelude: str, outer: tuple[str, bool]) -> tuple[str, bool]:
    """What a block's beginning means for the rules in it; a list of selectors is passed over."""
    text = prelude.rsplit(";", 1)[-1].strip()
    if text.startswith("@"):
        return outer[0], outer[1] or _EVERYWHERE.fullmatch(text) is None
    above = f"{outer[0]} {text}".strip()
    return (outer[0], True) if "," in above or len(above) > MAX_BLOCK_CHARS else (above, outer[1])


def _without_comments(styles: str) -> str:
    parts: list[str] = []
    position = 0
    while (start := styles.find("/*", position)) >= 0:
        parts.append(styles[position:start])
        end = styles.find("*/", start + 2)
        position = end + 2 if end >= 0 else len(styles)
    parts.append(styles[position:])
    return "".join(parts)


def _same_colours(style: dict[str, str]) -> Form:
    text, ground = colour(style.get("color")), colour(style.get("background-color", style.get("background")))
    return "colour" if text and ground and look_alike(text, ground) else ""


def _selectors(prelude: str) -> list[str]:
    return [" ".join(part.split()) for part in prelude.rsplit(";", 1)[-1].split(",") if part.strip()]


def _compounds(selector: str) -> tuple[_Compound, ...] | None:
    compounds: list[_Compound] = []
    for piece in selector.replace(">", " ").split():
        match = _COMPOUND.match(piece)
        if match is None or not piece:
            return None
        parts = _PART.findall(match[2])
        identifiers = [name for mark, name, *_ in parts if mark == "#"]
        classes = frozenset(name for mark, name, *_ in parts if mark == ".")
        attributes = tuple((name.lower(), value or None) for mark, _, name, value in parts if not mark)
        tag = "" if match[1] in (None, "*") else match[1].lower()
        compounds.append(_Compound(tag, identifiers[0] if identifiers else "", classes, attributes))
    if not compounds or compounds[-1].tag in ("html", "body"):
        return None
    return tuple(compounds)
