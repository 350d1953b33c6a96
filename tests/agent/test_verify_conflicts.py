"""What plainly differs is never called supported, in either language."""

import pytest

from agent.verify import Evidence, Support, Verifier

ENGLISH = (
    "The Cold Narrows Bridge joins Harrowick to Little Harrow. It was opened on 18 September 1971. "
    "The bridge is 1,248 metres long. Its two towers stand 94 metres above the water, and ships up to 36 metres high "
    "can pass beneath the deck. Walkers use the path on the south side. The toll was 3 crowns."
)
CHINESE = (
    "青篁江发源于云笠峰北麓，向东流入东泽湖。青篁江全长286公里，流域面积5430平方公里。江上的船运在1978年停止。"
    "最长的支流是白岩溪，长68公里。每年3月1日至6月30日为禁渔期，游客不得钓鱼。"
)


def judge(claim: str) -> Support:
    text = ENGLISH if claim.isascii() else CHINESE
    return Verifier([Evidence(number=1, url="u", start=0, text=text, title="")]).judge(claim)


@pytest.mark.parametrize(
    "claim",
    [
        "The bridge is 1248 metres long.",
        "The bridge is 1.248 km long.",
        "The bridge is about 1,250 metres long.",
        "The Cold Narrows Bridge was opened on September 18, 1971.",
        "According to the page, the two towers stand 94 metres above the water.",
        "青篁江全长二百八十六公里。",
        "据网页介绍，青篁江流域面积5430平方公里。",
        "青篁江起源于云笠峰北麓。",
    ],
)
def test_the_same_in_another_form_is_supported(claim: str) -> None:
    assert judge(claim).verdict == "supported"


@pytest.mark.parametrize(
    "claim",
    [
        "The bridge is 1,348 metres long.",
        "The bridge is 94 metres long.",
        "The two towers stand 36 metres above the water, and ships up to 94 metres high can pass beneath the deck.",
        "The Cold Narrows Bridge was opened on 18 September 1972.",
        "Walkers use the path on the north side.",
        "Walkers may not use the path on the south side.",
        "The Cold Narrows Bridge joins Harrowick to Port Ansley.",
        "The Stone Gate Bridge joins Harrowick to Little Harrow.",
        "青篁江全长二百八十七公里。",
        "青篁江全长68公里，流域面积5430平方公里。",
        "青篁江发源于云笠峰南麓，向东流入东泽湖。",
        "青篁江发源于白岩山北麓，向东流入东泽湖。",
        "江上的船运在1978年没有停止。",
        "每年3月1日至6月30日为禁渔期，游客可以钓鱼。",
    ],
)
def test_one_thing_changed_is_not_supported_and_the_reason_says_what(claim: str) -> None:
    support = judge(claim)
    assert support.verdict in ("contradicted", "unsupported")
    assert support.reason
    assert support.score <= 0.5


def test_a_reason_names_both_values() -> None:
    reason = judge("The bridge is 1,348 metres long.").reason
    assert "1,348" in reason
    assert "1,248" in reason


def test_a_source_that_agrees_wins_over_one_that_does_not() -> None:
    other = Evidence(number=2, url="v", start=0, text="The bridge is 1,250 metres long.")
    verifier = Verifier([Evidence(number=1, url="u", start=0, text=ENGLISH), other])
    assert verifier.judge("The bridge is 1,250 metres long.").verdict == "supported"
    assert verifier.judge("The bridge is 1,250 metres long.", {1}).verdict == "contradicted"


BIOGRAPHY = (
    "The Harrow Ensemble was led by Michelle Jensen until 12 May 2017. MJ wrote songs for Norway, Sweden, Denmark and "
    "Finland. She is 57 years of age and not only plays the harp but builds harps."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Michelle Jensen wrote songs for Norway, Sweden, Denmark and Finland.",
        "MJ wrote songs for Finland, Norway, Sweden and Denmark.",
        "The Harrow Ensemble was led by Michelle Jensen until 2017.",
        "She is aged 57 and plays the harp.",
        "4. MJ wrote songs for Norway, Sweden, Denmark and Finland.",
    ],
)
def test_what_only_looks_different_is_no_conflict(claim: str) -> None:
    verifier = Verifier([Evidence(number=1, url="u", start=0, text=BIOGRAPHY)])
    assert verifier.judge(claim).verdict == "supported"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The board approved 12 projects.", "The board approved 12 million dollars for projects."),
        ("The ferry carries 57 passengers.", "The ferry carries 57 tons of passengers' luggage."),
        ("There are 5 wells on the hill.", "There is a hill 5 km away with wells."),
    ],
)
def test_a_count_of_other_things_is_not_the_same_number(claim: str, source: str) -> None:
    assert Verifier([Evidence(number=1, url="u", start=0, text=source)]).judge(claim).verdict != "supported"


def test_the_same_words_scattered_over_sentences_are_not_taken_literally() -> None:
    text = "Ann of the harbour met the mayor. The bridge was painted. The mayor had the tower of the school built."
    verifier = Verifier([Evidence(number=1, url="u", start=0, text=text)])
    assert verifier.judge("The harbour had the bridge of Ann painted, the mayor built.").score < 0.9


@pytest.mark.parametrize("row", ["1 ", "37 "])
def test_a_row_of_numbers_is_judged_at_once(row: str) -> None:
    from time import process_time

    verifier = Verifier([Evidence(number=1, url="u", start=0, text=row * 400)])
    started = process_time()
    verifier.judge(row * 200)  # 4 s when each number was sought among all that are like another
    assert process_time() - started < 1.0
