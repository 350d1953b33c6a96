import json

import pytest

from tests.tools.clean.pages import LIGHTHOUSE, article, manual, paragraphs
from tools.clean import Cleaned, clean
from tools.errors import CleanError


def read(body: bytes | str, *, url: str = "https://harbour.example/light") -> Cleaned:
    return clean(body.encode() if isinstance(body, str) else body, content_type="text/html; charset=utf-8", url=url)


def test_an_article_keeps_its_words_and_loses_the_furniture() -> None:
    text = read(article()).text
    assert all(line in text.split("\n") for line in LIGHTHOUSE)
    for furniture in ("Sign in", "cookies", "Copyright", "Privacy"):
        assert furniture not in text


def test_headings_carry_the_place_where_they_stand() -> None:
    cleaned = read(article("<h2>Storm   and\nrepair</h2>"))
    assert [(level, text) for _, level, text in cleaned.headings] == [
        (1, "The northern light"),
        (2, "Storm and repair"),
    ]
    for offset, _, text in cleaned.headings:
        assert cleaned.text[offset:].startswith(text + "\n")


def test_a_wrapped_paragraph_is_one_line_and_chinese_is_joined_without_a_space() -> None:
    wrapped = (
        "<p>北方海角的灯塔建于一八七一年，\n        四个冬天才建成，\n是这一带最高的建筑。</p>"
        "<p>Seen from\n  the sea, it looks\tsmall.</p>"
    )
    lines = read(article(wrapped)).text.split("\n")
    assert "北方海角的灯塔建于一八七一年，四个冬天才建成，是这一带最高的建筑。" in lines
    assert "Seen from the sea, it looks small." in lines


def test_a_table_row_is_one_line_with_its_header() -> None:
    table = (
        "<table><thead><tr><th>Year</th><th>Keeper</th></tr></thead>"
        "<tr><td>1871</td><td><p>Ada\nBrink</p></td></tr><tr><td>1904</td><td>Ole Tarn</td></tr></table>"
    )
    assert "Year | Keeper\n1871 | Ada Brink\n1904 | Ole Tarn" in read(manual(table + paragraphs(LIGHTHOUSE))).text
    assert "1871 | Ada Brink" in read(article(table)).text


def test_code_keeps_its_lines_and_indentation_also_inside_definitions_and_lists() -> None:
    listing = "<pre>def light(on):\n    if on:\n        return 1\n\n    return 0\n</pre>"
    for inside in (
        listing,
        f"<dl><dt>light</dt><dd><p>Turns it on.</p>{listing}</dd></dl>",
        f"<ul><li>See {listing}</li></ul>",
    ):
        assert "def light(on):\n    if on:\n        return 1\n\n    return 0" in read(manual(inside)).text


def test_a_term_stands_on_the_line_of_its_definition() -> None:
    options = (
        "<dl><dt>-a</dt><dt>--all</dt><dd><p>Light every\nlamp.</p><p>Slow.</p></dd>"
        "<dt>Note:</dt><dd>Mind the steps.</dd><dt>alone</dt></dl>"
    )
    lines = read(manual(options)).text.split("\n")
    assert "-a, --all: Light every lamp." in lines
    assert "Note: Mind the steps." in lines
    assert "Slow." in lines
    assert "alone" in lines


def test_list_items_are_lines_with_a_bullet_and_their_depth() -> None:
    text = read(manual("<ul><li>oil</li><li><p>paraffin</p><ul><li>clean</li></ul></li></ul>")).text
    assert "- oil\n- paraffin\n  - clean" in text


def test_permalinks_and_footnote_marks_are_left_out() -> None:
    inside = (
        '<h2>Lens<a class="headerlink" href="#lens">¶</a></h2><p>It weighs 3 t<sup class="reference">[4]</sup>.</p>'
    )
    cleaned = read(manual(inside))
    assert cleaned.headings[-1][2] == "Lens"
    assert "It weighs 3 t." in cleaned.text


def test_line_numbers_beside_code_are_left_out() -> None:
    listing = (
        '<table class="highlighttable"><tr><td class="linenos"><pre>1\n2</pre></td>'
        '<td class="code"><pre>lamp = 1\n  oil = 2</pre></td></tr></table>'
    )
    assert read(manual(listing)).text == "lamp = 1\n  oil = 2"


def test_the_title_above_the_main_region_of_a_manual_is_kept() -> None:
    page = (
        '<html><head><meta name="generator" content="AsciiDoc"></head><body>'
        '<div id="header"><h1>lamp(1)</h1><h2>NAME</h2><p>lamp - light the light</p></div>'
        f'<div id="content">{paragraphs(LIGHTHOUSE)}</div></body></html>'
    )
    assert read(page).text.startswith("lamp(1)\n\nNAME\n\nlamp - light the light")


def test_a_forum_thread_keeps_every_post() -> None:
    posts = "".join(
        f'<div class="post"><div class="author"><dl><dt>Joined</dt><dd>2020</dd></dl></div>'
        f'<div class="post-content"><p>Post {number}: {text}</p></div></div>'
        for number, text in enumerate(LIGHTHOUSE * 2)
    )
    text = read(f'<html><head><title>A thread</title></head><body><div class="thread">{posts}</div></body></html>').text
    assert all(f"Post {number}:" in text for number in range(12))


def test_structure_is_given_back_to_an_article_the_cascade_read() -> None:
    inside = (
        '<h3>Why it went dark</h3><pre>wind  11\nsea    9</pre><ul><li><a href="/1938">The storm of 1938</a></li></ul>'
    )
    cleaned = read(article(inside))
    assert (3, "Why it went dark") in [(level, text) for _, level, text in cleaned.headings]
    assert "wind  11\nsea    9" in cleaned.text


