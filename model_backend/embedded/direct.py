"""Answers that need no page: greetings, thanks, sums, questions about the conversation, and honest refusals."""

import re
from collections.abc import Callable, Mapping, Sequence

from model_backend.chat import Turn
from model_backend.embedded.arithmetic import calculation
from model_backend.embedded.calendar import date_answer
from model_backend.embedded.conversion import conversion
from model_backend.embedded.decide import Kind, classify, without_opening
from model_backend.embedded.marks import without_marks
from tools.text.sentences import sentences

MAX_QUOTED_CHARS = 300
"""Of an earlier answer that is repeated."""
MAX_LISTED_TURNS = 10
"""Earlier questions listed in a summary of the conversation, newest kept."""

_NO_VALUE = "cannot be worked out: it divides by zero, grows too large, or its brackets do not match."
_NO_VALUE_ZH = "算不出来：除数为零、数太大，或括号不成对。"

_I = re.IGNORECASE
_ASKS_ANSWER = re.compile(
    r"you (?:just )?(?:say|said|answer|tell|told|mean)|your (?:last |previous )?(?:answer|"
    r"reply)|repeat|again|你(?:刚才|刚刚|之前|前面|上一)|再说|重复",
    _I,
)
_ASKS_FIRST = re.compile(r"\bfirst\b|\boriginal\b|第一个|一开始|最开始", _I)
_ASKS_COUNT = re.compile(r"\bhow many questions\b|问了几个|几个问题", _I)
_ASKS_ALL = re.compile(r"summari[sz]e|talk(?:ed|ing)? about|discuss|总结|概括|回顾|聊|谈|讨论", _I)
_ASKS_SHORTER = re.compile(
    r"short|brief|simpl|one sentence|few words|one word|tl;?dr|too long|understand|"
    r"(?:do you|does (?:that|this|it)) mean|懂|不明白|什么意思|简短|简单|短|一句话",
    _I,
)
_ASKS_SURE = re.compile(r"^(?:are you sure|really|is (?:that|this|it)\b)|确定|真的", _I)


def direct_answer(question: str, turns: Sequence[Turn], language: str, today: str = "") -> str:
    """What is said without any page; never empty. `today` is an ISO date."""
    kind = classify(question, turns)
    chinese = language == "zh"
    if kind == "arithmetic":
        return _sum(question, chinese)
    if kind == "date":
        return date_answer(today, chinese=chinese)
    if kind == "conversation":
        return _about_conversation(question, turns, chinese)
    english_text, chinese_text = _SAID.get(kind, _SAID["search"])
    return chinese_text if chinese else english_text


def _sum(question: str, chinese: bool) -> str:
    asked = without_opening(" ".join(question.split()))
    found = calculation(asked) or conversion(asked)
    if found is None:
        return _SAID["search"][1 if chinese else 0]
    expression, result = found
    if not result:
        return f"“{expression}”{_NO_VALUE_ZH}" if chinese else f"“{expression}” {_NO_VALUE}"
    return f"{expression} = {result}"


def _about_conversation(question: str, turns: Sequence[Turn], chinese: bool) -> str:
    if not turns:
        return (
            "这是我们对话的开始，之前还没有内容。"
            if chinese
            else "This is the start of our conversation; nothing was said before."
        )
    for pattern, answer in _ABOUT:
        if pattern.search(question):
            return answer(turns, chinese)
    return _last_question(turns, chinese)


def _count(turns: Sequence[Turn], chinese: bool) -> str:
    count = len(turns)
    if chinese:
        return f"在这条消息之前，你问了 {count} 个问题。"
    return f"Before this one you asked {count} question{'' if count == 1 else 's'}."


def _first_question(turns: Sequence[Turn], chinese: bool) -> str:
    return f"你的第一个问题是：“{turns[0].question}”" if chinese else f"Your first question was: “{turns[0].question}”"


