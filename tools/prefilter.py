"""Which parts of long pages are worth splitting and ranking: bounded work, however long the pages are. Pure.

Ranking every character of six pages of 500,000 would hold up the event loop for a third of a second. Here the queries'
rarest-looking words are looked for with plain string search (0.35 ns a character), and only the stretches where they
gather go on to be split and ranked.
"""

import re
from collections.abc import Iterable, Sequence
from math import ceil, log

from tools.passages import leads_in
from tools.rank import query_weights
from tools.text.sentences import last_sentence_end
from tools.text.words import is_cjk, terms

MAX_RANKED_CHARS = 60_000
"""Characters of all pages together that are ranked: about 6 ms of splitting, ranking and selecting."""
MAX_SCANNED_CHARS = 8_000_000
"""Characters compared in all searches together (pages times needles): about 4 ms."""
MAX_LOOKED_AT_CHARS = 300_000
"""What lies beyond this in one page is not looked at; cleaned pages are shorter."""
CELL_CHARS = 1_000
"""Stretches that are taken or left; two to three passages each."""
SNAP_CHARS = 300
"""How far a stretch grows to reach the beginning and end of its blocks, lines, sentences or words."""
MIN_NEEDLES = 2
"""Words looked for even in the longest pages."""
MIN_TAIL_CHARS = 4
"""A word without its first letter is looked for in both cases at once; a shorter rest is the end of too many words."""
MAX_NEEDLES = 12
"""More words than this tell no more about where a question is answered."""

_LOUD = re.compile(r"\b[A-Z]{2,}\b")
"""`HEAD`, `VACUUM`: pages write such a word as the question does."""

Span = tuple[int, int]


