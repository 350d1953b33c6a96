"""Token counts without a tokenizer: an estimate that errs high, so that a prompt that fits by it fits the server."""

import math
import re

from tools.text.words import CJK

PLAIN_CHARS = 3.5
"""English prose: vocabularies of 32,000 to 150,000 pieces give 4.0 to 4.7 characters a token; 3.5 errs high."""
CJK_CHARS = 1.2
"""Chinese prose: 1.3 to 1.8 characters a token with vocabularies made for it; 1.2 errs high."""
DENSE_CHARS = 1.5
"""Digits, punctuation and other scripts: many vocabularies spend a token on one or two of them."""

_CJK = re.compile(rf"[{CJK}\u3000-\u303f\uff00-\uffef]")
_DENSE = re.compile(rf"[^\w\s]|[0-9_]|[^\x00-\x7f{CJK}\u3000-\u303f\uff00-\uffef]")


def estimate_tokens(text: str) -> int:
    """Tokens of `text`, estimated high; 0 for the empty text, and never less for a longer text."""
    if not text:
        return 0
    cjk = len(_CJK.findall(text))
    dense = len(_DENSE.findall(_CJK.sub("", text) if cjk else text))
    plain = len(text) - cjk - dense
    return math.ceil(plain / PLAIN_CHARS + cjk / CJK_CHARS + dense / DENSE_CHARS)
