"""Related questions, made beside the answer from what the pages have headings for.

No model is asked, so they cost no waiting; they are as good as the headings are.
"""

import re
from collections.abc import Sequence

from agent.addresses import ADDRESS
from agent.instructions import gives_instructions
from tools.pages import Page
from tools.text.words import terms

MOST = 5
"""Questions suggested at most."""
LONGEST_CHARS = 70
"""A longer heading is a sentence of its own and makes no question."""
FEWEST_TERMS = 1
"""A heading without a word of its own beyond the question's says nothing new."""
FURNITURE = frozenset(
    {"references", "notes", "contents", "see", "also", "external", "links", "further", "reading", "bibliography"}
    | {"gallery", "navigation", "menu", "related", "comments", "share", "overview", "introduction", "summary", "home"}
    | {"about", "contact", "footnotes", "sources", "faq", "search", "index", "login"}
    | {"name", "synopsis", "description", "options", "examples", "files", "environment", "author", "authors", "bugs"}
    | {"参考文献", "参见", "外部链接", "目录", "注释", "参考资料", "延伸阅读", "相关条目", "概述", "简介", "评论"}
    | {"分享", "首页", "搜索", "登录", "关于我们"}
)
"""Headings that every page, or every page of a manual, may have."""

_NUMBERED = re.compile(r"^(?:\d+(?:\.\d+)*[.、]?|第\s?[\d一二三四五六七八九十]+\s?[章节])\s+(?=\D)")
"""Which section of a book it is."""
_ASKS_ZH = re.compile(r"怎么|怎样|如何|为什么|为何|什么|哪|多少|几[点时个]|[吗呢]$|是否|能否|可否")
"""A Chinese heading that asks already."""


def suggest(question: str, pages: Sequence[Page], language: str) -> list[str]:
    """Up to five questions one might ask next, the nearest first, in the language of the answer."""
    asked = set(terms(question))
    found: list[tuple[int, int, str]] = []
    seen: set[frozenset[str]] = {frozenset(asked)}
    for place, page in enumerate(pages):
        subject = subject_of(page)
        for _, level, heading in page.headings:
            words = frozenset(terms(heading))
            if level == 1 and words >= set(terms(subject)):
                continue  # the title of the page
            if not _usable(heading, words, asked, language) or not (set(terms(subject)) | words) & asked:
                continue
            asks = _as_question(_NUMBERED.sub("", heading.strip(" #:：*")), subject, language)
            new = frozenset(terms(asks))
            if new in seen or words <= set(terms(subject)):
                continue
            seen.add(new)
            found.append((-len(words & asked), place * 10 + level, asks))
    return [asks for _, _, asks in sorted(found, key=lambda item: item[:2])[:MOST]]


def subject_of(page: Page) -> str:
    """What a page is about: its title without the name of the site."""
    return _NUMBERED.sub("", re.split(r"\s+[|\-–—·•]\s+|_|｜", page.title.strip())[0])[:LONGEST_CHARS]


def _usable(heading: str, words: frozenset[str], asked: set[str], language: str) -> bool:
    plain = heading.strip(" #:：*").lower()
    if not plain or len(plain) > LONGEST_CHARS or plain in FURNITURE or set(plain.split()) <= FURNITURE:
        return False
    if ADDRESS.search(heading) or gives_instructions(heading):
        return False  # Asked with one click, an address in a question would be read.
    chinese = bool(re.search(r"[\u4e00-\u9fff]", heading))
    return chinese == (language == "zh") and len(words - asked) >= FEWEST_TERMS


def _as_question(heading: str, subject: str, language: str) -> str:
    """A heading that asks is taken as it is; another one is asked about, together with what the page is about."""
    if heading.endswith(("?", "？")):
        return heading
    if language == "zh":
        asks = f"{heading}？" if _ASKS_ZH.search(heading) else f"{heading}是怎样的？"
        return f"{subject}：{asks}" if subject and subject not in heading else asks
    if re.match(r"(how|what|where|when|which) to\b", heading, re.IGNORECASE):
        # Of what, only the page says.
        return f"{subject}: {_lower_first(heading)}?" if subject else f"{heading}?"
    if re.match(r"(how|what|why|when|where|who|which|can|does|do|is|are)\b", heading, re.IGNORECASE):
        return f"{heading}?"
    if not subject or set(terms(subject)) <= set(terms(heading)):
        return f"What about {heading}?"
    return f"{subject}: what about {_lower_first(heading)}?"


def _lower_first(heading: str) -> str:
    """As in the middle of a sentence, unless the first word is a name or an abbreviation."""
    first, _, rest = heading.partition(" ")
    return f"{first.lower()} {rest}".strip() if first.istitle() and rest.islower() else heading
