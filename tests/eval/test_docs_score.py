from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answer import Answer, Citation, PageSeen, SearchDone, TokenUsage
from eval.cases import Case
from eval.docs_score import CaseScore, Share, Trace, failed_case, figures, holds, missed_bars, page_name, score_case

ROOTS = {"file:///usr/share/doc/sqlite3": "sqlite3", "file:///usr/share/doc/git/html": "git"}
LIMITS = "file:///usr/share/doc/sqlite3/limits.html"
CASE = Case(
    id="t-1",
    question="How many tables may be joined?",
    language="en",
    kind="answerable",
    gold_pages=("sqlite3/limits.html", "sqlite3/fullsql.html"),
    gold_strings=(("64", "sixty-four"),),
)
UNANSWERABLE = Case(id="t-2", question="Which port?", language="en", kind="unanswerable")
TALK = Case(id="t-3", question="你好", language="zh", kind="no_search")


def answer(text: str, *cited: str, abstained: bool = False, searched: bool = True) -> Answer:
    return Answer(
        run_id="run",
        thread_id="thread",
        question="q",
        answer=text,
        abstained=abstained,
        language="en",
        citations=[
            Citation(number=1, start=0, end=1, url=url, title="t", cited_text="c", page_start=0, page_end=1)
            for url in cited
        ],
        sources=[],
        claims=[],
        searches=[SearchDone(query="q", provider="library", results=1, ms=1)] if searched else [],
        pages=[PageSeen(url=LIMITS, status="read")] if searched else [],
        groundedness=None,
        model="m",
        profile="p",
        usage=TokenUsage(),
        timings={"total": 120},
        warnings=[],
    )


def score(case: Case, given_answer: Answer, trace: Trace | None = None) -> CaseScore:
    return score_case(case, given_answer, trace, roots=ROOTS)


def test_a_gold_string_cited_from_a_gold_page_wins_the_case() -> None:
    won = score(CASE, answer("At most 64 tables [1].", LIMITS + "#joins"))
    assert (won.page_cited, won.string_found, won.cause, won.ms, won.package) == (True, True, None, 120, "sqlite3")


def test_any_of_the_gold_pages_counts() -> None:
    assert score(CASE, answer("64 [1].", "file:///usr/share/doc/sqlite3/fullsql.html")).page_cited


def test_a_wrong_gold_answer_changes_the_figure() -> None:
    answers = [(CASE, answer("At most 64 tables [1].", LIMITS)), (UNANSWERABLE, answer("Not said.", abstained=True))]
    honest = figures(score(case, given_answer) for case, given_answer in answers)
    planted = replace(CASE, gold_strings=(("65",),), gold_pages=("sqlite3/faq.html",))
    wrong = figures(score(planted if case is CASE else case, given_answer) for case, given_answer in answers)
    assert (honest.string_found.value, honest.page_cited.value) == (1.0, 1.0)
    assert (wrong.string_found.value, wrong.page_cited.value) == (0.0, 0.0)
    assert missed_bars(honest) == []
    assert missed_bars(wrong) == ["page_cited", "string_found"]


def test_a_mark_is_no_number() -> None:
    assert not holds("See the manual [64].", CASE.gold_strings)


@pytest.mark.parametrize(
    ("text", "spelling", "found"),
    [
        ("up to 64-way joins", "64", True),
        ("64个表", "64", True),
        ("640 tables", "64", False),
        ("64.5 or 0.64", "64", False),
        ("1,064", "64", False),
        ("Use 64, or 65.", "64", True),
        ("many of them", "ANY", False),
        ("Type `--STAGED`\n now", "--staged", True),
        ("git   restore", "Git restore", True),
        ("sqlite_sequences", "sqlite_sequence", False),
        ("192.168.0.x", "192.168", False),
    ],
)
def test_a_spelling_stands_free_and_is_folded(text: str, spelling: str, found: bool) -> None:
    assert holds(text, [[spelling]]) is found


