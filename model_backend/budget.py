"""Keeping a request inside the model's window: counts that learn, and what is given up first. No I/O."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from model_backend.chat import ChatRequest
from model_backend.errors import ContextTooLong
from model_backend.tokens import estimate_tokens
from tools.text.words import FIRST_CJK

SMALLEST_REPLY = 128
"""Tokens a reply always gets: an answer of three sentences with marks."""
MARGIN = 1.03
"""On top of a measured count: the next text is not the same text."""
FACTOR_BOUNDS = (0.6, 2.0)
"""A measured ratio outside is a server that counts something else."""
MOSTLY = 0.5
"""Share of wide characters from which a text counts as Chinese."""
SMOOTHING = 0.3
"""Weight of a new measurement that lowers a factor; one that raises it counts at once."""
MIN_KEPT_CHARS = 200
"""Of a message that must be cut: less says nothing."""

CUT = "\n[…]\n"

Count = Callable[[str], int]
CountRequest = Callable[[ChatRequest], int]


class Calibration:
    """The ratio of true to estimated tokens, one for Chinese and one for everything else."""

    def __init__(self) -> None:
        self._factor = {True: 1.0, False: 1.0}

    def count(self, text: str) -> int:
        """Tokens of `text`."""
        return math.ceil(estimate_tokens(text) * self._factor[_wide(text)])

    def learn(self, text: str, *, estimated: int, counted: int) -> None:
        """Take a server's count of a prompt that was estimated before without any factor."""
        if estimated <= 0 or counted <= 0:
            return
        low, high = FACTOR_BOUNDS
        measured = min(high, max(low, counted / estimated * MARGIN))
        wide = _wide(text)
        old = self._factor[wide]
        self._factor[wide] = measured if measured > old else old + (measured - old) * SMOOTHING


def fit(request: ChatRequest, window: int, count: CountRequest) -> ChatRequest:
    """The request, or the most of it that fits: a shorter reply first, then less history, sources, and words.

    Raises:
        ContextTooLong: when not even the bare question fits.
    """
    tokens = count(request)
    if tokens + request.max_tokens <= window:
        return request
    least = min(request.max_tokens, SMALLEST_REPLY)
    for shorter in _ever_shorter(request):
        tokens = count(shorter)
        if tokens + least <= window:
            return replace(shorter, max_tokens=min(request.max_tokens, window - tokens))
    raise ContextTooLong(
        f"The question does not fit the model's window of {window:,} tokens.",
        remedy="Ask a shorter question, or serve the model with a larger window.",
    )


def _ever_shorter(request: ChatRequest) -> Iterator[ChatRequest]:
    """The request again and again, each time with less in it."""
    yield request
    for shorten in (_without_oldest_turn, _without_last_paragraph, _with_longest_cut):
        while (shorter := shorten(request)) is not None:
            request = shorter
            yield request


def _without_oldest_turn(request: ChatRequest) -> ChatRequest | None:
    """Without the oldest message between the system text and the last one, and with it what answers it."""
    messages = list(request.messages)
    first = 1 if messages and messages[0].role == "system" else 0
    if len(messages) - first <= 1:
        return None
    end = first + 1
    while end < len(messages) - 1 and messages[end].role != "user":
        end += 1
    return replace(request, messages=(*messages[:first], *messages[end:]))


def _without_last_paragraph(request: ChatRequest) -> ChatRequest | None:
    """Without the last paragraph of the longest source; every source keeps its first, and with it its number."""
    documents = [document for document in request.brief.documents if "\n\n" in document.text]
    last = request.messages[-1]
    for document in sorted(documents, key=lambda document: -len(document.text)):
        if document.text not in last.content:
            continue
        head = document.text[: document.text.rindex("\n\n")]
        kept = replace(document, text=head)
        brief = replace(
            request.brief, documents=tuple(kept if one is document else one for one in request.brief.documents)
        )
        message = replace(last, content=last.content.replace(document.text, head, 1))
        return replace(request, brief=brief, messages=(*request.messages[:-1], message))
    return None


def _with_longest_cut(request: ChatRequest) -> ChatRequest | None:
    """The longest message that is not the system text without a fifth of its middle: ends carry the instructions."""
    places = [place for place, message in enumerate(request.messages) if message.role != "system"]
    if not places:
        return None
    place = max(places, key=lambda at: len(request.messages[at].content))
    message = request.messages[place]
    text = message.content.replace(CUT, "")
    if len(text) <= MIN_KEPT_CHARS:
        return None
    half = len(text) * 2 // 5
    shorter = replace(message, content=text[:half] + CUT + text[-half:])
    return replace(request, messages=(*request.messages[:place], shorter, *request.messages[place + 1 :]))


def _wide(text: str) -> bool:
    if text.isascii():
        return False
    return sum(char >= FIRST_CJK for char in text) > len(text) * MOSTLY


WINDOW_IN_WORDS = re.compile(
    r"maximum context length is (\d+)|max_model_len=(\d+)|context length \((\d+)|n_ctx\D{0,5}(\d+)", re.I
)
"""Where servers name their window in an error."""


def window_in(words: str) -> int | None:
    """The window that an overflow error names."""
    match = WINDOW_IN_WORDS.search(words)
    return next((int(group) for group in match.groups() if group), None) if match else None
