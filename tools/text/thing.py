"""Of what does a question ask what it is, and in which sentences is that said? Patterns alone. Pure."""

import re
from dataclasses import dataclass

MAX_SUBJECT_CHARS = 60
"""Of a sentence: one that says what a thing is names the thing and says `is a …` within so many."""

MAX_QUESTION_CHARS = 150
"""A longer question asks more than what a thing is."""

_I = re.IGNORECASE
_IN_HOME = r"\s+(?:in|within|under)\s+(?:the\s+)?"
_HOME_OF = r"[A-Za-z][\w.+-]{0,30})\s?(?:中的?|里的?|的)"
_THING = re.compile(
    rf"^\s*what(?:\s+(?:is|are)|['’]s)\s+(?!the\s)(?:an?\s+)?(?P<en>[^?,;:]{{2,60}}?)"
    rf"(?:{_IN_HOME}(?P<en_home>[^?,;:]{{1,40}}?))?\s*[?.!]*\s*$|"
    rf"^\s*what(?:\s+(?:is|are)|['’]s)\s+the\s+(?P<the>[\w-]+)(?:{_IN_HOME}[^?,;:]{{1,40}})?\s*[?.!]*\s*$|"
    rf"^\s*(?:请问)?什么[是叫]\s*(?:(?P<home1>{_HOME_OF})?\s*(?P<zh1>[^？?，。]{{1,30}}?)\s*[？?。]*\s*$|"
    rf"^\s*(?:请问)?(?:在?\s*(?P<home2>{_HOME_OF}(?!作用|用途|功能|含义|意思|全称|定义|特点))?\s*"
    r"(?P<zh2>[^？?，。的]{1,30}?)\s*是(?:什么|啥)(?:东西|意思)?\s*[？?。]*\s*$",
    _I,
)
_SORT_OF_LETTERS = re.compile(
    r"(?P<letters>[A-Z][A-Z0-9]+(?:-\d+)?)\s?(?:mode|format|protocol|standard|algorithm|module|package|tool|utility|"
    r"program|software|system|technology|language|library|encoding|command|feature|extension|"
    r"模式|格式|协议|标准|算法|模块|软件包?|工具|程序|系统|技术|语言|编码|命令|功能|扩展)s?"
)
"""`WAL mode`, `LVM 技术`: who asks what it is need not be told the sort; the pages that say it seldom repeat it."""
_SAYS = re.compile(
    r"\s(?:is|are|was|were)\s+(?:an?\b|the\b|one of\b|"
    r"(?!\w+(?:ed|en|wn|ly|ing|way)s?\b|as\b|its\b|this\b|sometimes\b)(?:[a-z]+\s+)?[a-z]+s\b)|"
    r"\s(?:means?|refers? to|stands? for|denotes?)\b|"
    r"指?的?是|意为|表示|用于|用来"
)
_CALLED = re.compile(
    r"\b(?:called|known as|termed|referred to as)\s+(?:an?\s|the\s)?\W?(?P<en>[\w -]{2,40})|"
    r"(?:被?称为|叫做|简称)\W?(?P<zh>\w{2,20})",
    _I,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n+")


@dataclass(frozen=True, slots=True)
class Thing:
    """What is asked about."""

    words: str
    home: str
    """What it belongs to (`SQLite` of `a trigger in SQLite`); empty where nothing is said."""


def thing_asked(question: str) -> Thing | None:
    """The thing of which it is asked what it is; None for any other question.

    After `What is the …` only one word is a thing, and has no home: it asks for a value or a part more often.
    """
    question = " ".join(question.split())
    match = _THING.match(question) if len(question) <= MAX_QUESTION_CHARS else None
    if match is None:
        return None
    words = match["en"] or match["the"] or match["zh1"] or match["zh2"]
    sort = _SORT_OF_LETTERS.fullmatch(words)
    return Thing(sort["letters"] if sort else words, match["en_home"] or match["home1"] or match["home2"] or "")


def subjects_told(text: str) -> list[str]:
    """What something is `called`, then the beginning of each sentence that says what something is, up to `is a`."""
    found = [called["en"] or called["zh"] for called in _CALLED.finditer(text)]
    for sentence in _SENTENCE.split(text):
        says = _SAYS.search(sentence, 0, MAX_SUBJECT_CHARS)
        if says:
            found.append(sentence[: says.start()])
    return found
