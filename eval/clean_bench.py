"""How fast pages are cleaned, and how much of a manual's structure is kept. Anyone with HTML manuals can run it again.

    python -m eval.clean_bench /usr/share/doc/python3.11/html /usr/share/doc/git/html

Without folders it times the pages of the sample web and pages made at the size of real ones. Times are CPU time of one
process that is set up as the cleaning workers are. Exit code 1 when `--check` is given and a bar is missed.

Knows the cleaner from outside only: what should be kept is read from the HTML by a walk of its own.
"""

import argparse
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.clean_pages import KINDS, make_page
from eval.sample_web.content import load_pages
from tools.clean import Cleaned, clean
from tools.clean.tree import HtmlElement, parse
from tools.clean.worker import warm_up
from tools.errors import CleanError

DEFAULT_PAGES = 40
MIN_PAGES_PER_S = 30
MIN_KEPT = 0.95
MIN_LETTERS = 2
"""A piece with fewer letters and digits proves nothing by being found."""
NAVIGATION = re.compile(r"^(?:nav\w*|toc|sphinxsidebar|sidebar|related|footer|nosearch|fancy_toc|contents)$")

_SPACE = re.compile(r"[\s\u200b\xad]+")
_PERMALINK = re.compile(r"[¶#]+$")


@dataclass
class Kept:
    """Pieces of structure found again, by kind."""

    seen: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str]] = field(default_factory=list)
    """(kind, piece) of what was lost, for looking into it."""

    def note(self, kind: str, piece: str, found: bool) -> None:
        """Count one piece."""
        self.seen[kind] += 1
        self.found[kind] += found
        if not found:
            self.missed.append((kind, piece))

    def share(self, kind: str) -> float:
        """Kept / seen, 1.0 when there was none."""
        return self.found[kind] / self.seen[kind] if self.seen[kind] else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print figures for each group of pages."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", nargs="*", type=Path, help="folders of HTML pages")
    parser.add_argument("--pages", type=int, default=DEFAULT_PAGES, help="pages a group, evenly spread")
    parser.add_argument("--missed", type=int, default=0, help="show so many lost pieces a group")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bar is missed")
    options = parser.parse_args(arguments)
    warm_up()
    is_held = True
    for name, bodies in groups(options.folders, options.pages):
        kept, times = measure_pages(bodies, looked_at=bool(options.folders))
        print(f"{name}: {_report(kept, times)}", flush=True)
        for kind, piece in kept.missed[: options.missed]:
            print(f"    lost {kind}: {piece[:150]!r}")
        is_held &= _is_held(kept, times)
    print(f"bars: {MIN_PAGES_PER_S} median pages/s, {MIN_KEPT:.0%} of each kind of structure kept")
    return int(options.check and not is_held)


def groups(folders: Sequence[Path], pages: int) -> Iterator[tuple[str, list[bytes]]]:
    """Pages by what they are called: the folders', or else those that come with the program."""
    for folder in folders:
        yield str(folder), [path.read_bytes() for path in spread(sorted(folder.rglob("*.html")), pages)]
    if not folders:
        html = [page.body for page in load_pages().values() if "html" in page.content_type]
        yield "sample web", html
        for kind in KINDS:
            yield f"made: {kind}", [make_page(kind, seed) for seed in range(pages)]


