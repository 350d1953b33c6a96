"""A cross-encoder through ONNX: a tiny one, made here, that calls every pair with a `not` in it a contradiction."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.errors import Misconfigured
from agent.verify.cross_encoder import CrossEncoder, open_cross_encoder
from agent.verify.opinion import Pair

pytest.importorskip("onnxruntime")
onnx = pytest.importorskip("onnx")
tokenizers = pytest.importorskip("tokenizers")

WORDS = ["[PAD]", "[UNK]", "[SEP]", "not"]
LABELS = {"0": "CONTRADICTION", "1": "neutral", "2": "Entailment"}
AGREES = Pair("The tower is high.", "The tower is high.")
DENIES = Pair("The tower is high.", "The tower is not high.")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model")
    (path / "config.json").write_text(json.dumps({"id2label": LABELS}))
    tokenizer = tokenizers.Tokenizer(
        tokenizers.models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="$A", pair="$A [SEP] $B:1", special_tokens=[("[SEP]", 2)]
    )
    tokenizer.save(str(path / "tokenizer.json"))
    onnx.save(denial_model(), str(path / "model.onnx"))
    return path


def denial_model() -> object:
    """Logits (3 * how often `not` stands there, 0, 1)."""
    helper, kinds = onnx.helper, onnx.TensorProto
    nodes = [
        helper.make_node("Equal", ["input_ids", "not"], ["is_not"]),
        helper.make_node("Cast", ["is_not"], ["hits"], to=kinds.FLOAT),
        helper.make_node("ReduceSum", ["hits", "axis"], ["count"], keepdims=1),
        helper.make_node("MatMul", ["count", "row"], ["scaled"]),
        helper.make_node("Add", ["scaled", "base"], ["logits"]),
    ]
    constants = [
        helper.make_tensor("not", kinds.INT64, [1], [WORDS.index("not")]),
        helper.make_tensor("axis", kinds.INT64, [1], [1]),
        helper.make_tensor("row", kinds.FLOAT, [1, 3], [3.0, 0.0, 0.0]),
        helper.make_tensor("base", kinds.FLOAT, [3], [0.0, 0.0, 1.0]),
    ]
    shapes = [helper.make_tensor_value_info("input_ids", kinds.INT64, ["pairs", "tokens"])]
    out = [helper.make_tensor_value_info("logits", kinds.FLOAT, ["pairs", 3])]
    graph = helper.make_graph(nodes, "denial", shapes, out, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.fixture
def encoder(folder: Path) -> Iterator[CrossEncoder]:
    opened = open_cross_encoder(folder)
    yield opened
    opened._thread.shutdown()


async def test_outputs_are_read_by_their_names_whatever_their_order(encoder: CrossEncoder) -> None:
    agrees, denies = await encoder.opinions([AGREES, DENIES], timeout_s=10)
    assert agrees is not None
    assert denies is not None
    assert agrees.supported > 0.5 > denies.supported
    assert denies.contradicted > 0.5 > agrees.contradicted


async def test_opinions_come_in_the_order_of_the_pairs(encoder: CrossEncoder) -> None:
    longer = Pair("The tower is high.", "word " * 400)
    pairs = [longer, DENIES, AGREES, *[DENIES] * 20, AGREES]
    found = await encoder.opinions(pairs, timeout_s=10)
    assert [one is not None and one.contradicted > 0.5 for one in found] == [pair is DENIES for pair in pairs]


async def test_without_time_there_is_no_opinion_and_nobody_waits(encoder: CrossEncoder) -> None:
    started = time.monotonic()
    assert await encoder.opinions([AGREES] * 5, timeout_s=0) == [None] * 5
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_missing_file_is_named_with_the_remedy(folder: Path, tmp_path: Path, missing: str) -> None:
    for path in folder.iterdir():
        if path.name != missing:
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(Misconfigured, match=missing) as raised:
        open_cross_encoder(tmp_path)
    assert "model.onnx, tokenizer.json and config.json" in raised.value.remedy


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", '{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}'),
        ("config.json", "{}"),
        ("model.onnx", "no model"),
        ("tokenizer.json", "{"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused_in_a_sentence(
    folder: Path, tmp_path: Path, name: str, content: str
) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_text(content)
    with pytest.raises(Misconfigured) as raised:
        open_cross_encoder(tmp_path)
    assert raised.value.remedy
