"""What speaks against a unit whatever it says: it leads elsewhere, gives orders, is a label, a heap, a synopsis."""

import re

from model_backend.embedded.question import Question
from model_backend.embedded.units import Unit
from tools.text.words import STOP_WORDS, is_chinese

ORDER_COST = 0.8
"""What it costs a sentence to give orders to a model: it is no statement about anything."""
REFERENCE_COST = 0.4
"""What it costs a sentence to send the reader elsewhere (`See also …`), or to ask."""
LABEL_COST, MAX_LABEL_WORDS = 0.3, 6
"""What it costs to be but a few words that end in no full stop: a heading, a caption, what leads in to something."""
HEAP_COST = 0.6
"""What it costs a long text to be no sentence but a heap of names: a menu, a site map, an index."""
HEAP_WORDS, HEAP_SHARE = 16, 0.06
"""Of so many words, English prose has a third that only join others; in a heap of names there are less than this."""
SYNOPSIS_COST, MIN_PLACEHOLDERS = 0.4, 3
"""What it costs code to be a list of what may be given (`[--all] <path>…`), where neither code nor a way is asked."""
OTHER_LANGUAGE_COST = 0.4
"""What it costs to be Chinese where the question is not: whoever asks may not read it."""

_REFERS = re.compile(
    r"^(?:(?:please )?(?:see|refer to|for (?:more|further) \w+)\b|(?:this page (?:was )?)?last (?:modified|updated)\b|"
    r"参[见阅考看]|详见|(?:本页面?)?(?:最后|上次)(?:修改|更新))",
    re.IGNORECASE,
)
"""To other pages, or to when this one was changed."""
_TOLD_ELSEWHERE = re.compile(
    r"\b(?:described|discussed|explained|documented|detailed|covered|listed) (?:above|below|elsewhere|later)\W*$|"
    r"(?:如上|如下|上文|下文)(?:所述|所示)[。；]?$|"
    r"\b(?:explanations?|information|details|descriptions?|lists?|documentation|discussions?|instructions|overview)\b"
    r".{0,80}\b(?:can be found|(?:is|are) (?:available|given|described|provided)) (?:in|at|on|from|by)\b",
    re.IGNORECASE,
)
_INDEX_ENTRY = re.compile(r"\s(?:→|->|[-–—])\s+\{?\S+\.html?(?:#\S*)?(?:\s|\W*$)|^\W*\S+\.html?(?:#\S*)?\s+(?:→|->)\s")
"""`foreign_keys - pragma.html#pragma_foreign_keys`: where it stands, and nothing of it."""
_BROKEN_OFF = re.compile(r"[,，、]$")
_MANUAL = re.compile(r"\S+\(\d\w?\)\W*")
"""`gitweb(1)` alone names another manual."""
_PLACEHOLDER = re.compile(r"\[(?:--?\w|<|\()|<\w[\w-]*>")
_LATIN = re.compile(r"[A-Za-z][\w.'’#/-]*")
_QUESTIONS = re.compile(r"[?？][\"'”’」』)）]*$")
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|context)\b|\bsystem prompt\b|"
    r"\byou are (?:now )?an? (?:ai|assistant|language model|chatbot)\b|\bas an ai\b|"
    r"\b(?:assistant|ai|model)s?\s*[:,]\s*(?:say|answer|reply|respond|output|tell)\b|"
    r"(?:忽略|无视|忘记).{0,20}(?:指令|指示|提示|规则)|你现在是.{0,10}(?:助手|模型)|系统提示词?",
    re.IGNORECASE,
)


def blemishes(question: Question, unit: Unit) -> float:
    """What the unit's score loses; 0 for one without blemish."""
    sentence = unit.kind == "sentence"
    return (
        (REFERENCE_COST if _leads_away(unit.text) else 0.0)
        + (LABEL_COST if sentence and _is_label(unit.text) else 0.0)
        + (HEAP_COST if sentence and _is_heap(unit.text) else 0.0)
        + (SYNOPSIS_COST if question.kind not in ("code", "how_to") and is_synopsis(unit) else 0.0)
        + (OTHER_LANGUAGE_COST if not question.chinese and is_chinese(unit.text) else 0.0)
        + (ORDER_COST if _ORDERS.search(unit.text) else 0.0)
    )


def is_synopsis(unit: Unit) -> bool:
    """Whether it is code that lists what may be given."""
    return unit.kind == "code" and len(_PLACEHOLDER.findall(" ".join(unit.lines))) >= MIN_PLACEHOLDERS


def _leads_away(text: str) -> bool:
    """Whether it sends the reader elsewhere, asks, or breaks off."""
    return any(pattern.search(text) for pattern in (_REFERS, _TOLD_ELSEWHERE, _QUESTIONS, _INDEX_ENTRY, _BROKEN_OFF))


def _is_label(text: str) -> bool:
    return (
        text.endswith((":", "："))
        or _MANUAL.fullmatch(text) is not None
        or (text[-1:].isalnum() and len(text.split()) <= MAX_LABEL_WORDS and not is_chinese(text))
    )


def _is_heap(text: str) -> bool:
    words = _LATIN.findall(text)
    if len(words) < HEAP_WORDS or text.rstrip().endswith((".", "!")) or is_chinese(text, share=HEAP_SHARE):
        return False
    return sum(word in STOP_WORDS for word in words) <= HEAP_SHARE * len(words)
