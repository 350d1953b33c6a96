from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.clean.dates import date_in_path, parse_date

TODAY = date(2026, 11, 21)
FIFTH = date(2024, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024-03-05T23:30:00+08:00",
        "2024/3/5 10:20",
        "2024.03.05",
        "20240305",
        "20240305T101112Z",
        "D:20240305101112Z",
        "2024年3月5日",
        "发布时间：2024年03月05日 10:20 来源：港口报",
        "2024 年 3 月 5 日 星期二",
        "２０２４年３月５日",
        "二〇二四年三月五日",
        "民國113年3月5日",
        "March 5, 2024",
        "Mar. 5th, 2024",
        "march 5 2024",
        "Tuesday, 5 March 2024",
        "Tue, 05 Mar 2024 10:00:00 GMT",
        "5th of March, 2024",
        "5-Mar-2024",
        "2024 March 5",
        "05.03.2024",
        "1709600000",
        "1709600000000",
    ],
)
def test_a_date_is_read_as_people_write_it(text: str) -> None:
    assert parse_date(text) == FIFTH


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("25/03/2024", date(2024, 3, 25)),
        ("03/25/2024", date(2024, 3, 25)),
        ("05/05/2024", date(2024, 5, 5)),
        ("二〇二四年十二月三十一日", date(2024, 12, 31)),
        ("05/03/2024", None),  # the fifth of March or the third of May
        ("2024-13-40", None),
        ("31 February 2024", None),
        ("March 2024", None),
        ("version 3.11.2024", date(2024, 11, 3)),
        ("1850-01-01", None),
        ("call 2024 0305", None),
        ("3 days ago", None),
        ("may 2 people", None),
        ("", None),
    ],
)
def test_what_is_open_is_no_date(text: str, found: date | None) -> None:
    assert parse_date(text) == found


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Updated 3 hours ago", 0),
        ("15 mins ago", 0),
        ("3 days ago", 3),
        ("a week ago", 7),
        ("Posted yesterday at 10:20", 1),
        ("今天 10:20", 0),
        ("刚刚", 0),
        ("3小时前", 0),
        ("20分钟前", 0),
        ("昨天 10:20", 1),
        ("前天", 2),
        ("3天前", 3),
        ("两周前", 14),
        ("2个月前", 60),
        ("半年前", 182),
    ],
)
def test_a_distance_is_counted_from_today(text: str, days: int) -> None:
    found = parse_date(text, TODAY)
    assert found
    assert (TODAY - found).days == days


def test_a_date_that_is_written_out_wins_over_a_distance() -> None:
    assert parse_date("2024-03-05 (3 days ago)", TODAY) == FIFTH


@given(st.text(max_size=80))
def test_no_text_is_more_than_no_date(text: str) -> None:
    found = parse_date(text, TODAY)
    assert found is None or found.year > 0


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_both_languages(day: date) -> None:
    for form in ("%Y-%m-%d", "%B %d, %Y", "%d %b %Y", "%Y年%m月%d日"):
        assert parse_date(day.strftime(form)) == day


def test_addresses_of_news_hold_their_date() -> None:
    assert date_in_path("/world/2024/03/05/storm.html") == FIFTH
    assert date_in_path("/a/2024/3/x") is None


@pytest.mark.parametrize("text", ["200 years ago", "999999 years ago", "一百年前"])
def test_a_distance_beyond_all_pages_is_no_date(text: str) -> None:
    assert parse_date(text, TODAY) is None
