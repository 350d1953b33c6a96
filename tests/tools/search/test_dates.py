from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.search._dates import to_iso_date
from tools.search._results import clean_text, site_names, with_sites

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-03-05T10:00:00Z", "2026-03-05"),
        ("Mar 5, 2026", "2026-03-05"),
        ("5 March 2026", "2026-03-05"),
        ("2026年3月5日", "2026-03-05"),
        ("Thu, 05 Mar 2026 10:00:00 GMT", "2026-03-05"),
        ("3 days ago", "2026-11-18"),
        ("1 week ago", "2026-11-14"),
        ("5 hours ago", "2026-11-21"),
        ("2天前", "2026-11-19"),
        ("3个月前", "2026-08-23"),
        ("yesterday-ish", None),
        ("2026-13-40", None),
        ("", None),
        (None, None),
        (20260305, None),
    ],
)
def test_dates_are_read_as_providers_write_them(text: object, iso: str | None) -> None:
    assert to_iso_date(text, TODAY) == iso


@given(st.text(max_size=80) | st.integers() | st.none())
def test_no_text_is_more_than_no_date(text: object) -> None:
    found = to_iso_date(text, TODAY)
    assert found is None or date.fromisoformat(found)


@given(st.text(max_size=200), st.integers(1, 50))
def test_a_cleaned_text_is_one_short_line(text: str, length: int) -> None:
    cleaned = clean_text(text, length)
    assert len(cleaned) <= length
    assert "\n" not in cleaned
    assert cleaned == cleaned.strip()


def test_less_than_is_not_a_tag() -> None:
    assert clean_text("if a < b and c > d: <b>x</b>", 100) == "if a < b and c > d: x"


def test_sites_become_operators() -> None:
    assert with_sites("q", ()) == "q"
    assert with_sites("q", ("a.example",)) == "q site:a.example"
    assert with_sites("q", ("https://www.a.example/x", "b.example")) == "q (site:a.example OR site:b.example)"
    assert site_names(("a b", "x OR site:y", "localhost")) == []
