from pathlib import Path

import pytest

from eval.harness.rightness import Holds
from eval.suites.rgb import PARTS, falsified, integrated, load, mixed, spellings
from tests.eval.evaldata import BRIDGES, write_rgb
from tools.search import SearchRequest

GOOD, BAD = ["g1", "g2", "g3", "g4", "g5", "g6"], ["b1", "b2", "b3", "b4", "b5", "b6"]


@pytest.mark.parametrize(("noise", "good"), [(0.0, 5), (0.2, 4), (0.4, 3), (0.6, 2), (0.8, 1)])
def test_the_share_of_noise_is_rounded_up(noise: float, good: int) -> None:
    chosen = mixed(GOOD, BAD, noise)
    assert (len(chosen), sum(text in GOOD for text in chosen)) == (5, good)


def test_where_one_kind_is_short_the_other_fills_up() -> None:
    assert mixed(GOOD[:2], BAD, 0.0) == ["g1", "g2", "b1", "b2", "b3"]
    assert mixed(GOOD, BAD[:1], 0.8) == ["g1", "g2", "g3", "g4", "b1"]


def test_every_part_of_a_question_has_a_document() -> None:
    parts = [["a1", "a2"], ["c1", "c2"]]
    assert integrated(parts, BAD, 0.4) == ["a1", "c1", "a2", "b1", "b2"]
    assert integrated([["a1"], ["c1"], ["d1"], ["e1"]], BAD, 0.4)[:4] == ["a1", "c1", "d1", "e1"]


def test_at_least_one_document_stays_falsified() -> None:
    row = {"positive": ["t1", "t2"], "positive_wrong": ["f1", "f2"], "negative": BAD}
    assert falsified(row, true=2) == ["t1", "f2", "b1", "b2", "b3"]
    assert falsified(row, true=0)[:2] == ["f1", "f2"]


def test_a_list_in_a_list_holds_spellings_and_a_flat_list_parts() -> None:
    assert spellings([["12", "twelve"]]) == (("12", "twelve"),)
    assert spellings(["a", "b"]) == (("a",), ("b",))
    assert spellings("a") == (("a",),)


async def test_each_case_has_five_documents_that_every_search_finds(tmp_path: Path) -> None:
    write_rgb(tmp_path)
    loaded = load(tmp_path)
    assert {case.part for case in loaded.cases} == PARTS
    by_part = {case.part: case for case in loaded.cases}
    found = await loaded.web(by_part["noise 0.4"]).search(SearchRequest(query="anything"))
    assert len(found.results) == 5
    pages = [await loaded.web(by_part["rejection"]).read(r.url) for r in found.results if "refine" in r.url]
    assert all(page.text in BRIDGES["negative"] for page in pages)
    assert not by_part["rejection"].answerable
    assert by_part["counterfactual en"].false == ("1913",)
    assert by_part["integration 0"].right == Holds((("1987年",), ("1990年", "九〇年")))


def test_the_order_of_documents_is_the_same_every_time(tmp_path: Path) -> None:
    write_rgb(tmp_path)
    assert load(tmp_path).cases == load(tmp_path).cases
