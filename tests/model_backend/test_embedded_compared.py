"""Questions of how two things differ, and of what a thing is, or when it was, that no page tells."""

from model_backend import Brief, ChatRequest, Document, Message, TextDelta, ToolCalled, ToolSpec
from model_backend.embedded.model import EmbeddedModel
from model_backend.rules import is_abstention

TOOL = ToolSpec(
    name="search_web", description="Search.", parameters={"type": "object", "properties": {"query": {"type": "string"}}}
)
TUGS = "A tug is a small boat that pulls others.\n\nEach tug has two ropes, and its crew sleeps ashore."
FERRIES = "A ferry is a boat that carries people over water.\n\nThe ferry to Merrow leaves at noon."
BOTH = "A tug pulls other boats, whereas a ferry carries people. The tug and the ferry share a pier."
QUESTION = "What is the difference between a tug and a ferry?"


async def replies(question: str, *texts: str, tools: tuple[ToolSpec, ...] = ()) -> tuple[str, list[str]]:
    """What is said, and what is searched for."""
    documents = tuple(
        Document(number=n, title=f"Page {n}", url=f"http://x/{n}", site="x", published=None, text=text)
        for n, text in enumerate(texts, 1)
    )
    brief = Brief(question=question, documents=documents, searched=bool(texts), language="en")
    request = ChatRequest(messages=(Message(role="user", content=question),), brief=brief, tools=tools)
    deltas = [delta async for delta in EmbeddedModel().stream(request)]
    said = "".join(delta.text for delta in deltas if isinstance(delta, TextDelta))
    return said, [str(delta.call.arguments["query"]) for delta in deltas if isinstance(delta, ToolCalled)]


async def test_each_of_the_two_is_searched_for() -> None:
    _, queries = await replies(QUESTION, tools=(TOOL,))
    assert queries == ["tug", "ferry"]
    _, queries = await replies("How many tugs were sold in 2021 and 2022?", tools=(TOOL,))
    assert [query[-4:] for query in queries] == ["2021", "2022"]


async def test_what_each_is_is_said() -> None:
    said, _ = await replies(QUESTION, TUGS, FERRIES)
    assert "A tug is a small boat that pulls others. [1]" in said
    assert "A ferry is a boat that carries people over water. [2]" in said


async def test_a_sentence_that_tells_them_apart_comes_first() -> None:
    said, _ = await replies(QUESTION, TUGS, FERRIES, BOTH)
    assert said.startswith("A tug pulls other boats, whereas a ferry carries people. [3]")


async def test_asides_tell_them_apart_though_difference_stands_nowhere() -> None:
    told = "Boats of Merrow are the tug (a small one that pulls) and the ferry (a large one that carries)."
    assert told in (await replies(QUESTION, told))[0]


async def test_of_two_things_that_nobody_explains_nothing_is_said() -> None:
    told = "They saw the tug beside the ferry. People wave from a ferry to the tug in that night."
    said, _ = await replies(QUESTION, told)
    assert is_abstention(said)


async def test_a_thing_that_is_only_mentioned_is_not_explained() -> None:
    told = "The lazy cat lay on the pier all day, and nobody minded. Boats go by a cat without a sound."
    assert is_abstention((await replies("What is a cat?", told))[0])
    assert not is_abstention((await replies("What is a cat?", f"{told} A cat is a small animal."))[0])
    assert not is_abstention((await replies("What is a cat?", f"{told} A cat catches mice on boats."))[0])


async def test_without_a_date_nobody_knows_when_it_was() -> None:
    told = (
        "The harbour of Merrow was built of granite. The harbour was built for tugs, and the harbour of Merrow is old."
    )
    assert is_abstention((await replies("When was the harbour of Merrow built?", told))[0])
    assert not is_abstention(
        (await replies("When was the harbour of Merrow built?", f"{told} It was built in 1874."))[0]
    )
    assert not is_abstention((await replies("When is the harbour of Merrow built of granite?", told))[0])
