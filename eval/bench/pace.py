"""The pace of the replay servers, and the critical path that no run can beat at that pace. No I/O."""

from dataclasses import dataclass

CHARS_PER_TOKEN = 4
"""How the replay model counts tokens of the (English) prompts it gets: the usual rule of thumb."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Fixed delays. The defaults are those that other answer engines were timed with."""

    search_s: float = 0.4
    """From a query to its results."""
    page_s: float = 0.3
    """From a request for a page to its bytes."""
    first_token_s: float = 0.25
    """From a model request to its first token, beside the prefill."""
    prefill_per_s: float = 4000.0
    """Prompt tokens the model reads a second."""
    tokens_per_s: float = 80.0
    """Tokens it writes a second."""
    answer_tokens: int = 160
    """Tokens of an answer."""
    hanging_page: int = -1
    """Number of the page, within each topic, that never answers; -1 is none."""

    def first_after_s(self, prompt_tokens: int) -> float:
        """From a model request to its first token."""
        return self.first_token_s + prompt_tokens / self.prefill_per_s

    def written_after_s(self, prompt_tokens: int, tokens: int) -> float:
        """From a model request to its last token."""
        return self.first_after_s(prompt_tokens) + max(0, tokens - 1) / self.tokens_per_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What the model was asked in one run, as the replay model counted it."""

    plan_prompt: int
    """Prompt tokens of the decision."""
    plan_tokens: int
    """Tokens of the decision."""
    answer_prompt: int
    """Prompt tokens of the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalPath:
    """The earliest moments possible, in seconds from the question."""

    decided: float
    sources: float
    first_token: float
    end: float


def critical_path(pace: Pace, calls: Calls, *, fresh_search: bool) -> CriticalPath:
    """The chain of waits that is left when our own work takes no time and everything that can overlap does.

    When the model asks for the user's own words, searching and reading run beside the decision; when it asks for
    others (`fresh_search`), they can only begin after it.
    """
    decided = pace.written_after_s(calls.plan_prompt, calls.plan_tokens)
    reading = pace.search_s + pace.page_s
    sources = decided + reading if fresh_search else max(decided, reading)
    return CriticalPath(
        decided=decided,
        sources=sources,
        first_token=sources + pace.first_after_s(calls.answer_prompt),
        end=sources + pace.written_after_s(calls.answer_prompt, pace.answer_tokens),
    )
