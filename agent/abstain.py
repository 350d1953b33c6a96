"""Abstaining: what is said when a search brought nothing to answer from."""

from collections.abc import Sequence

MAX_QUERY_CHARS = 120
"""Characters of a query that are repeated."""


def abstention(language: str, *, asked: Sequence[str], read: int, blind: bool = False, unread: int = 0) -> str:
    """Say that nothing was found, and what was tried.

    Args:
        language: Of the text: `zh`, or anything else for English.
        asked: Queries sent.
        read: Pages read.
        blind: Whether one of the searches gave no answer; then it is said that there may be more.
        unread: Pages found that could not be read; likewise.
    """
    say = _chinese if language == "zh" else _english
    return say([_quoted(query) for query in asked], read, blind, unread)


def _quoted(query: str) -> str:
    return f"“{query if len(query) <= MAX_QUERY_CHARS else query[:MAX_QUERY_CHARS] + '…'}”"


def _english(asked: Sequence[str], read: int, blind: bool, unread: int) -> str:
    told = "I could not find an answer to this."
    if asked:
        pages = "1 page" if read == 1 else f"{read} pages"
        told += f" I searched for {', '.join(asked)} and read {pages}."
    if blind:
        told += " Part of the search got no answer, so there may be something that I did not see."
    if unread:
        which = "1 page that was found" if unread == 1 else f"{unread} pages that were found"
        told += f" I could not read {which}, so the answer may stand there."
    return told


def _chinese(asked: Sequence[str], read: int, blind: bool, unread: int) -> str:
    told = "我没有找到这个问题的答案。"
    if asked:
        told += f"我搜索了{'、'.join(asked)}，读了 {read} 个网页。"
    if blind:
        told += "有一部分搜索没有得到回应，所以可能有我没看到的内容。"
    if unread:
        told += f"另有 {unread} 个搜到的网页无法读取，答案可能在那里。"
    return told
