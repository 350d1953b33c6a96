"""The sample web as cleaned pages, and the sentences of it that state a fact."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from agent.answer import Source
from eval.sample_web.content import PLANTED, load_pages
from tools.clean import clean
from tools.errors import CleanError
from tools.pages import Page
from tools.text.sentences import sentence_spans

READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Any fixed time: verdicts do not depend on it."""
SHORTEST_FACT = {"en": 40, "zh": 14}
"""Characters a sentence must have to be taken as a fact; shorter ones are labels."""
LONGEST_FACT = 220
_PROSE_END = re.compile(r"[.。]$")
_LABEL = re.compile(r"[|#>`{}<]|^\s*[-*]|https?:|[?？:：]$")


@dataclass(frozen=True, slots=True)
class Fact:
    """A sentence that a page states."""

    text: str
    page: Page

    @property
    def language(self) -> str:
        """`en` or `zh`."""
        return self.page.language


def sample_pages() -> list[Page]:
    """Every readable page of the sample web, but for those with planted instructions."""
    pages = []
    for path, raw in load_pages().items():
        if path in PLANTED:
            continue
        try:
            cleaned = clean(raw.body, content_type=raw.content_type, url=f"http://sample.example{path}")
        except CleanError:
            continue
        pages.append(
            Page(
                url=f"http://sample.example{path}",
                final_url=f"http://sample.example{path}",
                title=cleaned.title or raw.title,
                text=cleaned.text,
                site="sample.example",
                fetched_at=READ_AT,
                language=raw.language,
                published=cleaned.published,
                headings=cleaned.headings,
            )
        )
    return pages


def facts_of(pages: Sequence[Page]) -> list[Fact]:
    """Whole sentences of prose, in page order, each text once."""
    found: dict[str, Fact] = {}
    for page in pages:
        for start, end in sentence_spans(page.text):
            text = page.text[start:end]
            fits = SHORTEST_FACT[page.language] <= len(text) <= LONGEST_FACT
            if fits and _PROSE_END.search(text) and not _LABEL.search(text):
                found.setdefault(text, Fact(text, page))
    return list(found.values())


def source_of(page: Page, number: int) -> Source:
    """The page as a numbered source."""
    return Source(
        number=number,
        url=page.url,
        title=page.title,
        site=page.site,
        published=page.published,
        fetched_at=READ_AT.isoformat(),
        snippet=page.text[:100],
    )
