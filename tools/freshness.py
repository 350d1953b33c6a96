"""Freshness: how old an answer out of a cache may be, by the question it is for."""

import re

from tools.search import Recency

AGE_S: dict[Recency | None, float] = {"day": 300, "week": 1800, "month": 7200, "year": 21_600, None: 3600}
"""By the recency asked for: a page of the last day may be some minutes old, one of the last year some hours."""
PRESSING_S = 120.0
"""When the words ask for what holds now."""

_PRESSING = re.compile(
    r"\b(?:now|today|tonight|currently|latest|breaking|live|this (?:morning|evening|week)|weather|forecast|"
    r"(?:stock|share) price|exchange rate|score)\b|现在|目前|今天|今日|今晚|刚刚|最新|实时|即时|天气|股价|汇率|比分",
    re.IGNORECASE,
)


def max_age_s(words: str, recency: Recency | None) -> float:
    """Seconds that what is known may be old, for a question or query in these words."""
    age_s = AGE_S[recency]
    return min(age_s, PRESSING_S) if _PRESSING.search(words) else age_s