def spread(paths: Sequence[Path], count: int) -> Sequence[Path]:
    """So many of them, at even distances."""
    return paths[:: max(len(paths) // count, 1)][:count]


def measure_folder(folder: Path, pages: int) -> tuple[Kept, list[float]]:
    """Structure kept, and CPU seconds of each page, over `pages` pages evenly spread over the folder."""
    return measure_pages([path.read_bytes() for path in spread(sorted(folder.rglob("*.html")), pages)], looked_at=True)


def measure_pages(bodies: Sequence[bytes], *, looked_at: bool) -> tuple[Kept, list[float]]:
    """CPU seconds of each page, and the structure kept where it is looked at."""
    kept, times = Kept(), []
    for number, body in enumerate(bodies):
        start = time.process_time()
        try:
            cleaned = clean(body, content_type="text/html", url=f"http://localhost/{number}.html")
        except CleanError:
            continue
        times.append(time.process_time() - start)
        if looked_at:
            measure(body, cleaned, kept)
    return kept, times


def _is_held(kept: Kept, times: Sequence[float]) -> bool:
    is_fast = bool(times) and statistics.median(times) <= 1 / MIN_PAGES_PER_S
    return is_fast and all(kept.share(kind) >= MIN_KEPT for kind in kept.seen)


def measure(body: bytes, cleaned: Cleaned, kept: Kept) -> None:
    """Look for every piece of the page's structure in its cleaned text."""
    page = parse(body.decode("utf-8", "replace")).find("body")
    flat = _squeezed(cleaned.text)
    lines = {line.rstrip() for line in cleaned.text.split("\n")}
    squeezed_lines = [_squeezed(line) for line in cleaned.text.split("\n") if line.strip()]
    headings = {_squeezed(text) for _, _, text in cleaned.headings}
    for element in _content(page):
        tag = element.tag
        if tag == "pre":
            for line in _lines(element):
                kept.note("code lines", line, line in lines)
        elif tag in ("dt", "dd"):
            for piece in _own_texts(element):
                kept.note(tag, piece, _squeezed(piece) in flat)
        elif tag == "tr" and _is_data_row(element):
            cells = [_squeezed("".join(cell.itertext())) for cell in element]
            found = any(all(cell in line for cell in cells) for line in squeezed_lines)
            kept.note("table rows", " | ".join(cells), found)
        elif tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            text = _squeezed("".join(element.itertext()))
            if _means_something(text):
                kept.note("headings", text, text in headings)


def _report(kept: Kept, times: list[float]) -> str:
    if not times:
        return "no page could be cleaned"
    ordered = sorted(times)
    shares = ", ".join(f"{kind} {kept.share(kind):.3f} of {kept.seen[kind]}" for kind in sorted(kept.seen))
    median = statistics.median(ordered)
    return (
        f"{len(times)} pages, {1 / median:.0f} median pages/s, {len(times) / sum(times):.0f} in all; "
        f"ms p50 {median * 1e3:.0f}, "
        f"p95 {ordered[int(len(ordered) * 0.95)] * 1e3:.0f}, worst {ordered[-1] * 1e3:.0f}"
        + (f"; kept: {shares}" if shares else "")
    )


def _content(element: HtmlElement) -> Iterator[HtmlElement]:
    """Elements outside navigation, in document order."""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in ("nav", "footer", "script", "style", "template", "form"):
            continue
        names = f"{child.get('class') or ''} {child.get('id') or ''}".split()
        if child.get("role") == "navigation" or any(NAVIGATION.match(name) for name in names):
            continue
        yield child
        yield from _content(child)


def _squeezed(text: str) -> str:
    return _PERMALINK.sub("", _SPACE.sub("", text))


def _means_something(text: str) -> bool:
    return sum(letter.isalnum() for letter in text) >= MIN_LETTERS


def _lines(element: HtmlElement) -> Iterable[str]:
    text = "".join(element.itertext()).expandtabs(8)
    return [line.rstrip() for line in text.split("\n") if _means_something(line)]


def _own_texts(element: HtmlElement) -> list[str]:
    """A term, or the paragraphs of a definition; what stands deeper is met on its own."""
    if element.tag == "dt":
        texts = ["".join(element.itertext())]
    else:
        paragraphs = ["".join(child.itertext()) for child in element if child.tag == "p"]
        texts = paragraphs or ([] if len(element) else [element.text or ""])
    return [text for text in texts if _means_something(text)]


def _is_data_row(row: HtmlElement) -> bool:
    cells = list(row)
    if len(cells) < 2 or not any(_means_something("".join(cell.itertext())) for cell in cells):
        return False
    return not any(True for _ in row.iter("table", "pre", "h1", "h2", "h3")) and all(
        cell.tag in ("td", "th") for cell in cells
    )


if __name__ == "__main__":
    raise SystemExit(main())
