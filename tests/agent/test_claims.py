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
        "Sure, here you go.",
        "Of course, I'd be glad to help.",
        "Certainly, I can help you with that.",
        "Thank you for your question.",
        "你好！",
        "谢谢你的提问！",
        "好的，以下是步骤：",
        "希望这对你有帮助。",
        "I could not find an answer to this.",
        "I could not find an answer to “Is it big, but light?” on the pages I read.",
        "抱歉，我没有找到答案。",
        "I am not sure about it.",
        "Options:",
    ):
        assert texts(words) == [], words


def test_what_is_said_after_politeness_is_judged_without_it() -> None:
    for opening in ("Sure, ", "Hello! I hope this helps, ", "Of course: ", "Please note that ", "Let me explain: "):
        (claim,) = (claim for claim in split_claims(f"{opening}the dam is high.") if claim.checkable)
        assert claim.full == "the dam is high."
    for opening in ("当然，", "好的，", "抱歉，", "请注意，", "我没有找到确切高度，但"):
        (claim,) = split_claims(f"{opening}大坝高900米。")
        assert (claim.full, claim.checkable) == ("大坝高900米。", True)


def test_what_follows_an_abstention_is_judged() -> None:
    (claim,) = split_claims("I could not find its exact height, but the dam is 900 metres high.")
    assert (claim.full, claim.checkable) == ("the dam is 900 metres high.", True)


def test_words_that_only_look_polite_are_the_sentence() -> None:
    for words in (
        "Sure-footed goats climb it.",
        "Hi-Fi sets were sold.",
        "Thanks to its tower it is seen.",
        "希望小学很旧。",
    ):
        (claim,) = split_claims(words)
        assert (claim.full, claim.checkable) == (words, True)


def test_what_one_wants_is_an_offer_or_with_a_mark_an_instruction() -> None:
    assert texts("If you want to know more, let me know. 如果你还需要更多信息，请告诉我。") == []
    assert texts("If you want to squash commits, use -i [1].") == ["If you want to squash commits, use -i."]
    assert texts("如果你想合并提交，请使用-i[1]。") == ["如果你想合并提交，请使用-i。"]


def test_a_heading_or_a_lead_in_with_a_mark_is_judged() -> None:
    assert texts("# The tower is 900 m high [1]") == ["The tower is 900 m high"]
    assert texts("The tower has three floors [1]:") == ["The tower has three floors:"]
    assert texts("# The tower") == []


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