def test_every_group_must_be_held_and_no_group_holds_nothing() -> None:
    assert holds("k1 is 1.2 and b is 0.75", [["1.2"], ["0.75", ".75"]])
    assert not holds("k1 is 1.2", [["1.2"], ["0.75", ".75"]])
    assert not holds("anything", [])


@given(st.text(min_size=1).filter(str.strip), st.text(), st.text())
def test_a_spelling_between_spaces_is_always_found(spelling: str, before: str, after: str) -> None:
    text = f"{before} ( {spelling} ) {after}"
    assert holds(text, [[spelling]]) or "[" in text


def test_a_page_is_named_below_its_package_and_others_keep_their_address() -> None:
    assert page_name("file:///usr/share/doc/git/html/git-gc.html?x=1#auto", ROOTS) == "git/git-gc.html"
    assert page_name("file:///usr/share/doc/sqlite3-old/limits.html", ROOTS).startswith("file:")
    assert page_name("http://127.0.0.1:8000/a%20b.html", ROOTS) == "http://127.0.0.1:8000/a b.html"


def test_abstaining_is_right_for_the_unanswerable_and_wrong_for_the_answerable() -> None:
    found = figures(
        [
            score(UNANSWERABLE, answer("Not said.", abstained=True)),
            score(UNANSWERABLE, answer("Port 80 [1].", LIMITS)),
            score(CASE, answer("Not said.", abstained=True)),
        ]
    )
    assert found.abstained_rightly == Share(hits=1, of=2)
    assert found.abstained_wrongly == Share(hits=1, of=1)
    assert missed_bars(found) == ["page_cited", "string_found", "abstained_rightly", "abstained_wrongly"]


def test_talk_must_not_be_searched() -> None:
    talk = [score(TALK, answer("你好！", searched=searched)) for searched in (False, True)]
    assert [one.cause for one in talk] == [None, "searched without need"]
    assert figures(talk).not_searched == Share(hits=1, of=2)


def test_nothing_to_count_is_no_figure_and_misses_no_bar() -> None:
    empty = figures([])
    assert empty.page_cited.value is None
    assert empty.median_ms is None
    assert missed_bars(empty) == []


def test_a_run_without_an_answer_wins_nothing_and_has_no_time() -> None:
    found = figures([failed_case(CASE), failed_case(UNANSWERABLE), failed_case(TALK)])
    assert found.page_cited == found.abstained_rightly == found.not_searched == Share(hits=0, of=1)
    assert found.median_ms is None


def test_times_are_the_median_and_the_time_that_95_of_100_keep_to() -> None:
    runs = [replace(score(CASE, answer("64 [1].", LIMITS)), ms=ms) for ms in range(1, 101)]
    assert (figures(runs).median_ms, figures(runs).p95_ms) == (50, 95)


SHOWN = ((LIMITS, "SQLite does not support joins containing more than 64 tables."),)


@pytest.mark.parametrize(
    ("given_answer", "trace", "cause"),
    [
        (answer("?", searched=False), Trace(), "did not search"),
        (answer("?"), Trace(), "page not found"),
        (answer("?"), Trace(found=(LIMITS,)), "passage not shown"),
        (answer("?"), Trace(found=(LIMITS,), shown=(("file:///elsewhere", "64"),)), "passage not shown"),
        (answer("?", abstained=True), Trace(found=(LIMITS,), shown=SHOWN), "wrongly abstained"),
        (answer("Many [1].", LIMITS), Trace(found=(LIMITS,), shown=SHOWN), "answer misses it"),
        (answer("64 [1].", "file:///elsewhere"), Trace(found=(LIMITS,), shown=SHOWN), "other page cited"),
        (answer("?"), None, "answer misses it"),
    ],
)
def test_a_loss_is_told_by_the_first_step_that_lost_it(given_answer: Answer, trace: Trace | None, cause: str) -> None:
    assert score(CASE, given_answer, trace).cause == cause


def test_a_page_that_was_found_but_left_unread_is_told() -> None:
    case = replace(CASE, gold_pages=("sqlite3/fullsql.html",))
    found = Trace(found=("file:///usr/share/doc/sqlite3/fullsql.html",))
    assert score(case, answer("?"), found).cause == "page not read"