def test_a_page_says_when_by_whom_and_where_it_belongs() -> None:
    head = (
        "<title>The northern light | Harbour News</title>"
        '<meta property="og:site_name" content="Harbour News"><meta name="author" content="Ada Brink">'
        '<meta property="article:published_time" content="2025-03-04T10:00:00+01:00">'
        '<meta property="article:modified_time" content="2026-01-09T10:00:00+01:00">'
        '<link rel="canonical" href="/light?ref=1">'
    )
    cleaned = read(article(head=head))
    assert cleaned.title == "The northern light"
    assert (cleaned.site_name, cleaned.author, cleaned.published) == ("Harbour News", "Ada Brink", "2026-01-09")
    assert cleaned.canonical_url == "https://harbour.example/light?ref=1"
    assert cleaned.language == "en"


@pytest.mark.parametrize(
    ("head", "inside", "url", "published"),
    [
        (
            '<script type="application/ld+json">{"@graph":[{"datePublished":"2024-05-06"}]}</script>',
            "",
            "/x",
            "2024-05-06",
        ),
        ("", "<p>发布时间：2023年7月8日 来源：海港报</p>", "/x", "2023-07-08"),
        ("", '<time datetime="2022-09-10T08:00">Saturday</time>', "/x", "2022-09-10"),
        ("", "", "/2021/11/12/light", "2021-11-12"),
        ("", "<p>Last updated: 3 March 2020</p>", "/x", None),  # Far below the top: not the page's own.
        ('<meta name="date" content="0000-00-00">', "", "/x", None),
    ],
)
def test_the_date_is_found_where_pages_put_it(head: str, inside: str, url: str, published: str | None) -> None:
    top = inside if published else "<p>" + "Nothing here says when. " * 200 + "</p>" + inside
    page = (
        f"<html><head><title>t</title>{head}</head><body><article>{top}{paragraphs(LIGHTHOUSE)}</article></body></html>"
    )
    assert read(page, url=f"https://harbour.example{url}").published == published


@pytest.mark.parametrize(
    ("address", "canonical"),
    [("javascript:alert(1)", ""), ("//other.example/a", "https://other.example/a"), ("http://[", "")],
)
def test_a_canonical_address_is_http_or_nothing(address: str, canonical: str) -> None:
    assert read(article(head=f'<link rel="canonical" href="{address}">')).canonical_url == canonical


def test_a_page_drawn_by_script_is_no_page() -> None:
    shells = [
        '<div id="root"></div><script src="/a.js"></script><noscript>Enable JavaScript to run this app.</noscript>',
        "<p>Please enable JavaScript and cookies to continue</p><script>1</script>",
        "<h1>Just a moment...</h1><p>Checking your browser before accessing the site.</p>",
        "<p>请完成下方验证码，以继续访问。</p>",
        "",
    ]
    for shell in shells:
        with pytest.raises(CleanError) as caught:
            read(f"<html><head><title>App</title></head><body>{shell}</body></html>")
        assert caught.value.remedy


def test_an_article_about_javascript_is_a_page() -> None:
    assert (
        "enable JavaScript"
        in read(article("<p>To see the map, enable JavaScript in the settings of your browser.</p>")).text
    )


def test_an_article_carried_by_json_ld_alone_is_read() -> None:
    data = json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(LIGHTHOUSE), "headline": "Light"})
    script = f'<script type="application/ld+json">{data}</script><script>go()</script>'
    page = f'<html><body><div id="app"></div>{script}</body></html>'
    cleaned = read(page)
    assert LIGHTHOUSE[4] in cleaned.text
    assert cleaned.title == "Light"


def test_languages_are_told_by_the_words() -> None:
    german = "<p>" + "Der Leuchtturm wurde nach vier Wintern gebaut und ist seit 1986 nicht mehr bewohnt. " * 5 + "</p>"
    chinese = "<p>" + "北方海角的灯塔建于一八七一年，四个冬天才建成。" * 8 + "</p>"
    japanese = "<p>" + "北の岬の灯台は四つの冬をかけて建てられました。" * 8 + "</p>"
    found = [
        read(f"<html lang='en'><body><article>{page}</article></body></html>").language
        for page in (german, chinese, japanese)
    ]
    assert found == ["", "zh", ""]


def test_a_page_that_was_cut_says_so() -> None:
    assert "cut short" in read("<article>" + paragraphs(LIGHTHOUSE * 500) + "</article>").note
    assert read(article()).note == ""


def test_a_heading_ends_with_any_headings_end_as_in_browsers() -> None:
    cleaned = read(article("<h2>Storm and repair</h3><p>The gale of 1902 took the roof.</p><ul><li>slates</ul>"))
    assert [text for _, _, text in cleaned.headings] == ["The northern light", "Storm and repair"]
    assert {"The gale of 1902 took the roof.", "- slates"} <= set(cleaned.text.split("\n"))


def test_two_tables_in_a_row_stay_two() -> None:
    tides = "<table><tr><th>day</th><th>tide</th></tr><tr><td>Monday</td><td>high</td></tr></table>"
    note = "<table><tr><th>Tip</th></tr><tr><td>Tides are told for the outer harbour.</td></tr></table>"
    text = read(manual(tides + note)).text
    assert "day | tide\nMonday | high\n\nTip\nTides are told for the outer harbour." in text
