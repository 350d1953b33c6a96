"""English, Chinese or neither: by the text itself, by the page's own word only where the text is short."""

import re

from tools.text.words import STOP_WORDS

SAMPLE_CHARS = 8_000
MIN_HAN_SHARE = 0.2
"""Of all letters: Chinese pages about software carry many Latin words."""
MAX_KANA_SHARE = 0.08
"""More kana among the wide characters means Japanese."""
MIN_STOP_SHARE = 0.18
"""Of Latin words: English prose has 0.35 to 0.5, German, French or Spanish below 0.1."""
MIN_WORDS = 20

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


def language_of(text: str, declared: str = "") -> str:
    """`en`, `zh` or empty.

    Args:
        text: The cleaned text.
        declared: What the page says (`zh-CN`, `en_US`), used when the text is too short to tell.
    """
    sample = text[:SAMPLE_CHARS]
    han, kana = len(_HAN.findall(sample)), len(_KANA.findall(sample))
    letters = len(_LETTER.findall(sample))
    if letters and (han + kana) / letters >= MIN_HAN_SHARE:
        return "zh" if kana <= MAX_KANA_SHARE * (han + kana) else ""
    found = _WORD.findall(sample.lower())
    if len(found) >= MIN_WORDS:
        return "en" if sum(word in STOP_WORDS for word in found) >= MIN_STOP_SHARE * len(found) else ""
    said = declared.lower()[:2]
    return said if said in ("en", "zh") else ""
