"""What an answer rests on, in the words of other APIs."""

from agent.answer import Answer, Citation, Source, TokenUsage
from service.openai_api.sources import citations_of, search_results_of, url_citations


def source(number: int) -> Source:
    return Source(
        number=number,
        url=f"http://{number}.example/",
        title=str(number),
        site=f"{number}.example",
        published="2026-01-02",
        fetched_at="2026-11-21T00:00:00+00:00",
        snippet="words",
    )


def citation(number: int, start: int, end: int) -> Citation:
    return Citation(
        number=number,
        start=start,
        end=end,
        url=f"http://{number}.example/",
        title=str(number),
        cited_text="words",
        page_start=0,
        page_end=5,
    )


def answer(text: str, sources: list[Source], citations: list[Citation]) -> Answer:
    return Answer(
        run_id="run_" + "0" * 32,
        thread_id="thread_" + "0" * 32,
        question="q",
        answer=text,
        abstained=False,
        language="en",
        citations=citations,
        sources=sources,
        claims=[],
        searches=[],
        pages=[],
        groundedness=None,
        model="m",
        profile="p",
        usage=TokenUsage(),
        timings={},
        warnings=[],
    )


def test_a_mark_is_a_place_in_the_lists_even_when_a_number_is_missing() -> None:
    given = answer("", [source(3), source(1)], [])
    assert citations_of(given) == ["http://1.example/", "", "http://3.example/"]
    assert [result["date"] for result in search_results_of(given)] == ["2026-01-02", None, "2026-01-02"]


def test_a_claim_with_two_sources_has_two_annotations_in_the_order_of_the_text() -> None:
    text = "One [1][2]. Two [1]."
    given = answer(text, [], [citation(1, 12, 20), citation(2, 0, 11), citation(1, 0, 11), citation(1, 0, 11)])
    spans = [(text[found["start_index"] : found["end_index"]], found["title"]) for found in url_citations(given, text)]
    assert spans == [("One [1][2].", "2"), ("One [1][2].", "1"), ("Two [1].", "1")]


def test_after_a_revision_spans_point_into_the_text_that_was_streamed() -> None:
    streamed, revised = "False. True [1]. New?", "True [1]. Other [2]."
    given = answer(revised, [], [citation(1, 0, 9), citation(2, 10, 20)])
    found = url_citations(given, streamed)
    assert [streamed[span["start_index"] : span["end_index"]] for span in found] == ["True [1]."]
