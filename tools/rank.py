"""Passages put in order for a question: plain BM25 over stemmed English words and Chinese characters and bigrams.

As good as any library at this size (a few hundred passages, index built per question). Only the question's terms are
counted, so the thousands of other words are neither stemmed nor stored. Pure functions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from math import log

from tools.pages import Passage
from tools.term_counter import TermCounter
from tools.text.compared import compared
from tools.text.initials import initialisms, spelt_by
from tools.text.limits import limit_terms
from tools.text.signs import share_found, signs_in
from tools.text.thing import subjects_told, thing_asked
from tools.text.words import CJK_STOP_CHARACTERS, is_cjk, terms

K1 = 1.2
"""How soon another occurrence of a term stops counting (the usual value)."""
B = 0.75
"""How much a long passage is held back (the usual value)."""
HEADING_WEIGHT = 0.5
"""A term in the headings above a passage counts half an occurrence: it says what the section is about."""
TITLE_WEIGHT = 0.5
"""A term in the page's title counts half an occurrence, too: a passage rarely repeats its subject."""
OPENING_LIFT = 1.0
"""What the opening of a page named after the matter gains, as a share of its score: it says what the matter is."""
SPELT_LIFT = 3.0
"""The same when its title spells out letters asked for, and it holds them: it explains them, and names them once."""
TOLD_LIFT = 1.0
"""What a passage gains that says what a thing is, where that is asked."""
SIGN_LIFT = 2.0
"""What a passage gains that holds the signs asked for (`$!`)."""
NAMED_LINE_LIFT = 0.5
"""What a passage gains in which a line begins with the matter (`reflog: A reflog shows …`)."""
MAX_MATTER_TERMS = 3
"""Queries of more terms ask something of their matter, and openings seldom say it."""
MAX_NAME_CHARS = 30
"""Of the beginning of a line, for each term of the matter."""
MAX_NAMED_LINES = 40
"""Lines looked at in a passage: one of next to empty lines takes no longer than another."""
LEAST_OF_BEST = 0.3
"""Passages below this share of the best score stay out of the answer with the gain, too."""
SINGLE_CHARACTER_WEIGHT = 0.5
"""A Chinese character on its own says less than a pair of them."""
LIMIT_WEIGHT = 0.5
"""What `maximum` and `limit` say where it is asked how many there can be, or how large."""
MAX_TERMS = 96
"""Terms looked for; a longer question is cut to those that most queries share, then the first ones."""
ASKING_WEIGHT = 0.3
"""What a word that asks weighs in `coverage`."""
JOINING_WEIGHT = 0.1
"""What a single Chinese character, or a pair with a function word in it, weighs in `coverage`."""
ASKING_TERMS = frozenset(
    terms(
        "time date day month year place location name number amount many much long far old tall high big large reason "
        "cause type kind meaning mean definition difference first last new current latest now today list tell explain "
        "describe find show give use work happen make get call know take go come look say want need person people "
        "population age height length cost price country city "
        "时间 时候 日期 年份 地点 地方 地址 位置 名称 名字 名单 姓名 数量 人数 数目 金额 原因 理由 类型 种类 意思 "
        "含义 定义 区别 最新 目前 现在 当前 今天 介绍 解释 说明 告诉 列出 查询 "
        "哪些 哪个 哪里 多少 什么 怎么 怎样 如何 几个 "
        "多大 多长 多高 多久 国家 城市 人口 年龄 身高 价格 是谁 何时 何地 为何",
        unigrams=False,
    )
)
"""Words that name the kind of answer wanted: the answer itself stands in their place."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A passage and how well it fits."""

    passage: Passage
    score: float
    """BM25 score and what openings gain, 0 when no term of the queries occurs; comparable within one call only."""


def rank(
    passages: Sequence[Passage], queries: Sequence[str], *, titles: Mapping[str, str] | None = None
) -> list[Ranked]:
    """Every passage, best first; ties in the order of the pages, then of the text.

    Args:
        passages: All passages of all pages, pages in the order of their search rank.
        queries: The question and what was searched for; a term counts by the share of them that hold it.
        titles: Page titles by `Passage.url`.
    """
    weights = query_weights(queries)
    weights = dict.fromkeys((term for query in queries for term in limit_terms(query)), LIMIT_WEIGHT) | weights
    counter = TermCounter(weights)
    bodies = [counter.count(passage.text) for passage in passages]
    labels = _label_counts(counter, passages, titles or {})
    rarity = _rarity((body for body, _ in bodies), len(passages), weights)
    average = sum(length for _, length in bodies) / max(1, len(bodies)) or 1.0
    scores: list[float] = []
    for (body, length), label in zip(bodies, labels, strict=True):
        damping = K1 * (1 - B + B * length / average)
        score = 0.0
        for term in body.keys() | label.keys():
            n = body.get(term, 0) + label.get(term, 0.0)
            score += weights[term] * rarity[term] * n * (K1 + 1) / (n + damping)
        scores.append(score)
    signs = signs_in(queries[0]) if queries else ()
    scores = [
        score * (1 + SIGN_LIFT * share_found(signs, one.text)) for one, score in zip(passages, scores, strict=True)
    ]
    lifts = _lifts(counter, queries, passages, [body for body, _ in bodies], scores, rarity, titles or {})
    # Nothing rises above the best by its words: what is far below the best is not shown at all.
    best = max(scores, default=0.0)
    scored = [
        Ranked(passage, round(min(best, score * lift), 9))
        for passage, score, lift in zip(passages, scores, lifts, strict=True)
    ]
    page_order = {url: order for order, url in enumerate(dict.fromkeys(passage.url for passage in passages))}
    return sorted(scored, key=lambda r: (-r.score, page_order[r.passage.url], r.passage.start))