def promising_spans(
    texts: Sequence[str], queries: Sequence[str], *, max_chars: int = MAX_RANKED_CHARS
) -> list[list[Span]]:
    """For each text the parts to rank, ordered and disjoint; the whole text where all texts together are short.

    Args:
        texts: The texts of the pages.
        queries: The question and what was searched for.
        max_chars: Characters to keep of all texts together. Short texts stay whole and leave their share to the long
            ones; of those, the beginning and the stretches that hold most of the queries' words are kept.
    """
    shares = _shares([len(text) for text in texts], max_chars)
    long = sum(
        min(len(text), MAX_LOOKED_AT_CHARS) for text, share in zip(texts, shares, strict=True) if len(text) > share
    )
    if not long:
        return [[(0, len(text))] if text else [] for text in texts]
    count = min(MAX_NEEDLES, max(MIN_NEEDLES, MAX_SCANNED_CHARS // (2 * long)))
    needles = _needles(queries)[:count]
    return [
        ([(0, len(text))] if text else []) if len(text) <= share else _best_stretches(text, needles, share)
        for text, share in zip(texts, shares, strict=True)
    ]


def _shares(lengths: Sequence[int], total: int) -> list[int]:
    """How many characters each may keep: equal shares, what the short ones leave going to the long ones."""
    shares = [0] * len(lengths)
    left = total
    for done, place in enumerate(sorted(range(len(lengths)), key=lambda i: lengths[i])):
        shares[place] = min(lengths[place], left // (len(lengths) - done))
        left -= shares[place]
    return shares


def _needles(queries: Sequence[str]) -> list[tuple[str, ...]]:
    """What to search for, the most telling first, each in the spellings that a text may have.

    Terms that more queries share come first, then the longer ones (numbers count as long): long words are rare.
    """
    weights = query_weights(queries)
    pairs = [term for term in weights if len(term) > 1]
    wanted = pairs or list(weights)
    wanted.sort(key=lambda term: (-weights[term], -_specificity(term)))
    loud = {term for query in queries for word in _LOUD.findall(query) for term in terms(word)}
    return [(term,) if is_cjk(term) or term[0].isdigit() else _spellings(term, loud=term in loud) for term in wanted]


def _specificity(term: str) -> int:
    return len(term) + (4 if term[0].isdigit() or is_cjk(term) else 0)


def _spellings(stem: str, *, loud: bool) -> tuple[str, ...]:
    # A stem may end otherwise than its word (`studi`, `studies`, `study`): its last letter is not searched for.
    root = stem[:-1] if len(stem) > 3 else stem
    if len(root) < 3:
        return (root.upper(),)
    return (root.upper(), root, root.capitalize()) if loud else (root, root.capitalize())


def _best_stretches(text: str, needles: Sequence[tuple[str, ...]], share: int) -> list[Span]:
    """The beginning and the cells that hold most needles, up to the share, grown to whole blocks and joined."""
    looked_at = min(len(text), MAX_LOOKED_AT_CHARS)
    scores = [0.0] * ceil(looked_at / CELL_CHARS)
    for spellings in needles:
        cells = _cells_with_any(text, spellings, looked_at)
        for cell in cells:
            scores[cell] += 1 / (1 + log(len(cells)))
    # What stands beside a hit often explains it.
    smooth = [
        score + 0.25 * ((scores[i - 1] if i else 0.0) + (scores[i + 1] if i + 1 < len(scores) else 0.0))
        for i, score in enumerate(scores)
    ]
    order = sorted(range(1, len(smooth)), key=lambda i: (-smooth[i], i))
    kept = sorted([0, *order[: max(0, share // CELL_CHARS - 1)]])
    return _joined(_whole_blocks(text, cell * CELL_CHARS, min((cell + 1) * CELL_CHARS, looked_at)) for cell in kept)


def _cells_with_any(text: str, spellings: Sequence[str], end: int) -> set[int]:
    """The cells in which one of the spellings begins."""
    tails = {spelling[1:] for spelling in spellings}
    if len(tails) == 1 and len(tail := tails.pop()) >= MIN_TAIL_CHARS:
        return _cells_before(text, tail, "".join(spelling[0] for spelling in spellings), end)
    return {cell for spelling in spellings for cell in _cells_with(text, spelling, end)}


def _cells_before(text: str, tail: str, firsts: str, end: int) -> set[int]:
    """The cells that hold one of the letters with the tail straight behind it: both cases in one search."""
    cells: set[int] = set()
    at = text.find(tail, 1, end)
    while at >= 0:
        if text[at - 1] in firsts:
            cell = (at - 1) // CELL_CHARS
            cells.add(cell)
            at = text.find(tail, (cell + 1) * CELL_CHARS + 1, end)
        else:
            at = text.find(tail, at + 1, end)
    return cells


def _cells_with(text: str, needle: str, end: int) -> list[int]:
    """The cells in which the needle begins; each is looked at up to its first hit."""
    cells = []
    at = text.find(needle, 0, end)
    while at >= 0:
        cell = at // CELL_CHARS
        cells.append(cell)
        at = text.find(needle, (cell + 1) * CELL_CHARS, end)
    return cells


def _whole_blocks(text: str, start: int, end: int) -> Span:
    """The span grown to whole blocks; in a long block to whole lines, in a line without end to sentences or words."""
    low, high = max(0, start - SNAP_CHARS), end + SNAP_CHARS
    block = text.rfind("\n\n", low, start)
    before = block + 1 if block >= 0 else text.rfind("\n", low, start)
    begin = before + 1 if before >= 0 else _cut(text, low, start) if low else 0
    after = _line_end(text, end, high)
    if after < 0:
        return begin, _cut(text, end, high) if high < len(text) else len(text)
    return begin, _with_announced(text, begin, after)


def _line_end(text: str, low: int, high: int) -> int:
    """The end of the block, that of the text if it is near, else that of the line, else -1."""
    block = text.find("\n\n", low, high)
    if block >= 0:
        return block
    return len(text) if low < len(text) <= high else text.find("\n", low, high)


def _with_announced(text: str, begin: int, end: int) -> int:
    """The end, or that of the next block where the last line announces it: code stands behind what it does."""
    if not leads_in(text[begin:end].rstrip("\n").rsplit("\n", 1)[-1]):
        return end
    after = _line_end(text, end + 2, end + SNAP_CHARS)
    return after if after >= 0 else end


def _cut(text: str, low: int, high: int) -> int:
    """Where a line is cut between two places: behind the last sentence there, else the last space, else at `low`."""
    sentence = last_sentence_end(text, low, high)
    return sentence if sentence is not None else max(low, text.rfind(" ", low, high) + 1)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Ordered spans made disjoint."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
