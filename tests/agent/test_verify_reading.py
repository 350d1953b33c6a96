from hypothesis import given
from hypothesis import strategies as st

from agent.verify import Evidence, Verifier
from agent.verify.reading import Reading


def test_names_are_told_from_the_capital_at_the_head_of_a_sentence() -> None:
    assert Reading("Visitors may climb Kestrel Tower.").names == {"kestrel", "tower"}
    assert "kestrel" in Reading("Kestrel Tower is high.").names


def test_two_negations_are_none() -> None:
    assert Reading("It is not open.").negated
    assert not Reading("It is not never open.").negated
    assert Reading("冬季不开放。").negated
    assert not Reading("颜色各不相同。").negated


@given(st.text(max_size=200))
def test_every_token_stands_where_it_says(text: str) -> None:
    for token in Reading(text).tokens:
        assert text[token.start : token.end] == token.raw or len(token.raw) == token.end - token.start


WORDS = ["The", "US", "Kestrel", "3rd", "x86", "U.S.", "1,024", "it", "IT", "2.5kg", "-", "."]


@given(
    st.one_of(st.text(st.characters(max_codepoint=127), max_size=120), st.lists(st.sampled_from(WORDS)).map(" ".join))
)
def test_words_without_their_places_are_the_same_words(text: str) -> None:
    reading = Reading(text)
    assert reading.forms == [token.form for token in reading.tokens]
    assert reading.units == [(token.form, token.kind) for token in reading.tokens if token.kind != "stop"]


@given(st.text(max_size=120), st.text(max_size=200))
def test_any_two_texts_get_a_verdict_whose_window_is_in_the_evidence(claim: str, text: str) -> None:
    support = Verifier([Evidence(number=1, url="u", start=0, text=text)]).judge(claim)
    assert support.verdict in ("supported", "unsupported", "contradicted")
    assert 0 <= support.score <= 1
    assert 0 <= support.start <= support.end <= len(text)
