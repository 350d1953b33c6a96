import time
from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from agent.select import select
from tools.pages import Page, Passage
from tools.passages import split_passages
from tools.prefilter import promising_spans
from tools.rank import Ranked, rank

SENTENCES = st.sampled_from(
    [
        "The mill was opened in 1897.",
        "The mill was opened in 1901.",
        "Options:",
        "- first do this",
        "- then do that",
        "Mill",
        "The river rises in spring and floods the lower meadows for weeks.",
        "磨坊建于1897年。",
        "x" * 300,
    ]
)


def passage(text: str, url: str = "a", start: int = 0) -> Passage:
    return Passage(url=url, start=start, end=start + len(text), text=text)


def ranked(*scored: tuple[float, str, str]) -> list[Ranked]:
    """(score, url, text), best first; each page's passages lie far apart."""
    return [Ranked(passage(text, url, start=1_000 * n), score) for n, (score, url, text) in enumerate(scored)]


def in_a_row(url: str, *scored: tuple[float, str]) -> list[Ranked]:
    """(score, text) of passages that follow each other in one page."""
    found, start = [], 0
    for score, text in scored:
        found.append(Ranked(passage(text, url, start), score))
        start += len(text) + 2
    return sorted(found, key=lambda one: -one.score)


def words(text: str) -> int:
    return len(text.split())


def chosen(found: Sequence[Ranked], budget: int = 1_000) -> list[str]:
    return [one.text for one in select(found, token_budget=budget, count_tokens=words)]


@given(
    st.lists(st.tuples(st.floats(0, 20), st.sampled_from("abc"), SENTENCES), max_size=25),
    st.integers(-5, 120),
    st.sampled_from([words, len, lambda text: len(text) // 4 + 1]),
)
def test_the_budget_is_never_exceeded(scored: list[tuple[float, str, str]], budget: int, count_tokens) -> None:  # type: ignore[no-untyped-def]
    found = ranked(*sorted(scored, key=lambda one: -one[0]))
    picked = select(found, token_budget=budget, count_tokens=count_tokens)
    assert sum(count_tokens(one.text) for one in picked) <= max(0, budget)
    known = {(one.passage.url, one.passage.start): one.passage for one in found}
    for one in picked:
        whole = known[one.url, one.start]
        assert one == whole or whole.text.startswith(one.text)
        assert one.end - one.start == len(one.text)
    assert len({(one.url, one.start) for one in picked}) == len(picked)


@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from("abc"), SENTENCES), min_size=1, max_size=25))
def test_passages_of_a_page_stand_together_in_page_order(scored: list[tuple[float, str, str]]) -> None:
    picked = select(ranked(*sorted(scored, key=lambda one: -one[0])), token_budget=500, count_tokens=words)
    urls = [one.url for one in picked]
    assert len({url for n, url in enumerate(urls) if n == 0 or urls[n - 1] != url}) == len(
        [url for n, url in enumerate(urls) if n == 0 or urls[n - 1] != url]
    )
    for url in set(urls):
        starts = [one.start for one in picked if one.url == url]
        assert starts == sorted(starts)


def test_the_page_with_the_best_passage_comes_first() -> None:
    found = ranked((9, "b", "the best words of all"), (8, "a", "nearly as good words"), (7, "b", "other words follow"))
    assert chosen(found) == ["the best words of all", "other words follow", "nearly as good words"]


def test_a_copy_is_dropped_and_the_longer_one_kept() -> None:
    text = "The old mill by the river was opened again on Sunday after a long repair."
    longer = text + " Volunteers had rebuilt its wheel."
    assert chosen(ranked((9, "a", text), (8, "b", longer))) == [longer]
    assert chosen(ranked((9, "a", longer), (8, "b", text))) == [longer]


def test_pages_that_contradict_each_other_are_both_shown() -> None:
    one = "The old mill by the river was opened again on Sunday after 2 years of repair."
    other = "The old mill by the river was opened again on Sunday after 9 years of repair."
    assert chosen(ranked((9, "a", one), (8, "b", other))) == [one, other]


