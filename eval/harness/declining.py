"""Declining: whether an answer says that it has none. One rule for every arm, every model and stored answers. Pure."""

from eval.docs_score import MARK
from model_backend.rules import is_abstention

PHRASES = (
    "knows nothing by itself",
    "i don't know",
    "i do not know",
    "i'm not sure",
    "i am not sure",
    "i don't have",
    "i do not have",
    "i cannot",
    "i can't",
    "i'm unable",
    "i am unable",
    "i could not find",
    "no context provided",
    "context does not",
    "context doesn't",
    "not mentioned in the",
    "not available in the",
    "not provided in the",
    "do not contain information",
    "does not contain information",
    "no information about",
    "not enough information",
    "cannot be determined",
    "can't be determined",
    "本身没有知识",
    "我不知道",
    "我不确定",
    "我不清楚",
    "我无法",
    "无法确定",
    "无法回答",
    "没有相关信息",
    "没有足够的信息",
    "信息不足",
)
"""How models say that they have no answer. An answer that says so and then guesses counts as declined: that favours
models that guess, so what search takes away is told too low, not too high."""


def declines(text: str) -> bool:
    """Whether the answer says that it has none: it is empty, an abstention of ours, or uncited and holds a phrase."""
    if not text.strip() or is_abstention(text):
        return True
    plain = text.replace("’", "'").lower()
    return not MARK.search(text) and any(phrase in plain for phrase in PHRASES)
