"""The window run itself: its servers count, refuse and are believed; 500 cases are run by `python -m eval.window`."""

import pytest

from eval.window import PAGE_CHARS, PAGES, TURNS, WINDOW, CountingServer, make_case, run_cases


async def test_one_case_of_each_kind_stays_in_the_window_and_keeps_its_citation() -> None:
    tally = await run_cases(range(4))
    assert tally.holds, tally
    assert tally.cases == 4
    assert WINDOW * 0.7 < tally.longest <= WINDOW


@pytest.mark.parametrize("number", range(4))
def test_a_case_is_as_long_as_the_bar_says(number: int) -> None:
    case = make_case(number, 1)
    assert len(case.turns) == TURNS
    assert len(case.pages) == PAGES
    assert all(PAGE_CHARS <= len(page) <= PAGE_CHARS + 100 for page in case.pages)
    assert sum(case.fact in page for page in case.pages) == 1


def test_a_request_above_the_window_is_counted() -> None:
    server = CountingServer(make_case(0, 1))
    body = {"messages": [{"role": "user", "content": "word " * 5000}], "max_tokens": 1}
    assert server._count(body) > WINDOW
