"""Does this need the web? Tells small talk, sums and tasks on given text from questions that pages answer.

Everything that depends on facts or on time is searched; only what plainly needs no page is not.
"""

import re
from collections.abc import Sequence
from typing import Literal

from model_backend.chat import Turn
from model_backend.embedded.arithmetic import calculation
from model_backend.embedded.calendar import asks_date
from model_backend.embedded.conversion import conversion
from model_backend.embedded.named_pages import asks_for_the_whole
from model_backend.embedded.talk import ACKNOWLEDGEMENT, FAREWELL, GREETING, OPENING, SELF, SMALL_TALK, THANKS
from model_backend.embedded.tasks import COMPOSE, CONVERSATION, IN_LANGUAGE, PLAY, RESUME, REWRITE, TASK, TRANSLATE

Kind = Literal[
    "greeting",
    "thanks",
    "farewell",
    "small_talk",
    "self",
    "acknowledgement",
    "arithmetic",
    "date",
    "translate",
    "rewrite",
    "compose",
    "conversation",
    "search",
]

MAX_READ_CHARS = 2_000
"""Of a message that is read by rules: patterns take time by its length."""
MAX_GREETING_CHARS = 60
"""A longer message that begins with hello goes on to ask something."""

_I = re.IGNORECASE


def without_opening(text: str) -> str:
    """The message without `Hi,`, `Thanks!` and the like before it."""
    rest = text.strip()
    while True:
        shorter = OPENING.sub("", rest, count=1).strip()
        if shorter == rest or not shorter:
            return rest
        rest = shorter


def classify(question: str, turns: Sequence[Turn] = ()) -> Kind:
    """What kind of message it is; `search` for every question that pages may answer."""
    # The kind shows at the beginning; what follows is text to work on, of any length.
    question = question[:MAX_READ_CHARS]
    whole = " ".join(question.split())
    if not re.search(r"\w", whole):
        return "small_talk"
    if asks_for_the_whole(whole):
        return "rewrite"  # the page that is named is the text to work on
    if len(whole) <= MAX_GREETING_CHARS * 2 and (kind := _talk(whole)):
        return kind
    rest = without_opening(whole)
    if rest != whole:
        return classify(rest, turns)
    if calculation(rest) or conversion(rest):
        return "arithmetic"
    if len(rest) <= MAX_GREETING_CHARS and asks_date(rest):
        return "date"
    if turns and IN_LANGUAGE.fullmatch(rest):
        return "translate"
    if (CONVERSATION.search(rest) and not _asks_about_world(rest, turns)) or (not turns and RESUME.match(rest)):
        return "conversation"
    # The tasks may carry a text of many lines: they are recognised by how the message begins.
    for kind, pattern in _TASKS:
        if pattern.search(question.strip()):
            return kind
    return "search"


def _talk(message: str) -> Kind | None:
    """The kind of a message that is nothing but talk; of several clauses, the last that is more than a nod."""
    kinds = [_talk_of(message)]
    if kinds == [None]:
        kinds = [_talk_of(clause) for clause in _BETWEEN.split(message) if re.search(r"\w", clause)]
    if not kinds or None in kinds:
        return None
    return next((kind for kind in reversed(kinds) if kind != "acknowledgement"), "acknowledgement")


def _talk_of(clause: str) -> Kind | None:
    for words in (clause.strip(), _NODDING.sub("", clause.strip(), count=1)):
        for kind, pattern in _WHOLE:
            if pattern.match(words):
                return kind
    return None


_NODDING = re.compile(r"^(?:ok(?:ay)?|well|so|oh|ah|hmm|yes|no|haha|alright|那|那么|好的?|嗯|哦)[\s,，]*(?=\S)", _I)
_BETWEEN = re.compile(r"[,，.。!！?？;；:：~～…、]+\s*|\s+(?:and|but|so)\s+", _I)
_WHOLE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("greeting", GREETING),
    ("thanks", THANKS),
    ("farewell", FAREWELL),
    ("acknowledgement", ACKNOWLEDGEMENT),
    ("small_talk", SMALL_TALK),
    ("self", SELF),
)
_TASKS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("translate", TRANSLATE),
    ("rewrite", REWRITE),
    ("compose", COMPOSE),
    ("compose", TASK),
    ("compose", PLAY),
)
_PAGE_WORDS = re.compile(r"\bhttps?://|\b(?:latest|news|today|current)\b|最新|新闻", _I)


def _asks_about_world(text: str, turns: Sequence[Turn]) -> bool:
    """`What did you say` is about us; with an address or `latest` in it, it is about the world."""
    return bool(_PAGE_WORDS.search(text)) or (not turns and len(text) > 2 * MAX_GREETING_CHARS)
