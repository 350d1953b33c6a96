"""Raised figures: 2<sup>64</sup> is a power and must not be read as 264, nor a footnote's mark as a last digit."""

import re
from itertools import islice

from tools.clean.tree import HtmlElement
from tools.clean.walk import INLINE

MAX_STEPS = 8
"""Elements gone back over to see what a raised text follows."""
LOOK_BACK_CHARS = 20
MAX_ELEMENTS = 8
"""What holds as many others is no figure."""

_RAISED_ELEMENTS = "//sup | //*[contains(@style, 'super')]"
_SUPER = re.compile(r"vertical-align\s*:\s*super\b", re.IGNORECASE)
_SIGN = r"[-+−–]?"
_EXPONENT = rf"{_SIGN}(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,9}}(?:\.\d{{1,9}})?|[knxKNX])"
"""A number, or a letter for one. `1<sup>a</sup>` is an ordinal or a note, `m<sup>2</sup>` plain when flat."""
_SINGLE = re.compile(rf"{_EXPONENT}|E")
_COMPOUND = re.compile(rf"{_SIGN}(?:\d{{1,9}}[knxKNX]?|[knxKNX])(?:[-+−–*/^.][\dknxKNX]{{1,9}}){{0,3}}")
_BASE = re.compile(r"\d\)?$")
_NOTE_TEXT = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[*†‡§¶]{1,3})[\])]?")
_NOTE_LIST = re.compile(r"\d{1,2}(?:, ?\d{1,2})+")
_NOTE_NAME = re.compile(r"foot-?note|\bfn-?ref|note-?ref|(?:^|\s)(?:reference|fn)(?:\s|$)", re.IGNORECASE)
_FRACTION_LINE = re.compile(r"\s*[/⁄∕]\s*")
_PRICE = re.compile(r"[$€£¥￥] ?\d[\d,.]*$")
_IN_MARKUP = re.compile(rf"(?<=\d)<sup>\s*({_EXPONENT})\s*<\\?/sup>", re.IGNORECASE)


def mark_powers(tree: HtmlElement) -> bool:
    """Put `^` before what is raised after a digit, and take marks of footnotes out; whether anything was changed."""
    changed = False
    # From the last to the first: what is raised on something raised is put right before that is read.
    for raised in reversed(tree.xpath(_RAISED_ELEMENTS)):
        if raised.tag != "sup" and not _SUPER.search(raised.get("style") or ""):
            continue
        text = _text(raised)
        if _is_note(raised, text):
            raised.drop_tree()
        elif (told := _told(raised, text)) != text:
            _replace(raised, told)
        else:
            continue
        changed = True
    for script in tree.iter("script"):  # The article itself, where a page has it as data only.
        script.text = mark_powers_in_markup(script.text or "")
    return changed


def mark_powers_in_markup(text: str) -> str:
    """The same for Markdown and JSON, which have `<sup>` in their lines."""
    return _IN_MARKUP.sub(r"^\1", text)


def _told(raised: HtmlElement, text: str) -> str:
    """What is raised, as it must stand behind the text before it."""
    before = _text_before(raised)
    if not _BASE.search(before):
        return text
    if _is_numerator(raised) or _NOTE_LIST.fullmatch(text) or _follows_raised(raised):
        return f" {text}" if text[:1].isdigit() else text
    if re.fullmatch(r"\d\d", text) and (_PRICE.search(before) or (raised.tail or "").lstrip()[:1] in ("€", "$", "£")):
        return f".{text}"
    if _SINGLE.fullmatch(text):
        return f"^{text}"
    return f"^({text})" if _COMPOUND.fullmatch(text) else text


def _is_note(raised: HtmlElement, text: str) -> bool:
    """Whether it is the mark of a footnote: a link to a place, or named so. Kept, `[3]` would read as ours."""
    if not _NOTE_TEXT.fullmatch(text):
        return False
    if _NOTE_NAME.search(raised.get("class") or "") or "noteref" in (raised.get("role") or ""):
        return True
    around = next(raised.iterancestors("a"), None)
    links = [*raised.iter("a")]
    if around is not None and _text(around) == text:
        links.append(around)
    return any("#" in (link.get("href") or "") for link in links)


def _is_numerator(raised: HtmlElement) -> bool:
    below = raised.getnext()
    return below is not None and below.tag == "sub" and _FRACTION_LINE.fullmatch(raised.tail or "") is not None


def _follows_raised(raised: HtmlElement) -> bool:
    before = raised.getprevious()
    return before is not None and before.tag == "sup" and not before.tail


def _text_before(element: HtmlElement) -> str:
    """The end of the text right before an element, within its line."""
    found = ""
    here = element
    for _ in range(MAX_STEPS):
        before = here.getprevious()
        if before is not None:
            ends = before.tag not in INLINE
            inner = "" if ends else "".join(before.itertext())
            found, here = inner + (before.tail or "") + found, before
        else:
            here = here.getparent()
            if here is None:
                break
            ends = here.tag not in INLINE
            found = (here.text or "") + found
        if ends or len(found) >= LOOK_BACK_CHARS:
            break
    return found


def _text(element: HtmlElement) -> str:
    """The text of a small element; of a large one nothing."""
    many = next(islice(element.iter(), MAX_ELEMENTS, None), None) is not None
    return "" if many else "".join(element.itertext()).strip()


def _replace(element: HtmlElement, text: str) -> None:
    for child in list(element):
        element.remove(child)
    element.text = text
