import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.clean import clean
from tools.clean.html import clean_html

MORE = "More words stand here, so that the page has some text of its own. " * 6
ARTICLE = "<html><body><nav><a href='/'>Home</a></nav><article><h1>Limits</h1><p>{}</p></article></body></html>"
MANUAL = (
    "<html><body><div class='body' role='main'><dl><dt>x</dt><dd>y</dd></dl><pre>a</pre><p>{}</p></div></body></html>"
)

AROUND = ["{}", "<small>{}</small>", "<b><i>{}</i></b>", "<span class='n'>{}</span>"]


def read(page: str, written: str) -> str:
    return clean_html(page.format(f"There are {written}. {MORE}"), "http://a.example/").text


@pytest.mark.parametrize("page", [ARTICLE, MANUAL], ids=["an article", "a manual"])
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("at most 2<sup>64</sup> rows", "at most 2^64 rows"),
        ("10<sup>-9</sup> seconds", "10^-9 seconds"),
        ("<var>10</var><sup><small>9</small></sup> bytes", "10^9 bytes"),
        ("2<small><sup>31</sup></small>-1 bytes", "2^31-1 bytes"),
        ("<span>2</span><span><sup>64</sup></span> rows", "2^64 rows"),
        ("2<span style='vertical-align: super'>64</span> rows", "2^64 rows"),
        ("10<sup>1,000,000</sup> ways", "10^1,000,000 ways"),
        ("2<sup>n</sup> ways", "2^n ways"),
        ("O(2<small><sup>K</sup></small>) steps", "O(2^K) steps"),
        ("2<sup>n-1</sup> ways", "2^(n-1) ways"),
        ("2<sup>10<sup>3</sup></sup> ways", "2^(10^3) ways"),
        ("(1+0.05)<sup>12</sup> times", "(1+0.05)^12 times"),
        ("5<sup>1</sup>/<sub>2</sub> cups", "5 1/2 cups"),
        ("$19<sup>99</sup> each", "$19.99 each"),
        ("<math><msup><mn>2</mn><mn>64</mn></msup></math> rows", "2^64 rows"),
        ("<math><msup><mn>10</mn><mrow><mo>-</mo><mn>9</mn></mrow></msup></math> s", "10^-9 s"),
        ("<math><mn>5</mn><mfrac><mn>1</mn><mn>2</mn></mfrac></math> cups", "5 1/2 cups"),
        ("<math><msqrt><mn>2</mn></msqrt></math> parts", "√2 parts"),
    ],
)
def test_a_raised_figure_is_no_part_of_the_figure_before_it(page: str, written: str, told: str) -> None:
    assert f"There are {told}." in read(page, written)


@pytest.mark.parametrize("page", [ARTICLE, MANUAL], ids=["an article", "a manual"])
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("the 1<sup>st</sup> of May", "the 1st of May"),
        ("an area of 5 m<sup>2</sup>", "an area of 5 m2"),
        ("a share of 12<sup>*</sup>", "a share of 12*"),
    ],
)
def test_ordinals_units_and_stars_stay_as_they_are(page: str, written: str, told: str) -> None:
    assert f"There are {told}." in read(page, written)


@pytest.mark.parametrize("page", [ARTICLE, MANUAL], ids=["an article", "a manual"])
@pytest.mark.parametrize(
    "mark",
    [
        "<sup><a href='#note'>3</a></sup>",
        "<a href='#note'><sup>3</sup></a>",
        "<a href='notes.html#n3'><sup>[3]</sup></a>",
        "<sup class='footnote'>3</sup>",
        "<sup role='doc-noteref'>3</sup>",
    ],
)
def test_the_mark_of_a_footnote_is_taken_out(page: str, mark: str) -> None:
    assert "There are towers of 1990 left." in read(page, f"towers of 1990{mark} left")


def test_a_link_around_a_power_makes_it_no_footnote() -> None:
    assert "There are 2^64 rows." in read(ARTICLE, "<a href='limits.html#rows'>2<sup>64</sup> rows</a>")


@given(
    st.integers(1, 9_999),
    st.integers(0, 9_999),
    st.sampled_from(["", "-", "+", "−"]),
    st.sampled_from(AROUND),
    st.sampled_from(AROUND),
    st.sampled_from([ARTICLE, MANUAL]),
)
def test_no_markup_around_a_power_glues_its_figures(
    base: int, exponent: int, sign: str, around: str, within: str, page: str
) -> None:
    raised = around.format(f"<sup>{within.format(f'{sign}{exponent}')}</sup>")
    assert f"There are {base}^{sign}{exponent} rows." in read(page, f"{base}{raised} rows")


def test_a_title_taken_from_the_heading_is_read_like_the_text() -> None:
    page = clean_html(f"<html><body><h1>Why 2<sup>64</sup> rows</h1><p>{MORE}</p></body></html>", "http://a.example/")
    assert page.title == "Why 2^64 rows"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (f"# Limits\n\nThere are 2<sup>64</sup> rows. {MORE}", "text/markdown"),
        ('{"body": "There are 2<sup>64</sup> rows"}', "application/json"),
        (
            "<rss><channel><item><title>a</title><description>&lt;p&gt;There are 2&lt;sup&gt;64&lt;/sup&gt; rows"
            "&lt;/p&gt;</description></item></channel></rss>",
            "application/rss+xml",
        ),
        (
            '<html><body><script type="application/ld+json">{"articleBody": "<p>There are 2<sup>64<\\/sup> rows. '
            + MORE
            + '</p>"}</script><p>x</p></body></html>',
            "text/html",
        ),
    ],
    ids=["Markdown", "JSON", "a feed", "an article that is data"],
)
def test_powers_are_read_in_other_formats_too(body: str, content_type: str) -> None:
    page = clean(body.encode(), content_type=content_type, url="http://a.example/")
    assert "There are 2^64 rows" in page.text


@pytest.mark.parametrize(
    "body",
    [
        "<p>2" + "<sup>64</sup>" * 10_000,
        "<a href='#x'>" + "2<sup>64</sup>" * 10_000,
        "<p>" + "<sup>" * 200 + "2" + "<b></b>" * 10_000,
        "<p><span>" + "<b>x</b>" * 10_000 + "</span>" + "<b><sup>2</sup><sup>2</sup></b>" * 600,
        "<math>" + "<msup><mn>2</mn>" * 200 + "<mn>1</mn>" * 10_000,
    ],
    ids=["in a row", "in a link", "nested", "behind much", "formulas"],
)
def test_pages_full_of_raised_text_take_no_longer_than_others(body: str) -> None:
    started = time.process_time()
    clean_html(body, "http://a.example/")
    assert time.process_time() - started < 1.5
