"""Sentences of English, Chinese and mixed text, as spans.

Works on cleaned text, in which a paragraph, a list item, a table row and a heading are each one line: a line end
always ends a sentence.
"""

import re

ABBREVIATIONS = frozenset(
    [
        "e.g",
        "i.e",
        "etc",
        "vs",
        "cf",
        "al",
        "fig",
        "no",
        "vol",
        "ch",
        "sec",
        "eq",
        "approx",
        "dept",
        "est",
        "inc",
        "ltd",
        "co",
        "corp",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "jr",
        "sr",
        "gen",
        "col",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "u.s",
        "u.k",
        "a.m",
        "p.m",
        "resp",
        "ver",
        "ed",
        "eds",
        "pp",
        "viz",
        "ca",
    ]
)
"""Words after which a full stop does not end a sentence (unless a line ends there)."""

_END = re.compile(r"""[。！？；][」』”’）)\]"']*|[.!?]+["'”’)\]]*(?=\s|$)|\n""")
_WORD_BEFORE = re.compile(r"([\w.]+)$")
_MARKS_AFTER = re.compile(r"(?:\s?\[\d{1,3}\])+")
"""Citation marks written after the full stop belong to the sentence before them."""


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in text order, white space trimmed, empty ones left out."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.start() < start:
            continue
        if match.group()[0] == "." and not _ends_sentence(text, match):
            continue
        end = match.end()
        marks = _MARKS_AFTER.match(text, end) if match.group() != "\n" else None
        if marks:
            end = marks.end()
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return spans


def sentences(text: str) -> list[str]:
    """The sentences themselves."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _ends_sentence(text: str, stop: re.Match[str]) -> bool:
    before = _WORD_BEFORE.search(text, max(0, stop.start() - 20), stop.start())
    word = before.group(1).lower() if before else ""
    if word in ABBREVIATIONS:
        return False
    # "J. Smith", "§ 3." at the head of a list item: a single letter or a leading number is no sentence.
    if len(word) == 1 and word.isalpha():
        return False
    after = text[stop.end() : stop.end() + 3].strip()
    return not (after and after[0].islower())


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))
