"""How often the chosen passages hold the answer: ours against plain BM25 over chunks of fixed length.

Run with `python -m eval.rank_bench FOLDER`, where the folder holds public question sets that are not part of this
project: `rgb/zh_refine`, `nq/nq_open_oracle`, `ramdocs/ramdocs`, `realtimeqa/qa` and `realtimeqa/search_results`, each
as `.jsonl.gz`. Both sides get the question alone and the same token budget, and only questions whose pages hold an
answer string are counted.
"""

import argparse
import gzip
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log
from pathlib import Path
from typing import Any

from agent.select import select
from model_backend.tokens import estimate_tokens
from tools.pages import Page
from tools.passages import CHINESE_SHARE, split_passages
from tools.prefilter import promising_spans
from tools.rank import rank
from tools.text.words import fold, is_chinese, terms

TOKEN_BUDGET = 1_500
"""What a run shows to its model by default."""
POOL_PAGES = 150
"""Sets that give only a few snippets a question are filled up to this many with other questions' snippets."""
CHUNK_CHARS = (300, 600, 1_200)
"""Lengths tried for the baseline, in English characters; it is compared at its best."""
FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)
K1, B = 1.2, 0.75

Chooser = Callable[[str, Sequence[Page]], list[str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the pages found for it, and the answers; an answer is a list of spellings."""

    question: str
    answers: list[list[str]]
    pages: list[Page]


def main() -> None:
    """Print one line a set and way: recall, tokens, CPU time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="where the question sets lie")
    parser.add_argument("--only", help="one set: zh_refine, nq, ramdocs or realtimeqa")
    parser.add_argument("--budget", type=int, default=TOKEN_BUDGET, help="tokens of passages (default %(default)s)")
    parser.add_argument("--limit", type=int, default=None, help="questions per set")
    options = parser.parse_args()
    print(f"{'set':<12}{'way':<16}{'questions':>9}{'recall':>8}{'tokens':>8}{'CPU ms':>8}{'worst':>8}")
    for name, load in SETS.items():
        if options.only in (None, name):
            cases = [case for case in map(_reachable, load(options.folder)) if case.answers][: options.limit]
            ways = {"ours": ours(options.budget)}
            ways |= {f"chunks {chars}": _fixed(chars, options.budget) for chars in CHUNK_CHARS}
            for way, choose in ways.items():
                print(f"{name:<12}{way:<16}{_line(cases, choose)}", flush=True)


def ours(budget: int) -> Chooser:
    """What a run does."""

    def choose(question: str, pages: Sequence[Page]) -> list[str]:
        spans = promising_spans([page.text for page in pages], [question])
        passages = [
            passage for page, parts in zip(pages, spans, strict=True) for passage in split_passages(page, spans=parts)
        ]
        ranked = rank(passages, [question], titles={page.url: page.title for page in pages})
        return [passage.text for passage in select(ranked, token_budget=budget, count_tokens=estimate_tokens)]

    return choose


def _fixed(chars: int, budget: int) -> Chooser:
    def choose(question: str, pages: Sequence[Page]) -> list[str]:
        chunks: list[str] = []
        for page in pages:
            size = int(chars * CHINESE_SHARE) if is_chinese(page.text) else chars
            chunks += [page.text[start : start + size] for start in range(0, len(page.text), size)]
        chosen: list[str] = []
        room = budget
        for chunk in _plain_bm25(question, chunks):
            tokens = estimate_tokens(chunk)
            if tokens <= room:
                room -= tokens
                chosen.append(chunk)
        return chosen

    return choose


def _plain_bm25(question: str, chunks: Sequence[str]) -> list[str]:
    wanted = set(terms(question))
    bags = [Counter(terms(chunk)) for chunk in chunks]
    average = sum(bag.total() for bag in bags) / max(1, len(bags)) or 1.0
    frequency = {term: sum(1 for bag in bags if term in bag) for term in wanted}

    def score(bag: Counter[str]) -> float:
        damping = K1 * (1 - B + B * bag.total() / average)
        return sum(
            log(1 + (len(bags) - frequency[term] + 0.5) / (frequency[term] + 0.5)) * bag[term] / (bag[term] + damping)
            for term in wanted
            if term in bag
        )

    order = sorted(range(len(chunks)), key=lambda i: (-score(bags[i]), i))
    return [chunks[i] for i in order]


def _line(cases: Sequence[Case], choose: Chooser) -> str:
    recalls, tokens, times = [], [], []
    for case in cases:
        began = time.process_time()
        texts = choose(case.question, case.pages)
        times.append((time.process_time() - began) * 1000)
        shown = _squeezed("\n".join(texts))
        recalls.append(sum(_holds(shown, answer) for answer in case.answers) / len(case.answers))
        tokens.append(sum(map(estimate_tokens, texts)))
    n = max(1, len(cases))
    return (
        f"{len(cases):>9}{sum(recalls) / n:>8.3f}{sum(tokens) / n:>8.0f}"
        f"{sum(times) / n:>8.1f}{max(times, default=0):>8.1f}"
    )


def _squeezed(text: str) -> str:
    return "".join(fold(text).split())


def _holds(squeezed: str, spellings: Sequence[str]) -> bool:
    return any(_squeezed(one) in squeezed for one in spellings if one.strip())


def _reachable(case: Case) -> Case:
    """The case with only those answers that its pages hold."""
    everything = _squeezed("\n".join(page.text for page in case.pages))
    return Case(case.question, [answer for answer in case.answers if _holds(everything, answer)], case.pages)


def _page(number: int, text: str, title: str = "") -> Page:
    url = f"https://page{number}.example/"
    language = "zh" if is_chinese(text) else "en"
    return Page(url=url, final_url=url, title=title, text=text, site="", fetched_at=FETCHED_AT, language=language)


def _rows(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path.with_suffix(".jsonl.gz"), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _pooled(own: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]], seed: int) -> list[Page]:
    """The question's own snippets among strangers, shuffled the same way every time."""
    order = random.Random(seed)
    texts = [*own, *order.sample(others, max(0, min(len(others), POOL_PAGES - len(own))))]
    order.shuffle(texts)
    return [_page(number, text, title) for number, (title, text) in enumerate(dict.fromkeys(texts)) if text.strip()]


