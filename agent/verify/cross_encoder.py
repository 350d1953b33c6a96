"""A cross-encoder as a layer: any model of natural-language inference in ONNX form, from a folder of the user's.

The folder holds `model.onnx` (or `onnx/model.onnx`), `tokenizer.json`, and `config.json`, whose `id2label` says which
output is which. Needs the extra `verify`. It works in a thread of its own: ONNX Runtime and the tokenizer let go of
the interpreter while they work, so the event loop goes on.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from agent.errors import Misconfigured
from agent.verify.opinion import Opinion, Pair

if TYPE_CHECKING:
    import numpy as np

MAX_TOKENS = 256
"""Of claim and evidence together; the longer one is cut first. Such models are trained on few more."""
BATCH = 8
"""Pairs that run at once: between two batches the time is looked at, and a cancelled run stops."""
REASON = "the cross-encoder does not find it in the source"


class CrossEncoder:
    """Judges pairs by one model. Open it with `open_cross_encoder`."""

    def __init__(self, session: Any, tokenizer: Any, labels: Sequence[str]) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._inputs = [one.name for one in session.get_inputs()]
        self._supports = labels.index("entail")
        self._contradicts = labels.index("contradict") if "contradict" in labels else None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cross-encoder")

    @property
    def name(self) -> str:
        """See `Layer`."""
        return "cross_encoder"

    async def opinions(self, pairs: Sequence[Pair], *, timeout_s: float) -> list[Opinion | None]:
        """See `Layer`; pairs that there was no time for get none."""
        found: list[Opinion | None] = [None] * len(pairs)
        stop = Event()
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, self._judge, pairs, found, time.monotonic() + timeout_s, stop)
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.shield(work)
        except TimeoutError:
            pass
        finally:
            stop.set()
        return list(found)

    async def aclose(self) -> None:
        """See `Layer`."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _judge(self, pairs: Sequence[Pair], found: list[Opinion | None], until: float, stop: Event) -> None:
        # Like lengths run together: a batch is as long as its longest pair.
        order = sorted(range(len(pairs)), key=lambda place: len(pairs[place].claim) + len(pairs[place].evidence))
        for batch in _batches(order):
            if stop.is_set() or time.monotonic() > until:
                return
            try:
                rows = self._probabilities([pairs[place] for place in batch])
            except Exception:  # noqa: BLE001  both libraries raise bare exceptions; this batch has no opinion then
                continue
            for place, row in zip(batch, rows, strict=True):
                found[place] = self._opinion(row)

    def _probabilities(self, pairs: Sequence[Pair]) -> "np.ndarray[Any, Any]":
        import numpy as np

        read = self._tokenizer.encode_batch([(pair.evidence, pair.claim) for pair in pairs])
        fields = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
        feeds = {
            name: np.array([getattr(one, fields[name]) for one in read], dtype=np.int64)
            for name in self._inputs
            if name in fields
        }
        logits = self._session.run(None, feeds)[0]
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))

    def _opinion(self, row: "np.ndarray[Any, Any]") -> Opinion:
        against = 0.0 if self._contradicts is None else float(row[self._contradicts])
        return Opinion(supported=float(row[self._supports]), contradicted=against, reason=REASON)


def _batches(order: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(order), BATCH):
        yield order[start : start + BATCH]


def open_cross_encoder(folder: Path, *, threads: int = 1) -> CrossEncoder:
    """Load the model of a folder; takes seconds for a large one.

    Raises:
        Misconfigured: when the extra is not installed, a file is missing or broken, or the labels say nothing of
            entailment.
    """
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError as error:
        raise Misconfigured(
            "The cross-encoder needs ONNX Runtime and tokenizers.",
            remedy="Install them with `pip install 'asterism[verify]'`.",
        ) from error
    model = _file(folder, "model.onnx", "onnx/model.onnx")
    words = _file(folder, "tokenizer.json")
    labels = read_labels(_file(folder, "config.json"))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    try:
        tokenizer = Tokenizer.from_file(str(words))
        tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        tokenizer.enable_padding()
        session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise Misconfigured(
            f"The cross-encoder in {folder} cannot be loaded ({type(error).__name__}).",
            remedy="Export the model to ONNX again, with its tokenizer.json and config.json.",
        ) from error
    return CrossEncoder(session, tokenizer, labels)


def read_labels(config: Path) -> list[str]:
    """What each output says: `entail`, `contradict`, or something else, in the order of the outputs.

    Raises:
        Misconfigured: when none of them, or more than one, says that the claim follows.
    """
    try:
        told = json.loads(config.read_text(encoding="utf-8"))["id2label"]
        named = [str(told[key]).lower() for key in sorted(told, key=int)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Misconfigured(f"{config} has no id2label.", remedy="Name the outputs there.") from error
    labels = [next((kind for kind in ("entail", "contradict") if one.startswith(kind)), one) for one in named]
    if labels.count("entail") != 1:
        raise Misconfigured(
            f"The outputs of the model are called {', '.join(named)}, so none says that a claim follows.",
            remedy=f"Name them in id2label of {config}: entailment, neutral, contradiction.",
        )
    return labels


def _file(folder: Path, *names: str) -> Path:
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise Misconfigured(
            f"There is no {names[0]} in {folder}.",
            remedy="Point ASTERISM_VERIFY__CROSS_ENCODER at a folder with model.onnx, tokenizer.json and config.json.",
        )
    return found
