"""How large a library may grow: generated pages, the memory of filling it, the time of searching it.

    python -m eval.local_library_bench [--pages 100000] [--folder DIR]

The pages are text made from a skewed vocabulary (a few words everywhere, most of them rare, as in real text), half
English, half Chinese, so that common and rare words are both searched for. Two gigabytes of disk suffice.
"""

import argparse
import random
import resource
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tools.local_library import Library

WORDS = 30_000
"""Different words: what a collection of documentation has."""
PAGE_WORDS = 220
HAN_FIRST, HAN_COUNT = 0x4E00, 3_000
SEED = 20261121
SEARCHES = 60
REPEATS = 3
"""Each search is timed so often, and the fastest counts: other programs on the machine are not what is measured."""
LIMIT_MEMORY_MB, LIMIT_SEARCH_MS = 500, 50
"""The bars, for 100,000 pages."""
FILES_PER_FOLDER = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was measured."""

    pages: int
    fill_s: float
    peak_mb: float
    """Largest resident size of this process, which writes and searches."""
    worker_peak_mb: float
    """Largest resident size of one worker process."""
    file_mb: float
    search_ms: tuple[float, ...]
    """Wall time of each search, the best of three, ascending."""


def main() -> int:
    """Measure and print; exit code 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description="Fill a library with generated pages and search it.")
    parser.add_argument("--pages", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, default=None, help="where to work; a temporary folder by default")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        report = measure(Path(folder), chosen.pages)
    search_ms = report.search_ms
    print(f"{report.pages:,} pages in {report.fill_s:.0f} s ({report.pages / report.fill_s:.0f} a second)")
    print(f"file {report.file_mb:.0f} MB, peak memory {report.peak_mb:.0f} MB, a worker {report.worker_peak_mb:.0f} MB")
    print(f"search: median {statistics.median(search_ms):.1f} ms, slowest {search_ms[-1]:.1f} ms of {len(search_ms)}")
    met = report.peak_mb < LIMIT_MEMORY_MB and search_ms[-1] < LIMIT_SEARCH_MS
    print("bars met" if met else f"bars missed: {LIMIT_MEMORY_MB} MB, {LIMIT_SEARCH_MS} ms")
    return 0 if met else 1


def measure(folder: Path, pages: int) -> Report:
    """Write the pages, index them, search for common, middling, rare and mixed words."""
    write_pages(folder / "pages", pages)
    file = folder / "library.db"
    started = time.monotonic()
    with Library.open(file, write=True) as library:
        library.add_folder(folder / "pages", progress=_tell)
    fill_s = time.monotonic() - started
    with Library.open(file) as library:
        library.search(word(1))
        search_ms = sorted(_time_search(library, query) for query in queries(random.Random(SEED)))
    return Report(
        pages=pages,
        fill_s=fill_s,
        peak_mb=_peak_mb(resource.RUSAGE_SELF),
        worker_peak_mb=_peak_mb(resource.RUSAGE_CHILDREN),
        file_mb=file.stat().st_size / 1e6,
        search_ms=tuple(search_ms),
    )


def write_pages(folder: Path, pages: int) -> None:
    """Half the pages English, half Chinese, each with a heading."""
    source = random.Random(SEED)
    for number in range(pages):
        place = folder / f"{number // FILES_PER_FOLDER:04}"
        if number % FILES_PER_FOLDER == 0:
            place.mkdir(parents=True)
        make = english if number % 2 == 0 else chinese
        (place / f"{number:06}.md").write_text(make(source, number), encoding="utf-8")


def english(source: random.Random, number: int) -> str:
    """One page of made-up words."""
    lines = [" ".join(skewed(source) for _ in range(20)) + "." for _ in range(PAGE_WORDS // 20)]
    return f"# Page {number} {skewed(source)}\n\n" + "\n\n".join(lines) + "\n"


def chinese(source: random.Random, number: int) -> str:
    """One page of Han characters, common ones more often."""
    lines = ["".join(han(source) for _ in range(40)) + "。" for _ in range(PAGE_WORDS // 20)]
    return f"# 第 {number} 页 {han(source)}{han(source)}\n\n" + "\n\n".join(lines) + "\n"


def word(rank: int) -> str:
    """The word of a rank: 1 is the commonest. Made of syllables, so that stemming leaves it alone."""
    syllables = ("ba", "ko", "mi", "tu", "ra", "ne", "so", "vi", "lu", "za")
    return "".join(syllables[int(digit)] for digit in f"{rank:05}")


def skewed(source: random.Random) -> str:
    """A word by Zipf's law: half of all mentions are of the 170 commonest."""
    return word(int(WORDS ** source.random()))


def han(source: random.Random) -> str:
    """A character, common ones more often."""
    return chr(HAN_FIRST + int(HAN_COUNT ** source.random()) - 1)


def queries(source: random.Random) -> list[str]:
    """Common words alone, rare ones, and questions of both, in both languages."""
    common = [" ".join(word(source.randint(1, 10)) for _ in range(4)) for _ in range(SEARCHES // 6)]
    rare = [" ".join(word(source.randint(5_000, WORDS)) for _ in range(3)) for _ in range(SEARCHES // 6)]
    mixed = [" ".join(skewed(source) for _ in range(12)) for _ in range(SEARCHES // 3)]
    han_mixed = ["".join(han(source) for _ in range(14)) for _ in range(SEARCHES // 3)]
    return common + rare + mixed + han_mixed


def _time_search(library: Library, query: str) -> float:
    return min(_time_once(library, query) for _ in range(REPEATS))


def _time_once(library: Library, query: str) -> float:
    started = time.perf_counter()
    library.search(query)
    return (time.perf_counter() - started) * 1000


def _peak_mb(who: int) -> float:
    # Linux counts kilobytes here, macOS bytes.
    scale = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(who).ru_maxrss / scale


def _tell(done: int, total: int, current: str) -> None:
    if done % 10_000 == 0:
        print(f"{done:,} of {total:,}", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
