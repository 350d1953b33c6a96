"""A question of how two things differ, as two questions of what each is. Patterns alone. Pure."""

import re

from tools.text.thing import MAX_QUESTION_CHARS
from tools.text.words import is_chinese

MAX_SIDE_WORDS = 5
"""Of each thing; more words are no name of one."""

_I = re.IGNORECASE
_SIDES = r"(?:the\s+)?(?P<a>[^?,;:]{1,50}?)\s+(?:%s)\s+(?:the\s+)?(?P<b>[^?,;:]{1,50}?)"
_HOME = (
    r"(?:\s+(?:in|within|under|on|for)\s+(?:the\s+)?(?P<home>[^?,;:]{1,40}?))?\s*(?:[?.!]*\s*$|[,;]\s+(?!and\b|or\b))"
)
_CHINESE_END = (
    r"(?:这?两[个种条者款类项](?P<sort>[^，。？?\s的]{0,8}?))?(?:之间|二者)?\s*(?:到底|究竟)?(?:"
    r"(?:有什么|有啥|有何|有哪些|的)?(?:主要|本质)?的?(?:区别|不同|差别|差异|不一样|异同)(?:是什么|在哪[里儿]?|有哪些)?"
    r"|差在哪[里儿]?|哪[里儿]不(?:同|一样)|(?:怎么|如何|怎样)(?:区分|分辨)"
    r")\s*[？?。]*\s*$"
)
_COMPARED = tuple(
    re.compile(pattern, _I)
    for pattern in (
        r"\bdifferen(?:ces?|t)\s+between\s+" + _SIDES % "and" + _HOME,
        r"\bhow\s+(?:do|does|is|are)\s+" + _SIDES % "differ(?:ent)?\\s+from" + _HOME,
        r"\bcompare\s+" + _SIDES % "and|with|to" + _HOME,
        r"^\s*" + _SIDES % r"vs\.?|versus" + _HOME,
        r"^\s*(?:请问)?(?:在?\s*(?P<home>[A-Za-z][\w.+-]{0,30}|(?![我你他她这那最常两])\w{2,6}(?=的\s*[A-Za-z]))\s?(?:中的?|里的?|的))?"
        r"\s*(?P<a>[^，。？?]{1,30}?)\s*"
        r"(?:和|与|跟|(?<![合不相共])同|vs\.?)\s*(?P<b>[^，。？?]{1,30}?)\s*" + _CHINESE_END,
    )
)
_NUMBERED = re.compile(r"\s\d+$")
_WORD = re.compile(r"\w")
_CONTRASTS = re.compile(
    r"\b(?:differ(?:s|ed|ences?)?|different from|unlike|whereas|rather than|instead of|in contrast|on the other hand|"
    r"except that|compared (?:to|with))\b|区别|不同于|差别|差异|相比|而不是|则是",
    _I,
)
"""A sentence that holds one of these may tell two things apart."""
_ASIDE = re.compile(r"\w \([^()]{3,60}\)|\w（[^（）]{2,40}）")
"""`TERM (a request to end) and KILL (an order)`."""


def compared(question: str) -> tuple[str, str] | None:
    """What is each of the two things that the question asks to tell apart, as questions; None for any other one."""
    question = " ".join(question.split())
    if len(question) > MAX_QUESTION_CHARS:
        return None
    match = next((found for pattern in _COMPARED if (found := pattern.search(question))), None)
    if match is None:
        return None
    first, second = (match[side].strip(' `"“”') for side in "ab")
    first, second = _completed(first, second)
    sort = match.groupdict().get("sort")
    if sort and not first.endswith(sort) and not second.endswith(sort):
        first, second = f"{first} {sort}", f"{second} {sort}"
    named = all(len(side.split()) <= MAX_SIDE_WORDS and _WORD.search(side) for side in (first, second))
    if not named or first.lower() == second.lower():
        return None
    return _what_is(first, match["home"] or "", question), _what_is(second, match["home"] or "", question)


def tells_apart(sentence: str) -> bool:
    """Whether a sentence that names two things may tell them apart: by a contrast, or by an aside on each."""
    return bool(_CONTRASTS.search(sentence)) or len(_ASIDE.findall(sentence)) > 1


def _completed(first: str, second: str) -> tuple[str, str]:
    """Each side with the word that is said of the other alone: `Moor 2 and 3`, `the TERM and KILL signals`."""
    if second.isdigit() and _NUMBERED.search(first):
        return first, _NUMBERED.sub(f" {second}", first)
    shared = second.split()[-1:]
    plural = shared and shared[0].endswith("s") and not shared[0].endswith("ss") and shared[0].islower()
    if plural and len(second.split()) == len(first.split()) + 1:
        return f"{first} {shared[0]}", second
    return first, second


def _what_is(thing: str, home: str, question: str) -> str:
    if is_chinese(question):
        return f"{home} 的 {thing} 是什么？" if home else f"{thing} 是什么？"
    return f"What is {thing} in {home}?" if home else f"What is {thing}?"
