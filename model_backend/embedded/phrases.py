"""What people say and the plain word that manuals use for it: `switch on` is enable, `get rid of` is remove."""

import re
from functools import cache

from tools.text.words import fold, stem

PHRASES: tuple[tuple[str, str], ...] = (
    (
        r"unless told otherwise|out of the box|as it comes|as shipped|"
        r"change nothing|at the defaults?|without (?:saying|giving|specifying|"
        r"setting)|(?:give|say|specify|set|pass|name|do|choose) (?:no\b|"
        r"none|nothing)|(?:do not|don't) (?:specify|give|say|set|pass)|"
        r"if not specified|left alone|by itself from the start|不指定|没有?指定|什么都不(?:设|改|写)|默认情况",
        "default",
    ),
    (r"(?:switch|turn)(?:ed|s|ing)?(?: \w+)? on\b|打开|开启|启用", "enable"),
    (r"(?:switch|turn)(?:ed|s|ing)?(?: \w+)? off\b|关掉|关闭|停用", "disable"),
    (
        r"get(?:s|ting)? rid of|throw(?:s|n|ing)?(?: \w+)? away|clear(?:s|"
        r"ed|ing)? (?:out|up|away)|clean(?:s|ed)? up|tidy",
        "remove",
    ),
    (
        r"leav(?:e|es|ing)(?: \w+)? out|look(?:s|ing)? past|keep(?:s|ing)? .{1,30} out of|"
        r"pass(?:es|ing)? over|take no notice",
        "exclude",
    ),
    (r"in step\b|in sync\b|the same on both|mirror", "synchronize"),
    (r"com(?:e|es|ing) out\b|came out\b|get published", "release"),
    (r"add(?:s|ed|ing)? up\b|in total\b|all together\b", "sum"),
    (
        r"at (?:the )?(?:very )?most\b|no more than|up to how|how (?:many|"
        r"much|large|big|long|deep) (?:can|may|at most)|最多|至多",
        "maximum",
    ),
    (r"at (?:the )?(?:very )?least\b|no (?:less|fewer) than|至少|最少", "minimum"),
    (r"how (?:big|large|small)\b|多大", "size"),
    (r"how deep\b", "depth"),
    (r"how often\b|多久一次|每隔多久", "interval"),
    (r"go(?:es|ing)? back to|put(?:s|ting)?(?: \w+)? back|take(?:s|n)?(?: \w+)? back", "restore"),
    (r"on (?:its|their) own\b|by (?:itself|themselves)\b|without (?:me|being asked|my help)|自动", "automatic"),
    (r"mak(?:e|es|ing) sure", "ensure"),
    (r"set(?:s|ting)? up\b|设置", "configure"),
    (r"giv(?:e|es|ing) up\b|stops? half", "abort"),
    (r"carr(?:y|ies|ied) on\b|go(?:es)? on with", "continue"),
    (r"look(?:s|ing)? (?:for|up)\b|find(?:s|ing)? out\b|tell(?:s)? (?:me )?whether", "show"),
    (r"cop(?:y|ies) of\b|a second copy", "copy"),
    (r"stand(?:s|ing)? for\b|short for", "mean"),
    (r"tak(?:e|es|ing) (?:a )?(?:very )?long\b", "time"),
    (r"at once\b|right away|at the same time|in parallel|同时", "simultaneous"),
    (r"break(?:s|ing)? (?:up|apart)|cut(?:s|ting)? (?:up|into)|split", "split"),
    (r"put(?:s|ting)? .{1,30} together|join(?:s|ed)?\b", "merge"),
    (r"giv(?:e|es|ing) .{1,20} (?:a )?(?:new|different|another) name", "rename"),
    (r"whom? (?:may|can|is allowed)|allowed to", "permission"),
)
"""What people say -> the plain word that manuals use; matched anywhere in the folded question."""


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), stem(word)) for pattern, word in PHRASES)


def phrase_terms(text: str) -> list[str]:
    """Plain words for the phrases of a question (`switch on`: enable)."""
    folded = fold(text)
    return list(dict.fromkeys(word for pattern, word in _phrases() if pattern.search(folded)))
