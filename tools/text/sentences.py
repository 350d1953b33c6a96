"""Sentences of English, Chinese and mixed text, as spans.

Works on cleaned text, in which a paragraph, a list item, a table row and a heading are each one line: a line end
always ends a sentence, and a table row (a line that begins with `|`) is one sentence.
"""

import re

_ALWAYS = "e.g i.e vs cf al approx dept est mr mrs ms dr prof gen col lt capt sgt rev hon gov sen rep resp ver viz ca"
_UNLESS_A_SENTENCE_STARTS = "etc inc ltd co corp jr sr st u.s u.k u.n e.u a.m p.m ph.d b.c a.d d.c"
_BEFORE_A_NUMBER = "no nos fig figs vol ch sec eq p pp art"
_MONTHS = "jan feb mar apr jun jul aug sep sept oct nov dec"
_STARTING_WORDS = (
    "the a an this that these those it its he she his her they their we our you your i in on at for from with by to as "
    "and but or so if when while although however there here what which who where why how is are was were after before "
    "since because then not no all some many most each both"
)

ABBREVIATIONS = frozenset(f"{_ALWAYS} {_UNLESS_A_SENTENCE_STARTS} {_BEFORE_A_NUMBER} {_MONTHS} ed eds".split())
"""Words after which a full stop need not end a sentence (unless a line ends there)."""

_SOFT = frozenset(_UNLESS_A_SENTENCE_STARTS.split())
_NUMBERED = frozenset(f"{_BEFORE_A_NUMBER} {_MONTHS}".split())
_STARTERS = frozenset(_STARTING_WORDS.split())
"""Capitalised after a full stop, these begin a sentence: a name would not be followed by them."""

_HAN = "\u3400-\u9fff"
_END = re.compile(
    r"[。！？；.!?\n]"
    r"""(?:(?<=[。！？；])[。！？；]*[」』”’）)\]"']*"""
    rf"""|(?<=[.!?])(?<![.!?][.!?])[.!?]*["'”’)\]]*(?=\s|$|[\[【]\d|[{_HAN}])"""
    r"|(?<=\n))"
)
"""Begins with a plain set of characters, which the engine skips to: five times as fast as looks behind come first."""
_WORD_BEFORE = re.compile(r"[\w.]+$")
_WORD_AFTER = re.compile(r"""[ \t]*["'“‘(\[]*([^\W_]+)""")
_MARKS_AFTER = re.compile(r"(?:[ \t]?(?:\[\d{1,3}\]|【\d{1,3}】))+")
"""Citation marks written after the full stop belong to the sentence before them."""
_LOOK_BACK_CHARS = 20
"""Longer than any abbreviation; bounds the look at what stands before a full stop."""


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in text order, white space trimmed, empty ones left out."""
    spans: list[tuple[int, int]] = []
    start = 0
    line_start = 0
    for match in _END.finditer(text):
        stop = match.start()
        if stop < start:
            continue
        if text[stop] == "\n":
            _add(spans, text, start, stop)
            start = line_start = stop + 1
            continue
        if text.startswith("|", line_start) or (text[stop] in ".!?" and not _ends_sentence(text, match, line_start)):
            continue
        marks = _MARKS_AFTER.match(text, match.end())
        end = marks.end() if marks else match.end()
        _add(spans, text, start, end)
        start = end
    _add(spans, text, start, len(text))
    return spans


def last_sentence_end(text: str, start: int, end: int) -> int | None:
    """Where the last sentence that ends in `text[start:end]` ends, in `text`; None when none does.

    Looks at no more than that span (which should lie in one line): a cheap way to cut a long paragraph.
    """
    for match in reversed(list(_END.finditer(text, start, end))):
        if text[match.start()] not in ".!?" or (match.end() < end and _ends_sentence(text, match, start)):
            return match.end()
    return None


def sentences(text: str) -> list[str]:
    """The sentences themselves."""
    return [text[start:end] for start, end in sentence_spans(text)]


def _ends_sentence(text: str, stop: re.Match[str], line_start: int) -> bool:
    following = _WORD_AFTER.match(text, stop.end(), stop.end() + _LOOK_BACK_CHARS)
    after = following.group(1) if following else ""
    if after[:1].islower():
        return False
    if text[stop.start()] != ".":
        return True
    if after[:1] >= _HAN[0] and text[stop.end()] == after[0]:
        # "结束.然后" ends a sentence, "3.安装" and "v2.版本" do not.
        return stop.start() > 0 and text[stop.start() - 1] >= _HAN[0]
    from_ = max(line_start, stop.start() - _LOOK_BACK_CHARS)
    before = _WORD_BEFORE.search(text, from_, stop.start())
    word = before.group().lower().strip(".") if before else ""
    starts = after.lower() in _STARTERS
    if word in ABBREVIATIONS:
        return (word in _SOFT and starts) or (word in _NUMBERED and bool(after) and not after[0].isdigit())
    # "J. Smith": a single letter is an initial, unless a sentence plainly starts ("vitamin C. The …").
    if len(word) == 1 and word.isalpha():
        return starts
    # "3. Install it": the number at the head of a list item is no sentence.
    head = text[line_start : stop.start()].lstrip(" \t#>*-•") if stop.start() - line_start <= _LOOK_BACK_CHARS else ""
    return not (head == word and word.isdigit() and after)


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))
