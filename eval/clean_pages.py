"""Pages made at the size of real ones, for timing the cleaner: five kinds, every word and number of them by chance.

Of 1,497 real pages of a public set the median has 139 KB and 1,000 start tags (a quarter `div`, a seventh `a`, an
eighth `span`), and 22,000 characters of text. Pages here have those bytes, and 900 to 1,150 start tags. The same seed
makes the same pages.
"""

import random
from collections.abc import Callable
from html import escape

PAGE_BYTES = 139_000
"""Median of 1,497 real pages."""
SCRIPT_SHARE, STYLE_SHARE, DRAWING_SHARE = 0.06, 0.09, 0.05
"""Of a page's bytes, as measured on those pages."""

_SYLLABLES = (
    "ba",
    "ke",
    "li",
    "mo",
    "nu",
    "ra",
    "se",
    "ti",
    "vo",
    "wa",
    "ber",
    "dan",
    "gel",
    "lin",
    "mar",
    "por",
    "tem",
)
_COMMON = ("the", "of", "and", "to", "in", "is", "that", "it", "was", "for", "on", "are", "with", "as", "they", "from")


class _Writer:
    """Writes words, sentences and pieces of pages."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self._words = ["".join(self.random.choices(_SYLLABLES, k=self.random.randint(1, 4))) for _ in range(900)]

    def words(self, count: int) -> str:
        pick = self.random.choices
        return " ".join(pick(_COMMON if self.random.random() < 0.4 else self._words)[0] for _ in range(count))

    def sentence(self) -> str:
        return self.words(self.random.randint(6, 24)).capitalize() + "."

    def sentences(self, count: int) -> str:
        return " ".join(self.sentence() for _ in range(count))

    def name(self, prefix: str) -> str:
        """A class attribute as frameworks write them."""
        number, mark = self.random.randint(1, 99), self.random.getrandbits(32)
        return f'class="{prefix} {self.words(2)} {prefix}--{number}" data-id="{mark:x}"'

    def link(self) -> str:
        address = f"/{self.words(1)}/{self.random.randint(1, 9_999)}"
        return f'<a {self.name("link")} href="{address}"><span>{self.words(2)}</span></a>'

    def menu(self, count: int) -> str:
        items = "".join(f"<li {self.name('item')}>{self.link()}</li>" for _ in range(count))
        return f"<nav {self.name('nav')}><ul>{items}</ul></nav>"

    def card(self) -> str:
        image = f'<img src="/i/{self.random.getrandbits(40):x}.jpg" alt="{self.words(3)}" loading="lazy">'
        return (
            f'<div {self.name("card")}><div class="card__media">{image}</div><div class="card__body">'
            f"<h3>{self.link()}</h3><span {self.name('price')}>{self.random.randint(1, 900)}.00</span>"
            f"<p>{self.sentence()}</p></div></div>"
        )


def article(writer: _Writer) -> str:
    """Paragraphs under headings, with links and emphasis in them."""
    parts = [f"<h1>{writer.words(7)}</h1>"]
    for _ in range(9):
        parts.append(f"<h2>{writer.words(4)}</h2>")
        for _ in range(5):
            inner = f"{writer.sentences(2)} <em>{writer.words(2)}</em> {writer.link()} {writer.sentences(2)}"
            parts.append(f"<p {writer.name('text')}>{inner}</p>")
    return f"<main><article>{''.join(parts)}</article></main>"


def forum(writer: _Writer) -> str:
    """A question and its answers, each with its card of the writer."""
    posts = [
        f'<div {writer.name("post")} id="post-{number}"><div class="user"><a href="/u/{number}">{writer.words(1)}</a>'
        f"<span>{number} posts</span><time datetime='2026-01-02'>Jan 2</time></div><div class='post__body'>"
        f"<p>{writer.sentences(2)}</p><blockquote>{writer.sentence()}</blockquote><p>{writer.sentences(2)}</p></div>"
        f"<ul class='actions'><li>{writer.link()}</li><li>{writer.link()}</li></ul></div>"
        for number in range(26)
    ]
    return f"<main><h1>{writer.words(8)}</h1><div class='thread'>{''.join(posts)}</div></main>"


def listing(writer: _Writer) -> str:
    """A category of a shop: cards."""
    cards = "".join(writer.card() for _ in range(48))
    return f"<main><h1>{writer.words(3)}</h1><p>{writer.sentences(3)}</p><div class='grid'>{cards}</div></main>"


def product(writer: _Writer) -> str:
    """One thing: description, a table of properties, opinions, others like it."""
    rows = "".join(f"<tr><th>{writer.words(2)}</th><td>{writer.words(3)}</td></tr>" for _ in range(40))
    opinions = "".join(f"<div {writer.name('review')}><p>{writer.sentences(3)}</p></div>" for _ in range(25))
    others = "".join(writer.card() for _ in range(12))
    return (
        f"<main><h1>{writer.words(5)}</h1><div class='description'><p>{writer.sentences(8)}</p></div>"
        f"<table><tbody>{rows}</tbody></table><section class='reviews'>{opinions}</section>{others}</main>"
    )


def manual(writer: _Writer) -> str:
    """Functions with their signatures, code and definitions."""
    parts = [f"<h1>{writer.words(3)}</h1>"]
    for _ in range(45):
        call = f"{writer.words(1)}.{writer.words(1)}(<em>{writer.words(1)}</em>)"
        code = escape("\n".join(f">>> {writer.words(4)}" for _ in range(5)))
        parts.append(
            f"<dl class='py function'><dt {writer.name('sig')}><code>{call}</code></dt><dd><p>{writer.sentences(2)}</p>"
            f"<div class='highlight'><pre><span></span>{code}</pre></div></dd></dl>"
        )
    return f"<div class='body' role='main'>{''.join(parts)}</div>"


KINDS: dict[str, Callable[[_Writer], str]] = {
    "article": article,
    "forum": forum,
    "listing": listing,
    "product": product,
    "manual": manual,
}


def make_page(kind: str, seed: int) -> bytes:
    """One page of a kind, filled up with scripts and styles to `PAGE_BYTES` where its content leaves room."""
    writer = _Writer(seed)
    count = int(PAGE_BYTES * STYLE_SHARE / 32)
    rules = "".join(f".{writer.words(1)}-{number}{{margin:{number}px;display:flex}}" for number in range(count))
    drawing = "<svg viewBox='0 0 9 9'><path d='" + "M1 2l3 4" * int(PAGE_BYTES * DRAWING_SHARE / 80) + "'/></svg>"
    head = (
        f"<meta charset='utf-8'><title>{writer.words(6)} | {writer.words(1)}</title>"
        f"<meta name='description' content='{writer.sentence()}'><style>{rules}</style>"
    )
    body = (
        f"<header>{drawing * 5}{writer.menu(100)}</header><div {writer.name('wrap')}><aside>{writer.menu(50)}</aside>"
        f"{KINDS[kind](writer)}</div><footer>{writer.menu(80)}</footer>{drawing * 5}"
    )
    room = max(PAGE_BYTES - len(head) - len(body), int(PAGE_BYTES * SCRIPT_SHARE))
    script = ("var settings={" + writer.words(200).replace(" ", ":1,") + "};") * (room // 1_000 + 1)
    page = (
        f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}<script>{script[:room]}</script></body></html>"
    )
    return page.encode()
