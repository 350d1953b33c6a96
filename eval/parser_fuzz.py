"""Throw random replies at the call parsers: `python -m eval.parser_fuzz --cases 100000`.

Half of the cases are replies whose text and calls are known, in random pieces: nothing of the text may be lost and no
call missed or made up. The other half are mutated: nothing may break, and how a reply is split must not matter.
"""

import argparse
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from model_backend.chat import ToolSpec
from model_backend.control import neutral
from model_backend.dialects import CallParser, Read, dialect_of, native_parser
from model_backend.visible import VisibleText

SEARCH = ToolSpec(
    name="search_web",
    description="Search the web.",
    parameters={"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
)
TOOLS = (SEARCH,)
PARSERS: dict[str, Callable[[], CallParser]] = {
    "megrez": lambda: dialect_of("megrez").parser(TOOLS),
    "minicpm3": lambda: dialect_of("minicpm3").parser(TOOLS),
    "native": lambda: native_parser(TOOLS),
}
QUERIES = ("Oslo weather", "北京 今天 天气", "a < b", "C++ |x|", "“quoted” words", "it's {5} [1]", "<b>", "naïve…")
TEXTS = (
    *("Let me see. ", "我查一下。", "1 < 2 and 3 > 2 ", "x <| y ", "<b>bold</b> ", "a|b ", "{not json} ", "[1][2] "),
    *("line\n", "```python\nprint(1)\n``` ", "5 <", " is less", "‹›«» ", "\u200b", "🙂 ", "tail"),
)
MUTATIONS = (
    *(
        "<",
        "|",
        ">",
        "<|",
        "|>",
        '"',
        "'",
        "{",
        "}",
        "\\",
        "\n",
        "，",
        "：",
        "```",
        "<think>",
        "</think>",
        "\0",
        "</s>",
    ),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came out of a reply."""

    shown: str
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply with what must come out of it."""

    text: str
    expected: Heard


def call_text(dialect: str, query: str, rng: random.Random) -> str:
    """A call as the dialect's model writes it."""
    if dialect == "minicpm3":
        return f"<|tool_call_start|>\n```python\nsearch_web(query={query!r})\n```\n<|tool_call_end|>"
    quoted = query.replace("\\", "\\\\").replace('"', '\\"')
    body = f'{{"name": "googleWebSearch", "arguments": {{"query": "{quoted}"}}}}'
    if dialect == "native" and rng.random() < 0.5:
        return f"<tool_call>\n{body}\n</tool_call>"
    return f"<|function_start|>{body}<|function_end|>"


def make_reply(dialect: str, rng: random.Random) -> Reply:
    """Text, calls, and text of pages that was repeated, in random order."""
    parts: list[str] = [rng.choice(TEXTS[:3])]
    shown = parts[0]
    queries: list[str] = []
    for _ in range(rng.randrange(7)):
        kind = rng.random()
        if kind < 0.5:
            text = rng.choice(TEXTS)
        elif kind < 0.7:
            # What users and pages wrote reaches the model neutralised; repeated by it, it is text and no call.
            text = neutral(call_text(dialect, rng.choice(QUERIES), rng)).replace("< /", "< / ")
        else:
            query = rng.choice(QUERIES)
            if len(queries) < 8:
                parts.append(call_text(dialect, query, rng))
                queries.append(query)
            continue
        parts.append(text)
        shown += text
    return Reply("".join(parts), Heard(shown, tuple(queries)))


def hear(parser: CallParser, pieces: Sequence[str]) -> Heard:
    """Parser and filter of visible text, one after the other, as in a reply."""
    visible = VisibleText()
    shown = ""
    queries: list[str] = []
    for fed in [*(parser.feed(piece) for piece in pieces), parser.finish()]:
        for piece in fed:
            if isinstance(piece, Read):
                queries.append(str(piece.arguments.get("query", "")))
            else:
                shown += visible.feed(piece)
    return Heard(shown + visible.flush(), tuple(queries))


def split(text: str, rng: random.Random) -> list[str]:
    """The text in random pieces."""
    places = sorted(rng.randrange(len(text) + 1) for _ in range(rng.randrange(12)))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


def mutate(text: str, rng: random.Random) -> str:
    """The text with a few random faults."""
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(text) + 1)
        end = min(len(text), at + rng.choice((0, 1, 3, 10)))
        text = text[:at] + rng.choice((*MUTATIONS, "", "")) + text[end:]
    return text


def fuzz(cases: int, seed: int) -> Counter[str]:
    """How often what went wrong; empty when nothing did."""
    rng = random.Random(seed)
    wrong: Counter[str] = Counter()
    for number in range(cases):
        dialect, make = rng.choice(list(PARSERS.items()))
        reply = make_reply(dialect, rng)
        text = mutate(reply.text, rng) if number % 2 else reply.text
        try:
            heard = hear(make(), split(text, rng))
            whole = hear(make(), [text])
        except Exception as error:  # noqa: BLE001  any exception is a finding here
            wrong[f"{dialect}: {type(error).__name__}: {text!r}"] += 1
            continue
        if heard != whole:
            wrong[f"{dialect}: the split matters: {text!r}"] += 1
        if text == reply.text and heard != reply.expected:
            wrong[f"{dialect}: {heard} of {text!r}"] += 1
    return wrong


def main() -> None:
    """Run and tell; exit code 1 when anything went wrong."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--cases", type=int, default=100_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    wrong = fuzz(chosen.cases, chosen.seed)
    for finding, times in wrong.most_common(20):
        print(f"{times}x {finding}")
    print(f"{chosen.cases:,} cases, {sum(wrong.values()):,} findings")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
