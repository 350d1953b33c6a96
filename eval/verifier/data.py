"""Pairs of a claim and evidence with a person's judgement, out of public data that lies elsewhere.

Nothing of the data is part of this project: the folder is given by the caller. Files are known by checksum, so that a
figure is never told of other data than it was measured on.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from agent.answer import Verdict

_MARK = re.compile(r"\s?\[\d+\]")
_ADDRESS_LINE = re.compile(r"^\[\d+\]\s*\S*\n")
_FIELD = re.compile(r"^(?:Title|Text):\s*", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One judged claim."""

    claim: str
    evidence: tuple[str, ...]
    verdict: Verdict
    """What people said; `unsupported` covers what the evidence does not (fully) say."""
    part: str
    """Part of the data set it comes from: figures are told by part."""
    group: str
    """Pairs of one group (question or claim) never stand on both sides of a split."""
    question: str = ""


class DataMissing(Exception):
    """A file of the evaluation data is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no file {path}. Point ASTERISM_EVAL__DATA_DIR (or --data) at the folder of the evaluation data."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A file that is known."""

    file: str
    """Below the data folder."""
    sha256: str
    """Of the file that the published figures were measured on."""
    parse: Callable[[dict[str, object]], Iterator[Pair]]


def load(name: str, folder: Path) -> list[Pair]:
    """The pairs of one data set, in file order.

    Raises:
        DataMissing: when the file is not there.
        ValueError: when a line is not what it should be.
    """
    path = folder / DATA_SETS[name].file
    if not path.is_file():
        raise DataMissing(path)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [pair for line in lines if line.strip() for pair in DATA_SETS[name].parse(json.loads(line))]


def is_known(name: str, folder: Path) -> bool:
    """Whether the file is byte for byte the one that figures were published for."""
    return hashlib.sha256((folder / DATA_SETS[name].file).read_bytes()).hexdigest() == DATA_SETS[name].sha256


def _attributionbench(row: dict[str, object]) -> Iterator[Pair]:
    references = row["references"]
    assert isinstance(references, list)
    question = str(row["question"])
    yield Pair(
        claim=_MARK.sub("", str(row["claim"])),
        evidence=tuple(_FIELD.sub("", _ADDRESS_LINE.sub("", str(text))) for text in references),
        verdict="supported" if row["attribution_label"] == "attributable" else "unsupported",
        part=str(row["src_dataset"]),
        group=question,
        question=question,
    )


def _wice(row: dict[str, object]) -> Iterator[Pair]:
    evidence = row["evidence"]
    assert isinstance(evidence, list)
    claim = str(row["claim"])
    yield Pair(
        claim=claim,
        evidence=("\n".join(str(sentence) for sentence in evidence),),
        verdict="supported" if row["label"] == "supported" else "unsupported",
        part=str(row["label"]),
        group=claim,
    )


def _factcheck(row: dict[str, object]) -> Iterator[Pair]:
    stance = str(row["stance"])
    verdicts: dict[str, Verdict] = {"completely-support": "supported", "refute": "contradicted"}
    claim = str(row["claim"])
    yield Pair(
        claim=claim,
        evidence=(str(row["evidence"]),),
        verdict=verdicts.get(stance, "unsupported"),
        part=stance,
        group=claim,
    )


_ASKED = re.compile(
    r"什么时候|何时|哪一?年|哪一?天|几月几日|哪个城市|哪座城市|哪个国家|哪国|哪里|哪儿|在哪|哪所大学|哪家公司|哪个|哪位|哪一?部|哪一?届|"
    r"是谁|谁|多少个|多少|几个|几岁|什么"
)


def _rgb(row: dict[str, object]) -> Iterator[Pair]:
    """Constructed, not judged by people: the question with its answer put in, beside true and falsified results."""
    question = str(row["query"])
    spot = _ASKED.search(question)
    answer, fake = _first(row["answer"]), str(row["fakeanswer"])
    true, false = _texts(row["positive"]), _texts(row["positive_wrong"])
    for place, text in enumerate(true):
        if answer in text and place < len(false):
            yield _rgb_pair(text, true, "supported", "same sentence", question)
            yield _rgb_pair(text, false, "contradicted", "same sentence", question)
            break
    if spot:
        kept = "是" if spot.group() == "是谁" else "在" if spot.group() == "在哪" else ""
        told: list[tuple[str, Verdict]] = [(answer, "supported"), (fake, "contradicted")]
        for said, verdict in told:
            claim = (question[: spot.start()] + kept + said + question[spot.end() :]).rstrip("？?")
            yield _rgb_pair(f"{claim}。", true, verdict, "question as a statement", question)


def _rgb_pair(claim: str, texts: list[str], verdict: Verdict, part: str, question: str) -> Pair:
    return Pair(claim=claim, evidence=tuple(texts), verdict=verdict, part=part, group=question, question=question)


def _first(value: object) -> str:
    while isinstance(value, list):
        value = value[0]
    return str(value)


def _texts(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(text) for text in value]


DATA_SETS: dict[str, DataSet] = {
    "attributionbench": DataSet(
        file="attributionbench/dev.jsonl.gz",
        sha256="3f7c2976193f40a454c5507a58f575f9d4f9ed0715b544788237ad0b08342236",
        parse=_attributionbench,
    ),
    "wice": DataSet(
        file="wice/claim_dev.jsonl.gz",
        sha256="3af0d8489a3a23b9a44ecee7263398598249694131fb16a22e18b2a29086ac88",
        parse=_wice,
    ),
    "factcheck_gpt": DataSet(
        file="factcheck_gpt/claim_evidence_stance.jsonl.gz",
        sha256="60175fe60c67913a68f46db988b272588f8a097074bba2b610ae31bb177f900b",
        parse=_factcheck,
    ),
    "rgb_zh_fact": DataSet(
        file="rgb/zh_fact.jsonl.gz",
        sha256="b457fc92886f9a5e645d917f5dc4c4672186b93f9f4ffd7a7b8f04e8a97b1b53",
        parse=_rgb,
    ),
}
"""By name; licences and provenance are in `eval/README.md`."""
