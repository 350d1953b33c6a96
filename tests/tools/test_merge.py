import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.merge import canonical_url, merge_results, site_of
from tools.search import SearchResult

URLS = st.builds(
    lambda host, path: f"https://{host}.example/{path}", st.sampled_from("abcd"), st.sampled_from("123456")
)
LISTS = st.lists(st.lists(URLS, max_size=8, unique=True), max_size=4)


def results(*urls: str, snippet: str = "") -> list[SearchResult]:
    return [
        SearchResult(url=url, title=url, snippet=snippet, rank=place, provider="p")
        for place, url in enumerate(urls, start=1)
    ]


def merged(*lists: list[SearchResult], max_results: int = 10, per_site: int | None = None) -> list[str]:
    return [result.url for result in merge_results(lists, max_results=max_results, per_site=per_site)]


def test_a_page_that_two_lists_hold_comes_before_one_that_leads_a_single_list() -> None:
    first = results("https://a.example/", "https://both.example/")
    second = results("https://b.example/", "https://both.example/")
    assert merged(first, second) == ["https://both.example/", "https://a.example/", "https://b.example/"]


@pytest.mark.parametrize(
    "other",
    [
        "http://news.example/story",
        "https://www.news.example/story",
        "https://m.news.example/story/",
        "https://news.example/story#part",
        "https://news.example:443/story?utm_source=x&utm_medium=y",
        "https://news.example/story?fbclid=1&gclid=2",
    ],
)
def test_spellings_of_one_page_are_one_page(other: str) -> None:
    assert canonical_url(other) == canonical_url("https://news.example/story")
    assert merged(results("https://news.example/story"), results(other)) == ["https://news.example/story"]


@pytest.mark.parametrize(
    "other",
    [
        "https://news.example/story2",
        "https://news.example/story?id=1",
        "https://shop.news.example/story",
        "https://news.example:8443/story",
        "https://news.example/Story",
    ],
)
def test_other_pages_stay_other_pages(other: str) -> None:
    assert canonical_url(other) != canonical_url("https://news.example/story")


def test_the_order_of_parameters_does_not_matter() -> None:
    assert canonical_url("https://a.example/?b=2&a=1") == canonical_url("https://a.example/?a=1&b=2")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.python.example/x", "python.example"),
        ("https://en.m.wiki.example/", "en.wiki.example"),
        ("https://m.example/", "m.example"),
        ("file:///usr/share/doc/x.html", ""),
        ("http://[broken", ""),
    ],
)
def test_a_site_is_its_host(url: str, site: str) -> None:
    assert site_of(url) == site


def test_one_site_cannot_fill_the_list() -> None:
    many = results(*(f"https://big.example/{n}" for n in range(8)), "https://small.example/")
    assert merged(many, per_site=3) == [
        *(f"https://big.example/{n}" for n in range(3)),
        "https://small.example/",
    ]


def test_the_only_site_there_is_may_fill_it() -> None:
    many = results(*(f"https://big.example/{n}" for n in range(8)))
    assert len(merged(many, per_site=3)) == 8


def test_files_of_the_library_are_no_site() -> None:
    many = results(*(f"file:///doc/{n}.html" for n in range(5)), "https://small.example/")
    assert len(merged(many, per_site=3)) == 6


def same(url: str, text: str, rank: int = 1) -> SearchResult:
    return SearchResult(url=url, title="Annual report", snippet=text, rank=rank, provider="p")


WORDS = "The company sold more bicycles than in any year before and opened new shops in the north."


def test_the_same_words_elsewhere_are_a_copy() -> None:
    lists = [[same("https://a.example/", WORDS)], [same("https://copy.example/", WORDS.upper())]]
    assert merged(*lists) == ["https://a.example/"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"{WORDS} Version 3.11.", f"{WORDS} Version 3.12."),
        ("", ""),
        (WORDS, "Der Umsatz stieg in allen Ländern, und die Werke im Süden wurden erweitert und erneuert."),
    ],
)
def test_words_that_differ_in_a_number_or_say_too_little_are_no_copy(one: str, other: str) -> None:
    assert len(merged([same("https://a.example/", one)], [same("https://b.example/", other)])) == 2


@given(LISTS, st.integers(1, 10), st.none() | st.integers(1, 4))
def test_a_merged_list_holds_each_page_once_and_keeps_its_bounds(
    lists: list[list[str]], max_results: int, per_site: int | None
) -> None:
    found = merge_results([results(*urls) for urls in lists], max_results=max_results, per_site=per_site)
    urls = [result.url for result in found]
    everything = {url for urls_ in lists for url in urls_}
    assert len(urls) == len(set(urls)) <= max_results
    assert set(urls) <= everything
    assert [result.rank for result in found] == list(range(1, len(found) + 1))
    sites = [site_of(url) for url in urls]
    if per_site and len({site_of(url) for url in everything}) > 1:
        assert max(map(sites.count, sites), default=0) <= per_site


@given(LISTS)
def test_what_every_list_holds_first_stays_first(lists: list[list[str]]) -> None:
    tops = [["https://top.example/", *urls] for urls in lists]
    if tops:
        assert merged(*(results(*urls) for urls in tops))[0] == "https://top.example/"
