"""Rules that need no model: whether to search, for what, and whether an answer abstains.

The embedded model decides by them; the agent uses them to start searching early, and as the last rung when a model
server gives no usable decision. All pure functions.
"""

from collections.abc import Sequence

from model_backend.chat import Turn
from model_backend.embedded import decide, followup, query
from model_backend.embedded.wording import ABSTENTION_PREFIXES, is_abstention

__all__ = ["ABSTENTION_PREFIXES", "is_abstention", "needs_search", "search_query", "standalone_question"]


def needs_search(question: str, turns: Sequence[Turn] = ()) -> bool:
    """Whether pages must be read: always but for greetings, thanks, sums, tasks on given text, talk about the talk."""
    return decide.classify(question, turns) == "search"


def standalone_question(question: str, turns: Sequence[Turn] = ()) -> str:
    """The question with everything it needs from earlier turns; unchanged when it needs nothing."""
    return followup.standalone_question(question, turns)


def search_query(question: str, turns: Sequence[Turn] = ()) -> str:
    """A short query, understandable on its own, in the question's language; never empty unless the question is."""
    return query.search_query(question, turns)
