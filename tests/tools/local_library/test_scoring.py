from tools.local_library.question import Reading, read_question
from tools.local_library.scoring import SectionTerms, Weights, rarity, score_page, score_section, score_title, weigh

READING = Reading((("shallow",), ("clone",), ("depth",)))
COUNTS = {"shallow": 5, "clone": 80, "depth": 20}
WEIGHTS = weigh(READING, COUNTS, 1_000)


def section(body: str, *, title: str = "", headings: str = "") -> SectionTerms:
    return SectionTerms(frozenset(title.split()), frozenset(headings.split()), body.split())


def score(body: str, *, title: str = "", headings: str = "") -> float:
    return score_section(section(body, title=title, headings=headings), READING, WEIGHTS)


def test_a_rarer_word_says_more() -> None:
    assert rarity(5, 1_000) > rarity(500, 1_000) > 0
    assert rarity(0, 1_000) == 0
    assert score("x shallow x") > score("x clone x")


def test_more_of_the_question_is_better_than_more_of_one_word() -> None:
    assert score("shallow x x x clone") > score("shallow x x x shallow x x x shallow")


def test_words_that_stand_together_count_more() -> None:
    assert score("shallow clone x x x x x x") > score("shallow x x x x x x clone")


def test_a_word_in_title_or_heading_counts_more_than_in_the_text() -> None:
    assert score("x", title="clone") > score("x", headings="clone") > score("clone x")


def test_a_title_that_says_only_what_is_asked_is_best() -> None:
    exact = score_title(frozenset(["shallow", "clone"]), READING, WEIGHTS)
    longer = score_title(frozenset(["shallow", "clone", "a", "b", "c"]), READING, WEIGHTS)
    assert exact > longer > score_title(frozenset(["a"]), READING, WEIGHTS) == 0


def test_a_page_with_two_good_sections_beats_one_with_one() -> None:
    assert score_page([0.8, 0.7], lead=0, title=0) > score_page([0.8], lead=0, title=0)
    assert score_page([0.8, *[0.1] * 50], lead=0, title=0) < 1.0


def test_a_word_that_no_page_has_is_missed_by_every_page() -> None:
    known = Reading((("clone",),))
    asked = Reading((("clone",), ("zzz",)))
    made_of = section("clone x x")
    alone = score_section(made_of, known, weigh(known, COUNTS, 1_000))
    assert score_section(made_of, asked, weigh(asked, COUNTS, 1_000)) < alone


def test_a_latin_name_in_a_chinese_question_weighs_as_much_as_any_word() -> None:
    own = read_question("怎样用 git 打标签")[0]
    weights = weigh(own, {"git": 900, "标签": 3}, 1_000)
    assert weights.groups[0] == max(weights.groups)


def test_nothing_known_scores_nothing() -> None:
    assert score_section(section("a b"), READING, Weights((0.0, 0.0, 0.0), {}, 0.0)) == 0.0