def _last_question(turns: Sequence[Turn], chinese: bool) -> str:
    asked = turns[-1].question
    return f"你刚才问的是：“{asked}”" if chinese else f"You asked: “{asked}”"


def _last_answer(turns: Sequence[Turn], chinese: bool) -> str:
    said = _clipped(without_marks(turns[-1].answer))
    return f"我刚才的回答是：“{said}”" if chinese else f"My last answer was: “{said}”"


def _shorter(turns: Sequence[Turn], chinese: bool) -> str:
    parts = sentences(without_marks(turns[-1].answer))
    first = parts[0] if parts else turns[-1].answer
    return f"简单说：{first}" if chinese else f"In short: {first}"


def _sure(turns: Sequence[Turn], chinese: bool) -> str:
    if chinese:
        return "我只转述读到的网页，不知道网页本身是否正确；请打开来源核对。"
    return "I only pass on what the pages say and cannot know whether they are right; open the sources to check."


def _summary(turns: Sequence[Turn], chinese: bool) -> str:
    recent = turns[-MAX_LISTED_TURNS:]
    lines = [f"- {turn.question}" for turn in recent]
    intro = "到目前为止你问过：" if chinese else "So far you asked:"
    return "\n".join([intro, *lines])


def _clipped(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MAX_QUOTED_CHARS else flat[:MAX_QUOTED_CHARS].rstrip() + "…"


_ABOUT: tuple[tuple[re.Pattern[str], Callable[[Sequence[Turn], bool], str]], ...] = (
    (_ASKS_COUNT, _count),
    (_ASKS_FIRST, _first_question),
    (_ASKS_SHORTER, _shorter),
    (_ASKS_SURE, _sure),
    (_ASKS_ANSWER, _last_answer),
    (_ASKS_ALL, _summary),
)
"""In order of precedence."""

_SAID: Mapping[Kind, tuple[str, str]] = {
    "greeting": (
        "Hello! Ask me something, and I will look for pages that answer it.",
        "你好！请提一个问题，我会找网页来回答。",
    ),
    "thanks": ("You're welcome.", "不客气。"),
    "farewell": ("Goodbye!", "再见！"),
    "acknowledgement": ("Good. What would you like to know next?", "好的。接下来想了解什么？"),
    "small_talk": (
        "I am a program that quotes web pages, so there is little small talk in me. Ask me something I can look up.",
        "我是一个摘录网页来回答问题的程序，不太会闲聊。请问我一个可以查到的问题。",
    ),
    "self": (
        "I am the embedded model of Asterism: no language model, but a program that searches, reads pages and quotes "
        "the sentences that answer best, each with its source. I cannot write, translate or reason beyond them.",
        "我是 Asterism 的内置模型：不是语言模型，而是一个程序，会搜索、阅读网页，"
        "并摘出最能回答问题的句子，每句都标明来源。"
        "我不会写作、翻译，也不会作超出原文的推理。",
    ),
    "translate": (
        "The embedded model cannot translate: it only quotes sentences from pages. Connect a language model for this.",
        "内置模型不能翻译：它只会摘录网页里的句子。要翻译，请连接一个语言模型。",
    ),
    "rewrite": (
        "The embedded model cannot rewrite or summarise a text: it only quotes sentences from pages. "
        "Connect a language model for this.",
        "内置模型不能改写或总结文字：它只会摘录网页里的句子。要改写，请连接一个语言模型。",
    ),
    "compose": (
        "The embedded model cannot write texts of its own: it only quotes sentences from pages. "
        "Connect a language model for this.",
        "内置模型不能自己写作：它只会摘录网页里的句子。要写作，请连接一个语言模型。",
    ),
    "search": (
        "The embedded model knows nothing by itself: it only quotes pages, and none were read for this. "
        "Allow a search, or connect a language model.",
        "内置模型本身没有知识：它只会摘录网页，而这次没有读网页。请允许搜索，或连接一个语言模型。",
    ),
}