def _zh_refine(folder: Path) -> Iterator[Case]:
    rows = _rows(folder / "rgb" / "zh_refine")
    everything = [("", text) for row in rows for text in row["positive"] + row["negative"]]
    for seed, row in enumerate(rows):
        own = [("", text) for text in row["positive"] + row["negative"]]
        answers = [one if isinstance(one, list) else [one] for one in row["answer"]]
        yield Case(row["query"], answers, _pooled(own, everything, seed))


def _nq(folder: Path) -> Iterator[Case]:
    rows = _rows(folder / "nq" / "nq_open_oracle")
    everything = [(ctx["title"], ctx["text"]) for row in rows for ctx in row["ctxs"]]
    for seed, row in enumerate(rows):
        own = [(ctx["title"], ctx["text"]) for ctx in row["ctxs"]]
        yield Case(row["question"], [row["answers"]], _pooled(own, everything, seed))


def _ramdocs(folder: Path) -> Iterator[Case]:
    rows = _rows(folder / "ramdocs" / "ramdocs")
    everything = [("", document["text"]) for row in rows for document in row["documents"]]
    for seed, row in enumerate(rows):
        own = [("", document["text"]) for document in row["documents"]]
        yield Case(row["question"], [[answer] for answer in row["gold_answers"]], _pooled(own, everything, seed))


def _realtimeqa(folder: Path) -> Iterator[Case]:
    found = {row["question_id"]: row["search_result"] for row in _rows(folder / "realtimeqa" / "search_results")}
    for row in _rows(folder / "realtimeqa" / "qa"):
        pages = [page for page in found.get(row["question_id"], []) if page.get("text")]
        answer = row["choices"][int(row["answer"][0])]
        yield Case(
            row["question_sentence"],
            [[answer]],
            [_page(number, page["text"], page["title"]) for number, page in enumerate(pages)],
        )


SETS: dict[str, Callable[[Path], Iterator[Case]]] = {
    "zh_refine": _zh_refine,
    "nq": _nq,
    "ramdocs": _ramdocs,
    "realtimeqa": _realtimeqa,
}


if __name__ == "__main__":
    main()
