import random

from hypothesis import given, settings
from hypothesis import strategies as st

from eval.parser_fuzz import PARSERS, fuzz, hear, make_reply, mutate
from model_backend.dialects import Piece


def test_random_replies_lose_no_text_miss_no_call_and_make_none_up() -> None:
    assert fuzz(1500, seed=20) == {}


class Forgetful:
    """A parser that loses the last character of every piece."""

    broken = ""

    def feed(self, text: str) -> list[Piece]:
        return [text[:-1]]

    def finish(self) -> list[Piece]:
        return []


def test_the_fuzz_itself_sees_lost_text() -> None:
    assert hear(Forgetful(), ["ab", "cd"]) != hear(Forgetful(), ["abcd"])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(sorted(PARSERS)), st.booleans())
def test_split_at_every_character_a_reply_means_the_same(seed: int, dialect: str, mutated: bool) -> None:
    rng = random.Random(seed)
    reply = make_reply(dialect, rng)
    text = mutate(reply.text, rng) if mutated else reply.text
    whole = hear(PARSERS[dialect](), [text])
    assert hear(PARSERS[dialect](), list(text)) == whole
    for at in range(0, len(text), 7):
        assert hear(PARSERS[dialect](), [text[:at], text[at:]]) == whole
    if not mutated:
        assert whole == reply.expected


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(sorted(PARSERS)))
def test_any_text_at_all_is_taken(text: str, dialect: str) -> None:
    assert hear(PARSERS[dialect](), list(text)) == hear(PARSERS[dialect](), [text])
