"""Small files in the formats of the evaluation data, written for these tests; nothing is taken from the data."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.settings import EvalSettings, Settings
from eval.harness.plan import Plan

BRIDGES: dict[str, Any] = {
    "id": 7,
    "query": "青潢大桥哪一年通车？",
    "answer": ["1987年"],
    "positive": [
        "青潢大桥于1987年5月通车，全长820米。",
        "1987年，青潢大桥建成通车。",
        "通车于1987年的青潢大桥跨越青潢河。",
    ],
    "negative": [f"蓝屏镇第{n}座小桥由石头砌成，没有写明年份。" for n in range(1, 7)],
}


def write_rows(folder: Path, name: str, rows: Sequence[Mapping[str, object]]) -> None:
    """A gzipped file of JSON lines below a data folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def write_rgb(folder: Path) -> None:
    """One question of each of RGB's four files."""
    write_rows(folder, "rgb/zh_refine.jsonl.gz", [BRIDGES])
    parts = {
        "id": 3,
        "query": "青潢大桥和岚坪大桥分别哪一年通车？",
        "answer": ["1987年", ["1990年", "九〇年"]],
        "positive": [BRIDGES["positive"], ["岚坪大桥于1990年通车。", "1990年通车的岚坪大桥是一座拱桥。"]],
        "negative": BRIDGES["negative"],
    }
    write_rows(folder, "rgb/zh_int.jsonl.gz", [parts])
    fact = {**BRIDGES, "answer": "1987年", "fakeanswer": "1978年"}
    true = BRIDGES["positive"]
    fact["positive_wrong"] = [text.replace("1987", "1978") for text in true]
    write_rows(folder, "rgb/zh_fact.jsonl.gz", [fact])
    english = {
        "id": 0,
        "query": "When did the Cold Narrows Bridge open?",
        "answer": [["1931", "nineteen thirty-one"]],
        "fakeanswer": "1913",
        "positive": [
            "The Cold Narrows Bridge opened in 1931.",
            "Opened in 1931, the Cold Narrows Bridge is 640 m long.",
        ],
        "positive_wrong": [
            "The Cold Narrows Bridge opened in 1913.",
            "Opened in 1913, the Cold Narrows Bridge is long.",
        ],
        "negative": ["The ferry runs twice a day.", "The harbour was dug in 1888."],
    }
    write_rows(folder, "rgb/en_fact.jsonl.gz", [english])


def small_plan(folder: Path, suite: str, **changes: object) -> Plan:
    """An evaluation of one suite over files below `folder`, kept below it, too."""
    settings = Settings(eval=EvalSettings(data_dir=str(folder)))
    return Plan(**{"settings": settings, "suites": (suite,), "runs": folder / "runs", **changes})  # type: ignore[arg-type]


def tower_question(number: int) -> str:
    """A question about an invented town."""
    return f"How high is the clock tower of {TOWNS[number]}?"


def tower_height(number: int) -> int:
    """What the pages say."""
    return 41 + 2 * number


TOWNS = (
    "Ashbrook", "Bellmoor", "Corriedale", "Dunwick", "Elverstone", "Farrowby", "Gullane", "Hexworth", "Inverly",
    "Jarrow", "Keldholm", "Larkstead", "Merrowdown", "Nethercote", "Oxenholme", "Penwith", "Quarley", "Ravenscar",
    "Selworthy", "Tarrant",
)  # fmt: skip


def write_towers(folder: Path, count: int = len(TOWNS), *, gold_off_by: int = 0) -> None:
    """Questions with one passage each, in the format of the suite `alce`; the gold answers may be made wrong."""
    write_rows(
        folder,
        "nq/nq_open_oracle.jsonl.gz",
        [
            {
                "question": tower_question(n),
                "answers": [f"{tower_height(n) + gold_off_by} metres"],
                "ctxs": [
                    {
                        "title": f"Clock tower of {TOWNS[n]}",
                        "text": f"The clock tower of {TOWNS[n]} is {tower_height(n)} metres high. "
                        f"It was built by the masons of {TOWNS[n]}, and its bell is rung on market days.",
                    }
                ],
            }
            for n in range(count)
        ],
    )
