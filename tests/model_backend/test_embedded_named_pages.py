import asyncio
import time

import pytest

from model_backend.chat import Brief, ChatRequest, Document, Message, TextDelta
from model_backend.embedded.model import EmbeddedModel
from model_backend.embedded.named_pages import asks_for_the_whole, without_named_pages
from model_backend.rules import needs_search, search_query, standalone_question

URL = "https://boats.example/kestrel?x=1"
BOATS = (
    "The Kestrel carries 87 tons of salt over the bay.\n\nThe Plover carries 41 tons of salt over the bay.\n\n"
    "The Dunlin stays in port in winter.\n\nThe Sanderling was sold in 1990."
)


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        (f"How much does the Kestrel carry? {URL}", "How much does the Kestrel carry?"),
        (f"According to {URL}, how much does the Plover carry?", "how much does the Plover carry?"),
        (f"How much does the Kestrel carry according to the page at {URL}?", "How much does the Kestrel carry ?"),
        (f"根据{URL}，红隼号能装多少吨盐？", "红隼号能装多少吨盐？"),
        (f"红隼号能装多少吨盐？{URL}", "红隼号能装多少吨盐？"),
        ("How much does the Kestrel carry?", "How much does the Kestrel carry?"),
        (URL, URL),
        (f"Summarize {URL}", f"Summarize {URL}"),
    ],
)
def test_a_question_is_read_without_the_addresses_in_it(question: str, bare: str) -> None:
    assert without_named_pages(question) == bare


@pytest.mark.parametrize(
    "question",
    [
        *(URL, f"Summarize {URL}", f"please sum up {URL}", f"What is {URL} about?", f"What does {URL} say?"),
        *(f"总结{URL}", f"请总结一下 {URL} 的内容", f"{URL} 讲了什么？", f"tl;dr {URL}"),
    ],
)
def test_a_page_asked_for_as_a_whole_is_not_searched_for(question: str) -> None:
    assert asks_for_the_whole(question)
    assert not needs_search(question)


@pytest.mark.parametrize("question", [f"Is {URL} safe?", f"How old is {URL}?", "Summarize the news", "总结"])
def test_a_question_about_a_page_or_without_one_is_another_thing(question: str) -> None:
    assert not asks_for_the_whole(question)


def test_no_address_goes_to_a_search_provider_when_there_are_words() -> None:
    question = f"According to {URL}, how much salt does the Plover carry?"
    assert "http" not in search_query(question)
    assert "http" not in standalone_question(question)


def said(question: str) -> str:
    page = Document(number=1, url=URL, title="Boats", site="boats.example", published=None, text=BOATS)
    brief = Brief(question=question, documents=(page,), searched=True)

    async def collect() -> str:
        request = ChatRequest(messages=(Message(role="user", content=question),), brief=brief)
        deltas = [delta async for delta in EmbeddedModel().stream(request)]
        return "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))

    return asyncio.run(collect())


def test_the_page_answers_the_question_and_not_its_address() -> None:
    assert "41 tons" in said(f"According to {URL}, how much salt does the Plover carry?")


def test_a_summary_is_the_beginning_of_the_page_with_a_mark_at_each_sentence() -> None:
    text = said(f"Summarize {URL}")
    assert text.count("[1]") == 3
    assert text.startswith("The Kestrel carries 87 tons")
    assert "1990" not in text


def test_a_question_full_of_addresses_is_read_quickly() -> None:
    started = time.process_time()
    without_named_pages("https://a.example/x " * 5_000)
    without_named_pages("in the page at " * 5_000 + "according to https://")
    for word in ("总结", "看", "讲了", "这个", "说明", "please "):
        asks_for_the_whole(word * 3_000 + "x " + URL)
    assert time.process_time() - started < 1
