"""A question of two parts (`Who built it, and when?`) as two questions, each with what it needs of the other."""

import re

from model_backend.chat import Turn
from model_backend.embedded.coordinated import coordinated
from model_backend.embedded.followup import standalone_question
from model_backend.embedded.leans import points_back
from model_backend.embedded.topics import topics_of
from tools.text.compared import compared
from tools.text.words import is_chinese

MAX_PARTS = 2
"""More parts than this are a list of tasks; the first two are answered."""
MIN_PART_CHARS = 4
"""A shorter piece is no question."""

_ENGLISH_CUT = re.compile(
    r",?\s+and\s+(?:also\s+)?(?=(?:(?:in|on|at|for|by|to|from|of|with)\s+)?(?:what|how|which|when|where|who|whom|why)\b)|"
    r"\?\s+(?:and\s+)?(?=(?:what|how|which|when|where|who|why|is|are|does|do|did|can)\b)",
    re.IGNORECASE,
)
_CHINESE_CUT = re.compile(r"[，,；;？?](?:并且|而且|以及|还有|又|那么?)?")
_CHINESE_ASKS = re.compile(r"多少|几|哪|什么|怎么|怎样|如何|谁|何时|为什么|多[高长大远深宽久重快]|吗$")
_ASKS = re.compile(r"\b(?:what|how|which|when|where|who|whom|whose|why)\b", re.IGNORECASE)
_CHINESE_QUESTION_WORDS = re.compile(
    r"(?:应该|大约|大概|一共|分别)?(?:是)?(?:哪一[座个条种位家站]?|哪个|哪里|什么|多少[度个张米元吨]?|几[个克张米]?|谁|怎么|如何|何时)(?:的)?"
)


def parts_of(question: str) -> list[str]:
    """The question itself, or its two parts, each understandable alone."""
    text = " ".join(question.split())
    sides = compared(text) or coordinated(text)
    if sides:
        return list(sides)
    return _chinese_parts(text) if is_chinese(text) else _english_parts(text)


def _english_parts(text: str) -> list[str]:
    cut = _ENGLISH_CUT.search(text)
    if cut is None:
        return [text]
    first, second = text[: cut.start()].strip(" ,?"), text[cut.end() :].strip(" ,")
    if min(len(first), len(second)) < MIN_PART_CHARS or not _ASKS.search(first):
        return [text]
    return [f"{first}?", _with_subject(first, second)]


def _with_subject(first: str, second: str) -> str:
    """The second part with the names of the first, when it has none of its own."""
    if points_back(second):
        return standalone_question(second, [Turn(question=f"{first}?", answer="")])
    names = topics_of(first)
    if topics_of(second) or not names:
        return second
    return f"{second.rstrip('?')} ({' '.join(names)})?"


def _chinese_parts(text: str) -> list[str]:
    pieces = [piece.strip() for piece in _CHINESE_CUT.split(text) if len(piece.strip()) >= MIN_PART_CHARS]
    asking = [piece for piece in pieces if _CHINESE_ASKS.search(piece)]
    if len(asking) < MAX_PARTS or _CHINESE_ASKS.search(pieces[0]) is None:
        return [text]
    first, second = asking[0], asking[1]
    # Chinese leaves out the subject of a second clause; the words of the first stand in for it.
    return [first, f"{_CHINESE_QUESTION_WORDS.sub('', first)} {second}"]
