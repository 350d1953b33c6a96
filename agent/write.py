"""Writing: the prompt of the answer, made of numbered sources that fit the model's window."""

import re
from collections.abc import Sequence

from agent.answer import Source
from agent.datamark import MARK, marked
from agent.history import messages_of
from model_backend import Brief, ChatModel, ChatRequest, Document, Message, Turn, control
from prompts import render
from tools.clean.invisible import visible
from tools.pages import Passage

LANGUAGES = {"en": "English", "zh": "Chinese (中文)"}
FRAME_TOKENS = 400
"""Room for the system prompt and the words around question and sources, measured at 330 with the estimate used."""
HISTORY_SHARE = 0.25
"""Share of the window that earlier turns may take beside the sources."""
SMALLEST_ANSWER = 128
"""Tokens an answer always gets, however full the window is."""

_LIKE_BOUNDARY = re.compile(r"={3,} ?[0-9a-f]{8,64} ?={3,}")
"""The shape of a run's boundary: a page cannot guess it, but a small model may take a likeness for it."""
_LIKE_HEAD = re.compile(r"^[ \t]*\[(\d{1,3})\](?=\s)", re.MULTILINE)
"""The head of a numbered source, at the beginning of a line of a page."""


def passage_budget(model: ChatModel, *, wanted: int, answer_tokens: int, question: str) -> int:
    """Tokens of passages that fit beside everything else."""
    room = model.context_tokens - FRAME_TOKENS - model.count_tokens(question)
    answer = min(answer_tokens, max(SMALLEST_ANSWER, room // 4))
    # Earlier turns only get what sources leave: a tenth at least stays theirs.
    return max(0, min(wanted, round((room - answer) * 0.9)))


def documents_of(sources: Sequence[Source], passages: Sequence[Passage], boundary: str) -> tuple[Document, ...]:
    """The numbered sources with their passages, in the order of their numbers, safe to put into a prompt."""
    return tuple(
        Document(
            number=source.number,
            title=neutral_page(source.title, boundary),
            url=source.url,
            site=source.site,
            published=source.published,
            text="\n\n".join(neutral_page(p.text, boundary) for p in passages if p.url == source.url),
        )
        for source in sources
    )


def neutral(text: str, boundary: str) -> str:
    """Untrusted text that cannot pass for anything else.

    Without the run's boundary and what looks like one, without code points that nobody sees, with control tokens of
    chat templates made harmless.
    """
    while boundary in text:  # Again and again: a boundary within a boundary leaves one behind.
        text = text.replace(boundary, "")
    return control.neutral(_LIKE_BOUNDARY.sub("", text))


def neutral_page(text: str, boundary: str) -> str:
    """Page text that cannot pass for anything else, nor for the head of another source."""
    return _LIKE_HEAD.sub(r"(\1)", neutral(visible(text), boundary))


def format_documents(documents: Sequence[Document]) -> str:
    """The sources as the prompt shows them."""
    return "\n\n".join(
        f"[{d.number}] {d.title} ({', '.join(filter(None, [d.site, d.published]))})\n{d.text}" for d in documents
    )


def answer_request(
    question: str,
    turns: Sequence[Turn],
    documents: Sequence[Document],
    model: ChatModel,
    *,
    today: str,
    boundary: str,
    language: str,
    answer_tokens: int,
    searched: bool,
    datamarking: bool = False,
) -> ChatRequest:
    """The last call of a run: no tools, so that an answer always comes. It never exceeds the model's window."""
    words = neutral(question, boundary)
    spoken = LANGUAGES.get(language, language)
    if documents:
        prompt = render(
            "answer",
            question=words,
            today=today,
            boundary=boundary,
            sources=marked(format_documents(documents)) if datamarking else format_documents(documents),
            language=spoken,
        )
        if datamarking:
            prompt = f"{render('datamarking', mark=MARK)}\n{prompt}"
    else:
        prompt = render("direct", question=words, today=today, language=spoken)
    system = render("system")
    used = model.count_tokens(system) + model.count_tokens(prompt)
    room = model.context_tokens - used
    max_tokens = min(answer_tokens, max(SMALLEST_ANSWER, room // 2))
    history_budget = min(round(model.context_tokens * HISTORY_SHARE), room - max_tokens)
    history = messages_of(turns, token_budget=max(0, history_budget), count_tokens=model.count_tokens)
    return ChatRequest(
        messages=(Message(role="system", content=system), *history, Message(role="user", content=prompt)),
        brief=Brief(
            question=question,
            turns=tuple(turns),
            documents=tuple(documents),
            searched=searched,
            language=language,
            today=today,
        ),
        max_tokens=max_tokens,
    )
