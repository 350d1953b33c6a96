"""EmbeddedModel: a deterministic extractive model behind the protocol that every model speaks. No weights, no network.

It works from the brief, never from the messages: it decides whether to search by rules, and answers with sentences of
the documents it is given.
"""

import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

from model_backend.chat import Brief, ChatRequest, Delta, Finished, TextDelta, ToolCall, ToolCalled, ToolSpec, Usage
from model_backend.embedded.answerable import THRESHOLD, answerability
from model_backend.embedded.compose import compose
from model_backend.embedded.coordinated import coordinated
from model_backend.embedded.decide import classify
from model_backend.embedded.direct import direct_answer
from model_backend.embedded.followup import standalone_question
from model_backend.embedded.named_pages import asks_for_the_whole, in_short
from model_backend.embedded.parts import parts_of
from model_backend.embedded.query import search_query
from model_backend.embedded.question import Question, parse_question
from model_backend.embedded.score import Scored, score_units
from model_backend.embedded.translate import english_units, in_english
from model_backend.embedded.units import Unit, units_of
from model_backend.embedded.wording import not_found
from tools.text.compared import compared, tells_apart
from tools.text.words import FIRST_CJK

CONTEXT_TOKENS = 32_768
"""The model has no window; this keeps prompts in the size that small language models take."""
APART_CANDIDATES = 12
"""Units among which one is sought that tells two things apart; further down they speak of other things."""
CHARS_PER_TOKEN = 4.0
"""English in common tokenizers: 4 to 4.5, so the estimate errs high."""
CHINESE_CHARS_PER_TOKEN = 1.5
"""Chinese in common tokenizers: 1.5 to 1.8."""


class EmbeddedModel:
    """Decides by rules, answers by quoting."""

    @property
    def name(self) -> str:
        """What the answer reports as `model`."""
        return "embedded"

    @property
    def profile(self) -> str:
        """What the answer reports as `profile`."""
        return "embedded"

    @property
    def context_tokens(self) -> int:
        """Prompt and output together should fit in this many tokens."""
        return CONTEXT_TOKENS

    def count_tokens(self, text: str) -> int:
        """An estimate that errs high."""
        wide = sum(character >= FIRST_CJK for character in text)
        return int(wide / CHINESE_CHARS_PER_TOKEN + (len(text) - wide) / CHARS_PER_TOKEN) + 1 if text else 0

    def answerability(self, brief: Brief) -> float:
        """How surely the brief's documents hold an answer, 0 to 1; the model abstains below `THRESHOLD`."""
        whole, parts = _read(brief)
        return max(whole.answerability, *(part.answerability for part in parts))

    async def stream(self, request: ChatRequest) -> AsyncIterator[Delta]:
        """Answer one request; never raises."""
        used = sum(self.count_tokens(message.content) for message in request.messages)
        calls = _search_calls(request.brief, request.tools)
        if calls:
            for call in calls:
                yield ToolCalled(call)
            usage = Usage(input_tokens=used, output_tokens=_CALL_TOKENS * len(calls))
            yield Finished(reason="tool_calls", usage=usage)
            return
        said = 0
        for piece in _pieces(request.brief):
            said += self.count_tokens(piece)
            yield TextDelta(piece)
        yield Finished(usage=Usage(input_tokens=used, output_tokens=said))

    async def aclose(self) -> None:
        """Nothing to give back."""


_CALL_TOKENS = 16
"""A tool call with a short query, as a language model would have spelt it."""


def _search_calls(brief: Brief, tools: Sequence[ToolSpec]) -> list[ToolCall]:
    """One call; two where the question asks how two things differ, or the same of two: few pages speak of both."""
    if not tools or classify(brief.question, brief.turns) != "search":
        return []
    standalone = standalone_question(brief.question, brief.turns)
    sides = compared(standalone) or coordinated(standalone)
    asked = [(side, ()) for side in sides] if sides else [(brief.question, brief.turns)]
    queries = [query for question, turns in asked if (query := search_query(question, turns))]
    return [_search_call(tools[0], query) for query in queries]


def _search_call(tool: ToolSpec, query: str) -> ToolCall:
    properties = tool.parameters.get("properties")
    many = isinstance(properties, dict) and "query" not in properties and "queries" in properties
    arguments: dict[str, object] = {"queries": [query]} if many else {"query": query}
    # Derived from what is asked, so that the same request gives the same call.
    return ToolCall(
        id=f"call_{uuid.uuid5(uuid.NAMESPACE_OID, tool.name + query).hex[:12]}", name=tool.name, arguments=arguments
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """A question, or a part of one, held against the documents."""

    question: Question
    scored: list[Scored]
    answerability: float


def _pieces(brief: Brief) -> list[str]:
    if not brief.documents:
        if brief.searched:
            return [not_found(brief.question, brief.language, read=False)]
        return [direct_answer(brief.question, brief.turns, brief.language, brief.today)]
    if asks_for_the_whole(brief.question):
        return in_short(units_of(brief.documents), brief.question)
    whole, parts = _read(brief)
    found = [part for part in parts if part.answerability >= THRESHOLD]
    if not found and whole.answerability >= THRESHOLD and not compared(whole.question.text):
        parts = found = [whole]
    if not found:
        return [not_found(brief.question, brief.language, read=True)]
    said = compose([(part.question, part.scored) for part in found], brief.language)
    missing = [not_found(part.question.text, brief.language, read=True) for part in parts if part not in found]
    return said + ["\n\n" + sentence for sentence in missing]


def _read(brief: Brief) -> tuple[_Reading, list[_Reading]]:
    """The whole question, and its parts (the whole again when it has but one)."""
    units = units_of(brief.documents)
    text = standalone_question(brief.question, brief.turns)
    whole = _reading(text, units)
    parts = parts_of(text)
    if len(parts) == 1:
        return whole, [whole]
    sides = [_reading(part, units) for part in parts]
    apart = _telling_apart(whole.scored, [side.question for side in sides]) if compared(text) else []
    # What tells them apart is an answer, though `difference` and `between` stand nowhere.
    told = [replace(whole, scored=apart, answerability=max(THRESHOLD, whole.answerability))] if apart else []
    return whole, [*told, *sides]


def _telling_apart(scored: Sequence[Scored], sides: Sequence[Question]) -> list[Scored]:
    """Of the best units those that name both sides and say how they differ."""
    one, other = (side.weights.keys() - side.home for side in sides)
    own = [one - other or one, other - one or other]
    return [
        unit
        for unit in scored[:APART_CANDIDATES]
        if all(terms <= unit.terms for terms in own) and tells_apart(unit.unit.words)
    ]


def _reading(text: str, units: Sequence[Unit]) -> _Reading:
    """A question held against the documents; a Chinese one against the English ones in English."""
    question = parse_question(text)
    english = english_units(units) if question.chinese else []
    if english and len(english) == len(units):
        return _held_against(in_english(question), units)
    own = _held_against(question, units)
    if not english or (own.answerability >= THRESHOLD and own.scored[0].unit not in english):
        return own
    return max(own, _held_against(in_english(question), english), key=_sureness)


def _held_against(question: Question, units: Sequence[Unit]) -> _Reading:
    scored = score_units(question, units)
    return _Reading(question, scored, answerability(question, scored))


def _sureness(reading: _Reading) -> float:
    return reading.answerability
