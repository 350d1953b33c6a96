"""Abstaining: what is said when a search brought nothing to answer from."""

from collections.abc import Sequence


def abstention(language: str, *, asked: Sequence[str], read: int) -> str:
    """Say that nothing was found, and what was tried."""
    if language == "zh":
        tried = "、".join(f"“{query}”" for query in asked)
        return (
            f"我没有找到这个问题的答案。我搜索了{tried}，读了 {read} 个网页。"
            if tried
            else "我没有找到这个问题的答案。"
        )
    tried = ", ".join(f"“{query}”" for query in asked)
    pages = "1 page" if read == 1 else f"{read} pages"
    if not tried:
        return "I could not find an answer to this."
    return f"I could not find an answer to this. I searched for {tried} and read {pages}."