def test_a_second_page_that_compares_is_heard_before_more_of_the_first() -> None:
    first = [(9.0 - n / 10, "a", f"topic{n} alpha{n} beta{n} gamma{n} delta{n}") for n in range(10)]
    second = (7.0, "b", "another page says something else")
    found = ranked(*sorted([*first, second], key=lambda one: -one[0]))
    assert "another page says something else" in chosen(found, budget=10)


def test_a_second_page_that_does_not_compare_waits() -> None:
    found = ranked((9, "a", "one two three four five"), (8, "a", "six seven eight nine ten"), (2, "b", "k l m n o"))
    assert chosen(found, budget=10) == ["one two three four five", "six seven eight nine ten"]


def test_one_page_does_not_take_the_whole_budget_while_others_have_something_to_say() -> None:
    long = [(9.0, "a", " ".join(f"w{n}x{m}" for m in range(20))) for n in range(5)]
    found = ranked(*long, (3, "b", " ".join(f"v{m}" for m in range(20))))
    picked = select(found, token_budget=100, count_tokens=words)
    assert {one.url for one in picked} == {"a", "b"}
    assert sum(words(one.text) for one in picked) == 100


def test_a_heading_or_lead_in_brings_what_follows() -> None:
    for opening in ("Opening hours", "The mill is open:"):
        found = in_a_row("a", (9, opening), (0, "Ten to four on weekdays."), (0, "Dogs stay outside."))
        assert chosen(found) == [opening, "Ten to four on weekdays."]


def test_a_list_that_was_cut_is_made_whole() -> None:
    found = in_a_row("a", (0, "Steps:\n- fill the pan"), (9, "- add the flour"), (0, "- stir it\n- serve"), (0, "Bye."))
    assert chosen(found) == ["Steps:\n- fill the pan", "- add the flour", "- stir it\n- serve"]


def test_where_nothing_matches_the_pages_open() -> None:
    found = in_a_row("a", (0, "One opens."), (0, "It goes on.")) + in_a_row("b", (0, "Another opens."))
    assert chosen(found) == ["One opens.", "Another opens."]


def test_a_passage_too_long_for_the_budget_is_cut_at_a_sentence() -> None:
    found = ranked((9, "a", "One is here. Two is there. Three is nowhere."))
    assert chosen(found, budget=7) == ["One is here. Two is there."]
    assert chosen(found, budget=2) != []
    assert chosen(found, budget=0) == []
    assert chosen([]) == []


def pages(text: str, chars: int) -> list[Page]:
    return [
        Page(
            url=f"https://{n}.example/",
            final_url="",
            title="",
            text=(f"{n} " + text * (chars // len(text) + 1))[:chars],
            site="",
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for n in range(6)
    ]


def test_the_work_does_not_grow_with_the_pages() -> None:
    english = "The river rose in the night and the mill at the town stood in water until spring.\n\n"
    chinese = "河水在夜里上涨，镇上的磨坊在水中一直站到春天。\n\n"
    for text, question in ((english, "When did the river rise at the mill?"), (chinese, "河水什么时候上涨的？")):
        for chars in (20_000, 500_000):
            read = pages(text, chars)
            # Measured 5 to 20 ms; the margin is for slow and busy machines, and still far below work that grows.
            assert min(time_of_choosing(read, question) for _ in range(3)) < 0.1


def time_of_choosing(read: list[Page], question: str) -> float:
    began = time.process_time()
    spans = promising_spans([page.text for page in read], [question])
    passages = [p for page, parts in zip(read, spans, strict=True) for p in split_passages(page, spans=parts)]
    select(rank(passages, [question]), token_budget=1_500, count_tokens=lambda text: len(text) // 3)
    return time.process_time() - began


def test_room_that_is_left_holds_the_beginning_of_the_best_passage_that_was_too_long() -> None:
    long = " ".join(f"The lock number {n} of the canal has two gates of oak and one of iron." for n in range(20))
    found = ranked((9.0, "a", "The canal is long."), (8.0, "b", long))
    first, second = chosen(found, budget=100)
    assert first == "The canal is long."
    assert long.startswith(second)
    assert second.endswith("iron.")
    assert words(first) + words(second) <= 100
