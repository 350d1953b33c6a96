"""Questions about the date of today: known from the request, so no page is asked."""

import re
from datetime import date

_PLEASE = r"(?:(?:please |can you |could you )?tell me |do you know )?"
_UNIT = r"(?:date|day|weekday|day of the week|month|year)"
_NOW = r"(?: (?:today|now|right now|currently))?"
_IS = r"(?:'s|’s| is)"
_PLEASE_ZH = r"(?:请问|请告诉我|你知道)?"
_UNIT_ZH = r"(?:几月几[号日]|几[号日]|星期几|周几|礼拜几|哪一?天|什么日子|什么日期|日期是?什么|哪一?年|几几年|几月份?)"
_DATE = re.compile(
    rf"{_PLEASE}(?:"
    rf"what{_IS}?(?: the)?(?: current| exact)? {_UNIT}(?: (?:is it|is today|of today))?{_NOW}"
    rf"|which {_UNIT} (?:is it|is today|do we have){_NOW}"
    rf"|what{_IS} today|(?:what{_IS} )?today(?:'s|’s) date"
    rf")\s*[?？.!]*"
    rf"|{_PLEASE_ZH}(?:今天|今日|现在|今年|本月|这个月)(?:是|的)?{_UNIT_ZH}(?:了|呢|啊)?[？?。！!]*",
    re.IGNORECASE,
)
_WEEKDAYS_ZH = "一二三四五六日"


def asks_date(text: str) -> bool:
    """Whether it asks for nothing but the date, weekday, month or year of today."""
    return _DATE.fullmatch(text) is not None


def date_answer(today: str, *, chinese: bool) -> str:
    """The date in words. `today` is an ISO date; empty when not given."""
    try:
        day = date.fromisoformat(today)
    except ValueError:
        return "我不知道今天的日期。" if chinese else "I was not told what day it is."
    if chinese:
        return f"今天是{day.year}年{day.month}月{day.day}日，星期{_WEEKDAYS_ZH[day.weekday()]}（世界时）。"
    return f"Today is {day:%A}, {day.day} {day:%B} {day.year} (UTC)."
