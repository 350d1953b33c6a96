from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from tools.pages import Passage
from tools.rank import coverage, query_weights, rank

WORDS = st.lists(
    st.sampled_from(["river", "rises", "town", "flood", "2024", "香港", "立法会", "the", "U.S."]), max_size=12
)


def passage(text: str, url: str = "https://a.example/", start: int = 0, headings: str = "") -> Passage:
    return Passage(url=url, start=start, end=start + len(text), text=text, headings=headings)


def texts(passages: list[Passage], *queries: str) -> list[str]:
    return [one.passage.text for one in rank(passages, queries)]


@given(st.lists(WORDS, max_size=8), st.lists(WORDS, max_size=3))
def test_every_passage_comes_back_once_best_first(bodies: list[list[str]], queries: list[list[str]]) -> None:
    passages = [passage(" ".join(body), start=100 * n) for n, body in enumerate(bodies)]
    ranked = rank(passages, [" ".join(query) for query in queries])
    assert sorted(one.passage.start for one in ranked) == [one.start for one in passages]
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)
    assert all(one.score >= 0 for one in ranked)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_ranked(question: str, body: str) -> None:
    assert len(rank([passage(body), passage(body, start=99)], [question])) == 2
    assert 0 <= coverage(question, [body]) <= 1


def test_the_passage_that_answers_comes_first() -> None:
    answer = "The town hall was built in 1897 by the council."
    others = ["The river rises in spring.", "The town lies by the river.", "A hall is a large room."]
    assert (
        texts([passage(text, start=n) for n, text in enumerate([*others, answer])], "When was the town hall built?")[0]
        == answer
    )


def test_how_many_there_can_be_is_told_where_a_maximum_is() -> None:
    answer = "The maximum is 40 boats."
    others = ["Nobody counts the boats.", "The boats of the harbour are old.", "Every boat has a rope."]
    assert texts([passage(text, start=n) for n, text in enumerate([*others, answer])], "How many boats can it hold?")[
        0
    ] == (answer)


def test_the_chinese_passage_that_answers_comes_first() -> None:
    answer = "市政厅建于1897年，由议会出资。"
    others = ["这条河在春天上涨。", "小镇位于河边，议会每年开会。", "大厅是一个大房间。"]
    assert (
        texts([passage(text, start=n) for n, text in enumerate([*others, answer])], "市政厅是什么时候建的？")[0]
        == answer
    )


def test_forms_of_a_word_match() -> None:
    passages = [passage("Nothing here."), passage("They were running the U.S. studies in Röntgen's room.", start=50)]
    for question in ("run", "the US economy", "study", "rontgen"):
        assert rank(passages, [question])[0].passage.start == 50


def test_a_rare_term_counts_more_than_a_common_one() -> None:
    passages = [passage("river " * 3, start=n) for n in range(5)] + [passage("zeppelin here now", start=9)]
    assert texts(passages, "river zeppelin")[0].startswith("zeppelin")


def test_headings_and_titles_count_less_than_the_text() -> None:
    inside = passage("the zeppelin landed there", start=1)
    headed = passage("it landed right over there", start=2, headings="Zeppelin")
    titled = passage("it landed right over there", url="https://b.example/", start=3)
    nothing = passage("it landed right over there", start=4)
    ranked = rank([nothing, titled, headed, inside], ["zeppelin"], titles={"https://b.example/": "Zeppelin"})
    assert ranked[0].passage == inside
    assert {one.passage.start for one in ranked[1:3]} == {2, 3}
    assert ranked[-1].score == 0


def test_the_opening_of_a_page_named_after_the_matter_comes_before_a_page_that_repeats_it() -> None:
    opening = passage("A zeppelin is a ship that flies with gas.", url="https://a.example/")
    later = passage("Its zeppelin crew, its zeppelin gas, its zeppelin hall.", url="https://a.example/", start=900)
    repeats = passage("A list: zeppelin zeppelin zeppelin.", url="https://b.example/")
    ranked = rank([opening, later, repeats], ["What is a zeppelin?"], titles={"https://a.example/": "Zeppelin"})
    assert ranked[0].passage == opening
    assert ranked[0].score == max(one.score for one in ranked)


def test_a_line_that_begins_with_the_matter_lifts_its_passage() -> None:
    glossary = passage("hull: The body of a ship.\nzeppelin: A ship that flies with gas.\nyard: A spar.", start=500)
    repeats = passage("There the zeppelin met a ship of the line in the fog.", start=900)
    filler = [passage("nothing of note", start=n) for n in range(600, 605)]
    assert texts([*filler, repeats, glossary], "What is a zeppelin?")[0].startswith("hull")


