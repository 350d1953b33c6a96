"""The models themselves, behind one interface. torch and transformers are imported when one is loaded."""

import io
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from model_backend.profiles import load_profile
from model_backend.transformers_server.prompts import inf_prompt, omni_turns

INF_STOPS = (96500, 96506, 2)
"""`<|end|>`, `<|endoftext|>` and the configuration's end: the generation configuration names only the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One generation."""

    messages: Sequence[Mapping[str, Any]]
    max_tokens: int
    temperature: float
    top_p: float


class Family(Protocol):
    """A loaded model."""

    def count(self, messages: Sequence[Mapping[str, Any]]) -> int:
        """Tokens of the prompt."""

    def pieces(self, wish: Wish, stopped: threading.Event) -> Iterator[str]:
        """The reply, as it is generated; ends soon after `stopped` is set."""


def load(family: str, path: str, quantisation: str) -> Family:
    """Load the weights."""
    return Omni(path) if family == "omni" else Inf(path, quantisation)


class Inf:
    """INF-34B-Chat, in bf16 or quantised."""

    def __init__(self, path: str, quantisation: str) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(path, trust_remote_code=True)
        if quantisation.startswith("gptq"):
            from auto_gptq import AutoGPTQForCausalLM

            # As the authors load them: the fast kernel for 4 bits only.
            fast = quantisation == "gptq-4bit"
            self._model: Any = AutoGPTQForCausalLM.from_quantized(
                path, device="cuda:0", use_marlin=fast, use_triton=not fast, trust_remote_code=True
            )
        elif quantisation == "awq":
            from awq import AutoAWQForCausalLM

            self._model = AutoAWQForCausalLM.from_quantized(path, fuse_layers=True, trust_remote_code=True)
        else:
            self._model = AutoModelForCausalLM.from_pretrained(
                path, torch_dtype=torch.bfloat16, device_map="auto", trust_remote_code=True
            )

    def count(self, messages: Sequence[Mapping[str, Any]]) -> int:
        """Tokens of the prompt."""
        return len(self._tokenizer.encode(inf_prompt(messages), add_special_tokens=False))

    def pieces(self, wish: Wish, stopped: threading.Event) -> Iterator[str]:
        """The reply, as it is generated."""
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        ids = self._tokenizer(inf_prompt(wish.messages), add_special_tokens=False, return_tensors="pt").input_ids
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        sampling = {"temperature": wish.temperature, "top_p": wish.top_p} if wish.temperature > 0 else {}
        # In a thread of its own: generation blocks, and the streamer hands pieces over.
        worker = threading.Thread(
            target=self._model.generate,
            kwargs={
                "input_ids": ids.to(self._model.device),
                "max_new_tokens": wish.max_tokens,
                "do_sample": bool(sampling),
                "eos_token_id": list(INF_STOPS),
                "streamer": streamer,
                "stopping_criteria": StoppingCriteriaList([lambda *_: stopped.is_set()]),
                **sampling,
            },
            daemon=True,
        )
        worker.start()
        yield from streamer
        worker.join()


class Omni:
    """Megrez-3B-Omni: its own `chat` takes dictionaries and returns the whole reply."""

    def __init__(self, path: str) -> None:
        import torch
        from transformers import AutoModelForCausalLM

        loaded: Any = AutoModelForCausalLM.from_pretrained(path, trust_remote_code=True, torch_dtype=torch.bfloat16)
        self._model = loaded.eval().cuda() if torch.cuda.is_available() else loaded.eval()

    def count(self, messages: Sequence[Mapping[str, Any]]) -> int:
        """An estimate: four bytes a token, and the largest file."""
        limits = load_profile("megrez-3b-omni").attachments
        turns = omni_turns(messages)
        return sum(
            len(turn.text.encode()) // 4
            + 8
            + (limits.image_tokens if turn.image else 0)
            + (limits.audio_tokens if turn.audio else 0)
            for turn in turns
        )

    def pieces(self, wish: Wish, stopped: threading.Event) -> Iterator[str]:
        """The reply, in one piece."""
        from PIL import Image

        del stopped
        with tempfile.TemporaryDirectory() as folder:
            messages = []
            for number, turn in enumerate(omni_turns(wish.messages)):
                content: dict[str, Any] = {"text": turn.text}
                if turn.image:
                    content["image"] = Image.open(io.BytesIO(turn.image)).convert("RGB")
                if turn.audio:
                    content["audio"] = f"{folder}/{number}.wav"
                    with open(content["audio"], "wb") as file:
                        file.write(turn.audio)
                messages.append({"role": turn.role, "content": content})
            yield self._model.chat(
                messages,
                sampling=wish.temperature > 0,
                max_new_tokens=wish.max_tokens,
                temperature=wish.temperature,
            )
