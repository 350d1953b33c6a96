"""Ranked passages to those the model will see: best first, no copies, several pages, never above the budget. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice, pairwise

from tools.duplicates import Fingerprint, fingerprint, near_duplicates
from tools.pages import Passage
from tools.passages import is_list_item, leads_in, looks_like_term
from tools.rank import Ranked
from tools.text.sentences import sentence_spans

COMPARABLE = 0.7
"""A second page whose best passage scores this share of the best one is heard before the first page's next passage."""
MAX_PAGE_SHARE = 0.6
"""Share of the budget one page may take while another still has something to say."""
WEAK = 0.15
"""A passage below this share of the best score only costs the model attention."""
MAX_TRIES = 100
"""Passages turned down (copies, or too long for the room left) before the search ends: it must end."""
NEIGHBOUR_GAP_CHARS = 8
"""Two passages of a page with no more than this between them follow each other."""
MIN_CUT_TOKENS = 40
"""Room for a sentence or two."""
MAX_CUTS = 5
"""Passages tried for it."""
MIN_ROOM_TOKENS = 5
"""Less room than this holds no useful passage."""

_Key = tuple[str, int]


def select(
    ranked: Sequence[Ranked],
    *,
    token_budget: int,
    count_tokens: Callable[[str], int],
    max_page_share: float = MAX_PAGE_SHARE,
) -> list[Passage]:
    """The passages worth showing.

    Args:
        ranked: Every passage of every page, best first (those that are not chosen serve as neighbours).
        token_budget: Tokens of all chosen texts together; never exceeded.
        count_tokens: Tokens of a text.
        max_page_share: Share of the budget a page may take before the others have been heard.

    Returns:
        Page by page, the page with the best passage first; in a page in text order. Empty only when nothing is
        ranked or nothing fits. Where no term of the question occurs anywhere, the beginnings of the pages.
    """
    if not ranked or token_budget <= 0:
        return []
    basket = _Basket(ranked, token_budget, count_tokens, int(token_budget * max_page_share))
    later: list[Passage] = []
    for passage in _in_turn(ranked):
        if basket.tries_left <= 0 or basket.room < MIN_ROOM_TOKENS:
            break
        if basket.page_is_full(passage.url):
            later.append(passage)
        else:
            basket.add(passage)
    for passage in later:
        basket.add(passage)
    _fill(basket, ranked)
    if not basket.chosen:
        basket.add_cut(ranked[0].passage)
    return basket.in_reading_order()


def _fill(basket: "_Basket", ranked: Sequence[Ranked]) -> None:
    """The beginning of the best passages that were too long for the room left."""
    left_out = (one for one in ranked if _key(one.passage) not in basket.chosen)
    for one in islice(left_out, MAX_CUTS):
        if basket.room < MIN_CUT_TOKENS or one.score <= 0 or one.score < WEAK * ranked[0].score:
            return
        basket.add_cut(one.passage)


def _in_turn(ranked: Sequence[Ranked]) -> Iterator[Passage]:
    """Best first, but the best of each page that compares comes before the rest."""
    best = ranked[0].score
    if best <= 0:
        yield from _openings(ranked)
        return
    first_of_page: dict[str, Ranked] = {}
    for one in ranked:
        first_of_page.setdefault(one.passage.url, one)
    heard = [one for one in first_of_page.values() if one.score >= COMPARABLE * best]
    yield from (one.passage for one in heard)
    early = {(one.passage.url, one.passage.start) for one in heard}
    for one in ranked:
        if one.score < WEAK * best:
            return
        if (one.passage.url, one.passage.start) not in early:
            yield one.passage


def _openings(ranked: Sequence[Ranked]) -> list[Passage]:
    """The first passage of each page: what is left to show when nothing matches."""
    return list({one.passage.url: one.passage for one in reversed(ranked)}.values())[::-1]


