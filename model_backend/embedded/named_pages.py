"""Pages that a question names by their addresses: the question without them, and what such a page says in short."""

import re
from collections.abc import Sequence

from model_backend.embedded.units import Unit
from tools.text.words import is_chinese

MOST_SENTENCES = 3
"""Of one page, when it is asked for as a whole."""
MOST_PAGES = 4
"""Pages that are told of, when several are named."""

_I = re.IGNORECASE
_ADDRESS = r"https?://[^\s<>\"'）)】\]，。；？！]+[^\s<>\"'）)】\]，。；？！.,!?:;]"
_NAMED = re.compile(
    rf"(?:\b(?:according to|based on|as (?:told|said|written) (?:at|on|in)|on|at|from|in|of|see|per|using|with|by)\s+|"
    rf"(?:请?根据|依据|按照|参考|从|在|请?看看?)\s*)?(?:the (?:page|article|site) (?:at )?)?{_ADDRESS}"
    r"(?:\s*(?:这个|这篇|这)?(?:里面?|中的?|上的?|的内容|网页|页面|文章))?\s*[,，:：]?",
    _I,
)
_ASKING = (
    r"summari[sz]e|sum up|(?:give (?:me )?a )?summary|tl;?dr|explain|describe|read|open|tell me about|say"
    r"|what(?:'s| is)(?: (?:this|that|it|there|the page|the article))?(?: about)?"
    r"|what does(?: (?:it|this|that|(?:the|this|that) (?:page|article|site)))? say"
)
_ASKING_CHINESE = (
    "请你?|帮我|麻烦|一下|给我|总结|概括|概述|归纳|介绍|解释|说明|阅读|读|看|打开|摘要|这[个篇]?|网页|页面|文章|内容|"
    "是|什么|讲|说|写|的|了|些|主要"
)
"""No two of them begin alike, so that a run of them is read in one way only and in linear time."""
_WHOLE = re.compile(
    rf"^(?:(?:please|can you|could you|kindly)\s+)*(?:{_ASKING})?"
    r"(?:\s+(?:this|that|it|the (?:page|article|site)|for me|about|say|please|in short|briefly))*[\s.?!]*$"
    rf"|^(?:{_ASKING_CHINESE})*+[\s。？?！!]*$",
    _I,
)


def without_named_pages(question: str) -> str:
    """The question without the addresses in it, where words of its own remain; else as it is."""
    bare = " ".join(_NAMED.sub(" ", question).split()).strip(" ,，:：")
    return question if bare == question or not bare or asks_for_the_whole(question) else bare


def asks_for_the_whole(question: str) -> bool:
    """Whether a page is named and nothing is asked but what it says."""
    if not _NAMED.search(question):
        return False
    return _WHOLE.match(" ".join(_NAMED.sub(" ", question).split()).strip(" ,，:：")) is not None


def in_short(units: Sequence[Unit], question: str) -> list[str]:
    """The first sentences of each page, every one with its number; a page's beginning says best what it is about."""
    pieces: list[str] = []
    between = "" if is_chinese(question) else " "
    for number in list(dict.fromkeys(unit.number for unit in units))[:MOST_PAGES]:
        own = sorted((unit for unit in units if unit.number == number), key=lambda unit: unit.position)
        sentences = [unit for unit in own if unit.kind == "sentence"] or own
        said = [f"{unit.display or unit.text}{between}[{number}]" for unit in sentences[:MOST_SENTENCES]]
        pieces += [
            ("\n\n" if pieces and place == 0 else " " if place else "") + text for place, text in enumerate(said)
        ]
    return [piece for piece in pieces if piece]
