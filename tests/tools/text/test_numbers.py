from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.text.numbers import Quantity, quantities, same_quantity

NUMERIC = st.text(
    alphabet=st.sampled_from(list("0123456789,.-–%$¥ :/年月日号时点分第万亿千百十一二两零〇GBkmst\n")), max_size=80
)


def values(text: str) -> list[tuple[float, str]]:
    return [(one.value, one.unit) for one in quantities(text)]


def only(text: str) -> Quantity:
    (one,) = quantities(text)
    return one


@given(st.one_of(st.text(max_size=200), NUMERIC))
def test_spans_are_ordered_disjoint_and_inside_the_text(text: str) -> None:
    found = quantities(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


WORDS = [
    "two",
    "Twenty-five",
    "a dozen",
    "half a",
    "hundred",
    "noon",
    "someone",
    "one_two",
    "May",
    "third",
    "7",
    ".",
    "nil",
]


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_the_quick_way_past_texts_without_numbers_passes_none(text: str) -> None:
    # A letter outside ASCII sends the text the long way.
    assert values(text) == values(f"ß {text}")


@given(st.integers(0, 10**12))
def test_a_number_is_read_with_and_without_separators(number: int) -> None:
    assert values(f"about {number} of them") == values(f"about {number:,} of them") == [(float(number), "")]


@given(st.integers(2, 99_999_999))
def test_a_number_written_in_chinese_is_read(number: int) -> None:
    assert values(f"共{to_chinese(number)}个") == [(float(number), "")]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("三千五百", 3_500, ""),
        ("3.5万", 35_000, ""),
        ("1,024", 1_024, ""),
        ("2 GB", 2e9, "B"),
        ("50%", 50, "%"),
        ("50 percent", 50, "%"),
        ("百分之五十", 50, "%"),
        ("two million", 2e6, ""),
        ("two hundred and fifty-six", 256, ""),
        ("a million", 1e6, ""),
        ("$3.5 billion", 3.5e9, "USD"),
        ("US$5bn", 5e9, "USD"),
        ("14.75亿元", 1.475e9, "CNY"),
        ("3亿5000万元", 3.5e8, "CNY"),
        ("一万五", 15_000, ""),
        ("三百零五", 305, ""),
        ("两年", 24, "months"),
        ("90分钟", 5_400, "s"),
        ("1.5 hours", 5_400, "s"),
        ("-5 °C", -5, "°C"),
        ("零下5℃", -5, "°C"),
        ("３．５％", 3.5, "%"),
        ("21st", 21, "th"),
        ("第三届", 3, "th"),
        ("1990s", 1990, "decade"),
        ("2022-01-03", 20220103, "date"),
        ("January 3, 2022", 20220103, "date"),
        ("3 Jan 2022", 20220103, "date"),
        ("2022年1月3日", 20220103, "date"),
        ("二〇二二年一月三日", 20220103, "date"),
        ("25/12/2020", 20201225, "date"),
        ("05/06/2020", 2020, "year"),
        ("May 2020", 202005, "month"),
        ("2022年", 2022, "year"),
        ("1月3日", 103, "day of year"),
        ("January 3", 103, "day of year"),
        ("14:30", 870, "time"),
        ("2:30 pm", 870, "time"),
        ("下午2点半", 870, "time"),
        ("Python 3.11.4", 3_011_004, "version"),
        ("version 3.10", 3_010_000, "version"),
    ],
)
def test_a_quantity_is_read(text: str, value: float, unit: str) -> None:
    found = only(text)
    assert found.unit == unit
    assert found.value == pytest.approx(value)


@pytest.mark.parametrize(
    "text",
    [
        "GPT4",
        "x86",
        "3D",
        "10.0.0.1",
        "一个",
        "统一",
        "万一",
        "三四个",
        "有一点",
        "one of them",
        "April showers",
        "sha256",
    ],
)
def test_what_counts_nothing_is_no_quantity(text: str) -> None:
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 GB", "2,000 MB"),
        ("3.5万", "35,000"),
        ("1月3日", "January 3"),
        ("30 years", "30年"),
        ("1.2公里", "1,200 m"),
        ("2022年1月3日", "2022年"),
        ("2022年1月3日", "Jan 3"),
        ("2010", "2010年"),
        ("¥500", "500元"),
    ],
)
def test_the_same_quantity_is_seen_in_another_form(one: str, other: str) -> None:
    assert same_quantity(only(one), only(other))
    assert same_quantity(only(other), only(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2 GB", "2 GiB"),
        ("5 km", "5 kg"),
        ("2022年1月", "2022年2月"),
        ("1月3日", "2022年"),
        ("50%", "51%"),
        ("$5", "5元"),
    ],
)
def test_different_quantities_are_told_apart(one: str, other: str) -> None:
    assert not same_quantity(only(one), only(other))


def test_a_range_shares_its_unit() -> None:
    assert values("5-10 GB") == [(5e9, "B"), (1e10, "B")]
    assert values("20至30公里") == [(20_000, "m"), (30_000, "m")]
    assert values("-5 to -3 °C") == [(-5.0, "°C"), (-3.0, "°C")]


def test_a_range_shares_its_million_and_its_currency() -> None:
    assert values("5-10 million") == [(5e6, ""), (1e7, "")]
    assert values("$5-10 million") == [(5e6, "USD"), (1e7, "USD")]
    assert values("5 to 10") == [(5.0, ""), (10.0, "")]


@pytest.mark.parametrize("text", ["Windows 10 may crash.", "Article 12 may be amended.", "It may 10 times fail."])
def test_a_verb_is_no_month(text: str) -> None:
    assert [unit for _, unit in values(text)] == [""]


def test_may_is_a_month_with_a_capital_or_a_year() -> None:
    assert values("10 May") == [(510.0, "day of year")]
    assert values("10 may 2024") == [(20240510.0, "date")]


def test_midnight_is_no_noon() -> None:
    assert [value for value, _ in values("晚上12点")] == [0.0]
    assert [value for value, _ in values("凌晨12点")] == [0.0]
    assert [value for value, _ in values("中午12点")] == [720.0]


def test_many_decimals_in_words_are_not_lost() -> None:
    assert only("三点一四一五九二六五三五八九七九三二").value == pytest.approx(3.14159265358)


def test_the_span_covers_number_and_unit() -> None:
    text = "It holds 2 GB now, 造价3.5亿元。"
    assert [text[one.start : one.end] for one in quantities(text)] == ["2 GB", "3.5亿元"]


@pytest.mark.parametrize("piece", ["一", "亿", "1,", "1.1.", "million ", "9", "分之", "第", "jan ", "1月"])
def test_a_long_run_of_anything_ends_soon(piece: str) -> None:
    quantities(piece * (20_000 // len(piece)))


def to_chinese(number: int) -> str:
    """The usual way to write a whole number below 100,000,000."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1_000 else ""
        return _below_myriad(number // 10_000) + "万" + gap + (_below_myriad(rest) if rest else "")
    return _below_myriad(number)


def _below_myriad(number: int) -> str:
    written, gap = "", False
    for unit, name in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += ("零" if gap and written else "") + "零一二三四五六七八九"[digit] + name
        gap = digit == 0
    return written
