from agent.cite import normalise_marks
from agent.claims import split_claims


def texts(answer: str) -> list[str]:
    return [claim.text for claim in split_claims(answer) if claim.checkable]


def test_english_and_chinese_sentences_are_claims() -> None:
    assert texts("The tower is 5 m high [1]. It was built in 1901 [2].") == [
        "The tower is 5 m high.",
        "It was built in 1901.",
    ]
    assert texts("塔高五米[1]。它建于1901年[2]！") == ["塔高五米。", "它建于1901年！"]


def test_marks_after_the_full_stop_belong_to_the_sentence_before() -> None:
    first, second = split_claims("It is 5 m high. [1] It is red. [2]")
    assert (first.citations, second.citations) == ((1,), (2,))


def test_list_items_and_table_rows_are_claims_of_their_own() -> None:
    items = "Options:\n- `--onto` moves the branch [1]\n- `--root` rewrites all [2]\n\n"
    answer = items + "| name | size |\n|---|---|\n| a | 5 [1] |"
    assert texts(answer)[:2] == ["`--onto` moves the branch", "`--root` rewrites all"]
    assert "a | 5" in texts(answer)


def test_code_blocks_hold_no_claims() -> None:
    assert texts("Run this [1].\n\n```sh\ngit rebase. It is not a claim.\n```\n") == ["Run this."]


def test_greetings_hedges_questions_and_abstentions_are_not_checked() -> None:
    for words in (
        "Hello! How can I help?",
        "你好！",
        "I could not find an answer to this.",
        "I am not sure about it.",
        "Options:",
    ):
        assert texts(words) == [], words


def test_a_claim_whose_mark_names_no_source_knows_it() -> None:
    text, orphans = normalise_marks("The tower is 5 m high [9]. It is red [1].", frozenset({1}))
    first, second = split_claims(text, orphans)
    assert first.orphan
    assert first.citations == ()
    assert not second.orphan


def test_spans_slice_the_answer() -> None:
    answer = "- One thing is so [1].\n- 另一件事[2]。\nA. B [3]."
    for claim in split_claims(answer):
        assert claim.text.rstrip("。.").split()[0] in answer[claim.start : claim.end]
