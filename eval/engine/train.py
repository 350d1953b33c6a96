"""Build a tiny Llama with Megrez's tokens and teach it dialogues by heart: `train.py DIALOGUES.json TEMPLATE FOLDER`.

Runs in the engine's environment (torch, transformers, tokenizers), by path: it imports nothing of ours.
"""

import json
import random
import re
import sys
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SPECIAL = [
    *("<|eos|>", "<|unk|>", "<|pad|>", "<|role_start|>", "<|role_end|>", "<|turn_end|>"),
    *("<|function_start|>", "<|function_end|>"),
]
"""Megrez's tokens that dialogues use, in its order."""
VOCABULARY = 1400
WINDOW = 4096
SIZES = {"hidden_size": 128, "intermediate_size": 384, "num_hidden_layers": 2}
"""Half a million parameters: enough for a dozen replies by heart, and seconds to teach."""
LEARNING_RATE = 4e-3
MOST_STEPS = 400
SURE_STEPS = 3
"""Rounds without a wrong token, each with fresh boundaries, after which it is taught."""
GROUP = 5
"""Dialogues computed together."""
BOUNDARY = re.compile(r"=== [0-9a-f]{16} ===")


def make_tokenizer(texts: list[str], template: str) -> PreTrainedTokenizerFast:
    """Byte-level pairs learned of the dialogues themselves: prompts become short."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|turn_end|>",
        unk_token="<|unk|>",
        pad_token="<|pad|>",
        chat_template=template,
        model_max_length=WINDOW,
    )


def make_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A random model with Megrez's layout: grouped queries, its rotary base, no bias."""
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=WINDOW,
        rope_theta=5_000_000.0,
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=tokenizer.convert_tokens_to_ids("<|turn_end|>"),
        pad_token_id=tokenizer.convert_tokens_to_ids("<|pad|>"),
        **SIZES,
    )
    return LlamaForCausalLM(config)


def fresh(text: str) -> str:
    """The text with another random boundary: each run has its own."""
    return BOUNDARY.sub(f"=== {random.randbytes(8).hex()} ===", text)


Batch = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Ids, attention, and labels that count the replies only."""


def batches_of(tokenizer: PreTrainedTokenizerFast, pairs: list[tuple[str, str]]) -> list[Batch]:
    """The dialogues in groups of like length: padding is computed as well."""
    rows = []
    for prompt, reply in pairs:
        head = tokenizer.encode(fresh(prompt), add_special_tokens=False)
        tail = tokenizer.encode(reply + "<|turn_end|>", add_special_tokens=False)
        rows.append((head + tail, [-100] * len(head) + tail))
    rows.sort(key=lambda row: len(row[0]))
    return [padded(rows[at : at + GROUP], tokenizer.pad_token_id) for at in range(0, len(rows), GROUP)]


def padded(rows: list[tuple[list[int], list[int]]], pad: int) -> Batch:
    """Rows filled up to the longest."""
    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([row + [pad] * (width - len(row)) for row, _ in rows])
    labels = torch.tensor([row + [-100] * (width - len(row)) for _, row in rows])
    attention = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row, _ in rows])
    return ids, attention, labels


def teach(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, pairs: list[tuple[str, str]]) -> int:
    """Until every token of every reply is the likeliest, several times in a row; the steps taken."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.0)
    sure = 0
    for step in range(1, MOST_STEPS + 1):
        wrong = count = 0
        optimizer.zero_grad()
        for ids, attention, labels in batches_of(tokenizer, pairs):
            hidden = model.model(input_ids=ids, attention_mask=attention).last_hidden_state[:, :-1]
            counted = labels[:, 1:] != -100
            wanted = labels[:, 1:][counted]
            # The vocabulary is the dearest part: only where a reply is.
            logits = model.lm_head(hidden[counted])
            loss = torch.nn.functional.cross_entropy(logits, wanted, reduction="sum") / 100
            loss.backward()
            wrong += int((logits.argmax(-1) != wanted).sum())
            count += len(wanted)
        sure = sure + 1 if wrong == 0 else 0
        if sure >= SURE_STEPS:
            return step
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            # A short warm-up, then slowly down: steady, and no schedule to tune.
            group["lr"] = LEARNING_RATE * min(step / 10, (10 / step) ** 0.25)
        optimizer.step()
        if step % 10 == 0:
            print(f"step {step}: {wrong} wrong of {count}", flush=True)
    raise SystemExit(f"not learned within {MOST_STEPS} steps")


def main() -> None:
    """Read, build, teach, save."""
    started = time.monotonic()
    source, template_file, folder = (Path(argument) for argument in sys.argv[1:4])
    random.seed(7)
    template = template_file.read_text(encoding="utf-8")
    dialogues = json.loads(source.read_text(encoding="utf-8"))
    plain = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()), chat_template=template)
    pairs = [
        (
            plain.apply_chat_template(
                one["messages"], tools=one["tools"] or None, add_generation_prompt=True, tokenize=False
            ),
            one["reply"],
        )
        for one in dialogues
    ]
    texts = [fresh(prompt) + reply for prompt, reply in pairs]
    tokenizer = make_tokenizer(texts, template)
    model = make_model(tokenizer)
    lengths = [len(tokenizer.encode(text)) for text in texts]
    print(f"{len(pairs)} dialogues, {max(lengths)} tokens at most, {model.num_parameters():,} parameters", flush=True)
    steps = teach(model, tokenizer, pairs)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    print(f"taught in {steps} steps, {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
