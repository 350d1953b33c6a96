"""Search queries: the question without the words that only make it polite, names and quoted phrases kept."""

import re
from collections.abc import Sequence

from model_backend.chat import Turn
from model_backend.embedded.decide import MAX_READ_CHARS, without_opening
from model_backend.embedded.followup import standalone_question
from tools.text.words import is_chinese

MAX_QUERY_CHARS = 200
"""Providers cut or refuse longer queries (the shortest known limit is about 400 characters, 32 or 50 words)."""

MAX_FILLERS = 12
"""Polite words taken off one after another."""

_I = re.IGNORECASE
_POLITE = re.compile(
    r"^(?:(?:please|kindly|hey|so|well|um+|actually|just|and|but|also|ok(?:ay)?|now|"
    r"then|quick question|question)\b[\s,:!-]*|"
    r"(?:can|could|would|will) you (?:please )?(?:(?:tell|show|give|explain|describe|"
    r"find|look up|search|help)(?: (?:to )?(?:me|us|out|for))*)\b\s*(?=\S)|"
    r"(?:can|could|may) i (?:please )?(?:ask|know)(?: you)?\b[\s,:]*|do you (?:happen to )?know\b[\s,:]*|"
    r"(?:i(?:'d| would) (?:like|love)|i (?:want|need|wish)|i am trying|i'm trying|"
    r"help me) (?:to )?(?:know|learn|find out|find|understand|figure out|ask|see|"
    r"search for|look up)?\b\s*(?:about\b)?|"
    r"i(?:'m| am) (?:wondering|curious|looking for|interested in)\b\s*(?:if|about|"
    r"whether)?|i (?:was )?wonder(?:ing)?\b\s*(?:if|about|whether)?|tell (?:me|us)\b\s*(?:about\b|"
    r"more about\b)?|(?:please )?(?:explain|describe)\b\s*(?:to me\b|in detail\b)?|"
    r"search (?:the (?:web|internet) )?(?:for\b|about\b)?|google\b|look up\b|find out\b|"
    r"what do you know about\b|any idea\b|let me know\b|give me (?:some )?(?:information|"
    r"info|details) (?:about|on)\b|"
    r"(?:请问一下|请问|想问一下|想问|问一下|请教一下|请教|你好|您好|"
    r"麻烦|麻烦你|请你|请|帮我|帮忙|能不能|能否|可不可以|可以|你能|"
    r"您能|"
    r"你知道|您知道|谁知道|有谁知道|有没有人知道|我想知道|我想了解|"
    r"我想问|想知道|想了解|我要|告诉我|告诉|跟我说说|给我|介绍一下|"
    r"介绍|说说|"
    r"讲讲|说一下|讲一下|解释一下|解释|查一下|查查|查询|搜索一下|搜索|搜一下|搜|关于)[\s，,：:]*)",
    _I,
)
_ASKING = re.compile(
    r"^(?:what the\s+|what(?:'s| is| are| was| were)\s+(?:(?:the|an?)\b\s*)?|what\s+(?=(?:command|"
    r"option|year|date|port|city|country|function)\b)|which\s+|how (?:do|can|could|"
    r"should|would) (?:i|you|we|one|someone)\s+|how to\s+|is there (?:an?|any)\s+|"
    r"are there any\s+|the\s+)",
    _I,
)
_TAIL = re.compile(
    r"(?:[\s,，]*(?:please|thanks|thank you|for me|exactly|in detail|谢谢你?|多谢|好吗|可以吗|"
    r"行吗|吗|呢|啊|呀|吧|的话))+\s*[?？!！.。\s]*$|[?？!！.。,，;；:\s]+$",
    _I,
)
_CHINESE_ASKING = re.compile(
    r"(?:到底|究竟|一般|具体|大概|大约)?(?:是什么样的|是什么意思|什么是|是多少|是谁|"
    r"是哪个|是哪些|(?:是什么|有什么|是哪里|在哪里|在哪儿)(?!时候|时间|地方|人|样))"
)
_KEEP_MEANING = {
    "是什么意思": " 意思 ",
    "是谁": " ",
    "在哪里": " 位置 ",
    "在哪儿": " 位置 ",
    "是哪里": " 位置 ",
    "是多少": " ",
}


def search_query(question: str, turns: Sequence[Turn]) -> str:
    """What to send to a provider: short, standalone, in the question's language."""
    standalone = standalone_question(question, turns)[:MAX_READ_CHARS]
    bare = _without_fillers(without_opening(standalone))
    query = _chinese(bare) if is_chinese(bare) else _english(bare)
    query = " ".join(query.split())
    return _cut(query or " ".join(standalone.split()) or question.strip())


def _without_fillers(text: str) -> str:
    rest = text.strip()
    for _ in range(MAX_FILLERS):
        shorter = _TAIL.sub("", _POLITE.sub("", rest, count=1)).strip()
        if shorter == rest or not shorter:
            break
        rest = shorter
    return rest


def _english(text: str) -> str:
    shorter = _ASKING.sub("", text, count=1).strip()
    # Two words at least: "What is it?" is nothing without its frame.
    if len(shorter.split()) < 2 and not re.search(r"[A-Z0-9_.-]", shorter[:1] or " "):
        shorter = shorter or text
    return _without_outer(shorter)


def _chinese(text: str) -> str:
    return _CHINESE_ASKING.sub(lambda m: _KEEP_MEANING.get(m.group(), " "), text)


def _without_outer(text: str) -> str:
    return text.strip(" ?!.,;:")


def _cut(query: str) -> str:
    if len(query) <= MAX_QUERY_CHARS:
        return query
    cut = query[:MAX_QUERY_CHARS]
    return cut.rsplit(" ", 1)[0] if " " in cut[MAX_QUERY_CHARS // 2 :] else cut
