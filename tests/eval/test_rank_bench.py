import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval import rank_bench


def write(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path.with_suffix(".jsonl.gz"), "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mill = "The mill by the river was opened in 1897 by the council."
    write(
        tmp_path / "rgb" / "zh_refine",
        {"query": "磨坊建于哪年", "answer": ["1897年"], "positive": ["磨坊建于1897年。"], "negative": ["河水上涨。"]},
    )
    write(
        tmp_path / "nq" / "nq_open_oracle",
        {"question": "when was the mill opened", "answers": ["1897"], "ctxs": [{"title": "Mill", "text": mill}]},
    )
    write(
        tmp_path / "ramdocs" / "ramdocs",
        {
            "question": "When was the mill opened?",
            "documents": [{"text": mill}],
            "gold_answers": ["1897", "unheard of"],
        },
    )
    write(
        tmp_path / "realtimeqa" / "qa",
        {
            "question_id": "1",
            "question_sentence": "Who opened the mill?",
            "choices": ["The king", "The council"],
            "answer": ["1"],
        },
    )
    write(
        tmp_path / "realtimeqa" / "search_results",
        {"question_id": "1", "search_result": [{"url": "u", "title": "t", "text": mill}, {"url": "v", "title": "t"}]},
    )
    return tmp_path


def test_every_set_is_measured_for_us_and_for_each_chunk_length(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["rank_bench", str(folder)])
    rank_bench.main()
    lines = capsys.readouterr().out.splitlines()[1:]
    assert len(lines) == 4 * (1 + len(rank_bench.CHUNK_CHARS))
    assert {line.split()[0] for line in lines} == set(rank_bench.SETS)
    # One question each, and its answer is found.
    assert all(" 1   1.000" in line for line in lines)


def test_an_answer_that_no_page_holds_is_not_counted(folder: Path) -> None:
    (case,) = map(rank_bench._reachable, rank_bench.SETS["ramdocs"](folder))
    assert case.answers == [["1897"]]


def test_the_pool_is_the_same_every_time() -> None:
    own, others = [("", "mine")], [("", f"other {n}") for n in range(300)]
    first, second = rank_bench._pooled(own, others, 7), rank_bench._pooled(own, others, 7)
    assert first == second
    assert len(first) == rank_bench.POOL_PAGES
    assert "mine" in [page.text for page in first]