def test_the_opening_of_a_page_whose_title_spells_the_letters_asked_for_is_lifted() -> None:
    opening = passage(
        "The usual way is a journal. A new way of writing ahead is known here as ZPL.", url="https://a.example/"
    )
    repeats = [passage("In ZPL mode the ZPL file of ZPL is read.", url="https://b.example/", start=n) for n in range(4)]
    repeats += [passage("nothing of note", url="https://b.example/", start=n) for n in range(600, 609)]
    titles = {"https://a.example/": "Zero Page Logging", "https://b.example/": "ZPL mode"}
    assert share_of_best(opening, repeats, titles) > 0.9
    assert share_of_best(opening, repeats, {"https://b.example/": "ZPL mode"}) < 0.3


def share_of_best(one: Passage, others: Sequence[Passage], titles: Mapping[str, str]) -> float:
    ranked = rank([*others, one], ["What is ZPL mode?"], titles=titles)
    return next(found.score for found in ranked if found.passage == one) / ranked[0].score


def test_a_passage_that_says_what_a_thing_is_is_lifted_where_that_is_asked() -> None:
    told = passage(
        "Gas is light and free. In the trade, zeppelins are ships that fly with gas all the time.", start=500
    )
    repeats = passage("There the zeppelin met a ship of the line in the fog.", start=900)
    filler = [passage("nothing of note", start=n) for n in range(600, 605)]
    assert texts([*filler, repeats, told], "What is a zeppelin?")[0].startswith("Gas")
    assert texts([*filler, repeats, told], "Which zeppelin is it?")[0].startswith("There")


def test_the_matter_of_a_chinese_question_is_found_in_english_pages_by_its_translation() -> None:
    opening = passage("A zeppelin is a ship that flies with gas.", url="https://a.example/")
    repeats = passage("A list: zeppelin zeppelin zeppelin.", url="https://b.example/")
    ranked = rank([repeats, opening], ["什么是飞艇？", "zeppelin", "飞艇"], titles={"https://a.example/": "Zeppelin"})
    assert ranked[0].score == ranked[1].score
    assert ranked[0].score > rank([repeats, opening], ["什么是飞艇？", "zeppelin", "飞艇"])[1].score


def test_what_is_asked_of_a_matter_is_not_sought_in_openings() -> None:
    opening = passage("The zeppelin of the town.", url="https://a.example/")
    told = passage("The zeppelin landed in the town at night, on the roof of the hall.", url="https://b.example/")
    question = "On which roof did the zeppelin land at night in the town?"
    assert rank([opening, told], [question], titles={"https://a.example/": "Zeppelin"})[0].passage == told


def test_ties_go_by_the_order_of_the_pages_and_of_the_text() -> None:
    passages = [
        passage("same words", url="https://z.example/", start=5),
        passage("same words", url="https://z.example/", start=0),
        passage("same words", url="https://a.example/", start=0),
    ]
    found = [(one.passage.url[8], one.passage.start) for one in rank(passages, ["words"])]
    assert found == [("z", 0), ("z", 5), ("a", 0)]


def test_a_term_that_question_and_query_share_counts_most() -> None:
    weights = query_weights(["Where does the river rise?", "river source"])
    assert weights["river"] > weights["sourc"] == weights["rise"]


def test_coverage_is_whole_when_all_is_there_and_little_when_the_name_is_missing() -> None:
    pages = ["The mayor of the town opened the bridge.", "A mayor is elected every four years."]
    assert coverage("Who opened the bridge?", pages) == 1.0
    assert coverage("Who is the mayor of Zorbville?", pages) < 0.5
    assert coverage("谁是佐布维尔的市长", ["市长每四年选举一次。"]) < 0.5
    assert coverage("市长选举是什么时候", ["市长选举每四年举行一次。"]) > 0.7


def test_coverage_does_not_ask_for_the_words_that_ask() -> None:
    assert coverage("What is the population of Lowtown?", ["Lowtown has 3,500 inhabitants."]) > 0.6


def test_coverage_at_the_edges() -> None:
    assert coverage("What is it?", []) == 1.0
    assert coverage("Which river?", []) == 0.0


def test_a_passage_with_the_sign_asked_for_comes_first() -> None:
    signs = passage("$! | the last ferry in the script", start=0)
    words = passage("A script of the ferry is a script for a ferry.", start=100)
    assert texts([words, signs], "What does $! mean in the ferry script?")[0] == signs.text