class _Basket:
    """What has been chosen, and the room that is left."""

    def __init__(
        self, ranked: Sequence[Ranked], token_budget: int, count_tokens: Callable[[str], int], page_budget: int
    ) -> None:
        self.chosen: dict[_Key, Passage] = {}
        self.room = token_budget
        self.tries_left = MAX_TRIES
        self._count_tokens = count_tokens
        self._page_budget = page_budget
        self._page_tokens: dict[str, int] = {}
        self._tokens: dict[_Key, int] = {}
        self._prints: dict[_Key, Fingerprint] = {}
        self._strong = {_key(one.passage) for one in ranked if one.score >= COMPARABLE * ranked[0].score > 0}
        self._place = {_key(one.passage): place for place, one in enumerate(ranked)}
        self._neighbours = _neighbours([one.passage for one in ranked])

    def page_is_full(self, url: str) -> bool:
        """Whether the page has had its share."""
        return self._page_tokens.get(url, 0) >= self._page_budget

    def add(self, passage: Passage) -> None:
        """Take the passage, and what it cannot be read without, if it is new and there is room."""
        if _key(passage) in self.chosen or not self._put(passage):
            return
        before, after = self._neighbours[_key(passage)]
        list_matters = _key(passage) in self._strong
        if before and _needs(before, passage, list_matters=list_matters):
            self._put(before)
        if after and _needs(passage, after, list_matters=list_matters):
            self._put(after)

    def add_cut(self, passage: Passage) -> None:
        """Take as many of the first sentences as fit; of a sentence too long, its beginning."""
        ends = [end for _, end in sentence_spans(passage.text)]
        fitting = [end for end in ends if self._count_tokens(passage.text[:end]) <= self.room]
        end = fitting[-1] if fitting else (ends[0] if ends else 0)
        while end and self._count_tokens(passage.text[:end]) > self.room:
            end //= 2
        text = passage.text[:end].rstrip()
        if text:
            self._put(replace(passage, end=passage.start + len(text), text=text))

    def in_reading_order(self) -> list[Passage]:
        """Pages by their best passage, passages as they stand in the page."""
        page_place: dict[str, int] = {}
        for key, passage in self.chosen.items():
            place = self._place[key]
            page_place[passage.url] = min(place, page_place.get(passage.url, place))
        return sorted(self.chosen.values(), key=lambda p: (page_place[p.url], p.start))

    def _put(self, passage: Passage) -> bool:
        key = _key(passage)
        if key in self.chosen:
            return False
        tokens = self._count_tokens(passage.text)
        if tokens > self.room:
            self.tries_left -= 1
            return False
        mine = fingerprint(passage.text)
        copies = [other for other, print_ in self._prints.items() if near_duplicates(mine, print_)]
        if any(len(self.chosen[copy].text) >= len(passage.text) for copy in copies):
            self.tries_left -= 1
            return False
        for copy in copies:
            self._drop(copy)
        self.chosen[key] = passage
        self._tokens[key] = tokens
        self._prints[key] = mine
        self._spend(passage.url, tokens)
        return True

    def _drop(self, key: _Key) -> None:
        passage = self.chosen.pop(key)
        del self._prints[key]
        self._spend(passage.url, -self._tokens.pop(key))

    def _spend(self, url: str, tokens: int) -> None:
        self.room -= tokens
        self._page_tokens[url] = self._page_tokens.get(url, 0) + tokens


def _key(passage: Passage) -> _Key:
    return passage.url, passage.start


def _neighbours(passages: Sequence[Passage]) -> dict[_Key, tuple[Passage | None, Passage | None]]:
    """The passage straight before and after each, in its page."""
    found: dict[_Key, tuple[Passage | None, Passage | None]] = {_key(passage): (None, None) for passage in passages}
    for one, other in pairwise(sorted(passages, key=_key)):
        if one.url == other.url and other.start - one.end <= NEIGHBOUR_GAP_CHARS:
            found[_key(one)] = (found[_key(one)][0], other)
            found[_key(other)] = (one, None)
    return found


def _needs(one: Passage, other: Passage, *, list_matters: bool) -> bool:
    """Whether two passages that follow each other must be read together."""
    last, first = _last_line(one.text), _first_line(other.text)
    if leads_in(last) or (last == one.text and looks_like_term(last)):
        return True
    return list_matters and is_list_item(last) and is_list_item(first)


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]


def _last_line(text: str) -> str:
    return text.rsplit("\n", 1)[-1]