def coverage(question: str, texts: Sequence[str]) -> float:
    """How much of what the question asks about occurs in the texts at all, 0 to 1.

    The share of the question's terms, each weighted by what it says: a term that occurs nowhere weighs twice one that
    occurs in every text, and words that ask (`population`, `year`, `地点`) or that only join others weigh little, for
    an answer need not repeat them. 1.0 for a question without content terms, 0.0 for no texts.
    """
    weights = {term: _telling(term) for term in query_weights([question])}
    if not weights:
        return 1.0
    if not texts:
        return 0.0
    counter = TermCounter(weights)
    bodies = [counter.count(text)[0] for text in texts]
    rarity = _rarity(bodies, len(texts), weights)
    rarest = _idf(0, len(texts))
    present = {term for body in bodies for term in body}
    weights = {term: weight * (1 + rarity[term] / rarest) for term, weight in weights.items()}
    return min(1.0, sum(weights[term] for term in present) / sum(weights.values()))


def _telling(term: str) -> float:
    if term in ASKING_TERMS:
        return ASKING_WEIGHT
    if not is_cjk(term):
        return 1.0
    if len(term) == 1 or not CJK_STOP_CHARACTERS.isdisjoint(term):
        return JOINING_WEIGHT
    return 1.0


def query_weights(queries: Sequence[str]) -> dict[str, float]:
    """Each term of the queries and its weight: the share of the distinct queries that hold it."""
    held = [dict.fromkeys(terms(query)) for query in dict.fromkeys(queries)]
    held = [one for one in held if one]
    share = Counter(term for one in held for term in one)
    return {
        term: count / len(held) * (SINGLE_CHARACTER_WEIGHT if len(term) == 1 and is_cjk(term) else 1.0)
        for term, count in share.most_common(MAX_TERMS)
    }


def _lifts(
    counter: TermCounter,
    queries: Sequence[str],
    passages: Sequence[Passage],
    bodies: Sequence[Mapping[str, int]],
    scores: Sequence[float],
    rarity: Mapping[str, float],
    titles: Mapping[str, str],
) -> list[float]:
    """Factors for passages that say what the matter of short queries is: they seldom name it often."""
    matter = _matter(queries, {term for body in bodies for term in body})
    if not 0 < len(matter) <= MAX_MATTER_TERMS:
        return [1.0] * len(passages)
    total = sum(rarity[term] for term in matter) or 1.0
    short = matter & {letters for query in queries for letters in initialisms(query)}
    least = LEAST_OF_BEST * max(scores, default=0.0)
    asked = dict.fromkeys(part for query in queries for part in compared(query) or (query,))
    things = [set(terms(thing.words)) for thing in map(thing_asked, asked) if thing]
    lifts: list[float] = []
    opened: set[str] = set()
    for passage, body, score in zip(passages, bodies, scores, strict=True):
        lift = 1.0
        if passage.url not in opened:
            opened.add(passage.url)
            title = titles.get(passage.url, "")
            spelt = {letters for letters in short if spelt_by(letters, title)}
            named = matter & counter.count(title)[0].keys() | spelt
            lift += OPENING_LIFT * sum(rarity[term] for term in named) / total
            lift += SPELT_LIFT if spelt & body.keys() else 0.0
        if score >= least and matter <= body.keys() and _has_named_line(counter, passage.text, matter):
            lift += NAMED_LINE_LIFT
        if any(thing <= body.keys() and _tells_what(counter, passage.text, thing) for thing in things):
            lift += TOLD_LIFT
        lifts.append(lift)
    return lifts


def _matter(queries: Sequence[str], there: Set[str]) -> Set[str]:
    """The terms that all queries share, but for queries with a term that no passage holds: another language, a slip."""
    told = [{term for term in terms(query) if _telling(term) == 1.0} for query in queries]
    known = [one for one in told if one and one <= there]
    return known[0].intersection(*known[1:]) if known else frozenset()


def _has_named_line(counter: TermCounter, text: str, matter: Set[str]) -> bool:
    """Whether a line begins with all terms of the matter."""
    lines = text.split("\n", MAX_NAMED_LINES)[:MAX_NAMED_LINES]
    heads = (line[: MAX_NAME_CHARS * len(matter)] for line in lines)
    return any(matter <= counter.count(head)[0].keys() for head in heads)


def _tells_what(counter: TermCounter, text: str, thing: Set[str]) -> bool:
    """Whether a sentence says what the thing is."""
    return any(thing <= counter.count(subject)[0].keys() for subject in subjects_told(text))


def _label_counts(
    counter: TermCounter, passages: Sequence[Passage], titles: Mapping[str, str]
) -> list[dict[str, float]]:
    """What headings and titles add to the counts of each passage; each label is looked at once."""
    known: dict[tuple[str, str], dict[str, float]] = {}
    for passage in passages:
        key = (titles.get(passage.url, ""), passage.headings)
        if key not in known:
            title, _ = counter.count(key[0])
            headings, _ = counter.count(key[1])
            label = dict.fromkeys(title, TITLE_WEIGHT)
            known[key] = label | {term: HEADING_WEIGHT + label.get(term, 0.0) for term in headings}
    return [known[titles.get(passage.url, ""), passage.headings] for passage in passages]


def _rarity(holders: Iterable[Iterable[str]], total: int, wanted: Iterable[str]) -> dict[str, float]:
    """BM25's inverse document frequency of each wanted term, never below zero."""
    frequency = Counter(term for held in holders for term in held)
    return {term: _idf(frequency[term], total) for term in wanted}


def _idf(holders: int, total: int) -> float:
    return log(1 + (total - holders + 0.5) / (holders + 0.5))
