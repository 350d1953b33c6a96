"""The few sentences the embedded model says in its own words, and how an abstention is recognised."""

import re

ABSTENTION_PREFIXES: tuple[str, ...] = (
    "I could not find",
    "I couldn't find",
    "I did not find",
    "I didn't find",
    "I was unable to find",
    "I was not able to find",
    "I cannot find",
    "I can't find",
    "I found no",
    "The pages I read do not",
    "The pages I read don't",
    "The sources do not",
    "The sources don't",
    "The provided sources do not",
    "None of the sources",
    "None of the pages",
    "我没有找到",
    "我没找到",
    "我未能找到",
    "我找不到",
    "我读到的网页里没有",
    "我读到的网页中没有",
    "我在读到的网页",
    "我没能找到",
    "来源中没有",
    "资料中没有",
    "未能找到",
    "没有找到",
)
"""How an answer begins that says the evidence is not there."""

_FOLDED = tuple(prefix.lower() for prefix in ABSTENTION_PREFIXES)
_POLITE = re.compile(
    r"^(?:i'm sorry|i am sorry|sorry|unfortunately|抱歉|很抱歉|对不起|"
    r"很遗憾|遗憾的是)[\s,，.。:：]*(?:but\s+)?(?:但是?)?",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[\d{1,3}\]")


def is_abstention(text: str) -> bool:
    """Whether an answer says that the pages read do not hold one: it begins so, and cites nothing."""
    bare = text.strip().replace("’", "'").lower()
    bare = _POLITE.sub("", bare, count=1)
    return bare.startswith(_FOLDED) and not _MARK.search(text)


def not_found(question: str, language: str, *, read: bool) -> str:
    """The abstention of an answering call."""
    # One sentence, however many the question has: a second one would be taken for a statement of ours.
    asked = _SENTENCE_END.sub(",", " ".join(question.split()).rstrip(".。!！?？;； "))
    asked = asked if len(asked) <= _LONGEST_QUOTE else asked[:_LONGEST_QUOTE] + "…"
    if language == "zh":
        return f"我读到的网页里没有找到“{asked}”的答案。" if read else f"我没有找到可以读的网页来回答“{asked}”。"
    if read:
        return f"I could not find an answer to “{asked}” in the pages I read."
    return f"I could not find any pages to read about “{asked}”."


_SENTENCE_END = re.compile(r"[?!;？！。；]+|\.(?=\s)")
_LONGEST_QUOTE = 120
"""Characters of the question repeated in an abstention."""
