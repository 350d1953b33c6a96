"""The reader inside vLLM's tool parser, with vLLM's classes stood in for (the real ones: `make test-engine`)."""

import importlib.util
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from model_backend.templates import template_path

FILE = template_path("").parent / "vllm_plugin" / "megrez_tool_parser.py"
CALL = '{"name": "search_web", "arguments": {"query": "北京 天气"}}'
START, END = "<|function_start|>", "<|function_end|>"


class Bag:
    """Any of vLLM's data classes."""

    def __init__(self, **fields: Any) -> None:
        self.id = "call-1"
        self.tool_calls: list[Any] = []
        self.__dict__.update(fields)


@dataclass
class Parser:
    """vLLM's base class."""

    tokenizer: object
    tools: object = None
    prev_tool_call_arr: list[Any] = field(default_factory=list)
    streamed_args_for_tool: list[str] = field(default_factory=list)

    def adjust_request(self, request: Any) -> Any:
        return request


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    names = [
        "DeltaFunctionCall",
        "DeltaMessage",
        "DeltaToolCall",
        "ExtractedToolCallInformation",
        "FunctionCall",
        "ToolCall",
    ]
    protocol = ModuleType("vllm.entrypoints.generate.base.protocol")
    protocol.__dict__.update(dict.fromkeys(names, Bag))
    parsers = ModuleType("vllm.tool_parsers.abstract_tool_parser")

    class Manager:
        @staticmethod
        def register_module(name: str) -> Any:
            assert name == "megrez"
            return lambda cls: cls

    parsers.__dict__.update({"ToolParser": Parser, "ToolParserManager": Manager})
    for module in (protocol, parsers):
        parts = module.__name__.split(".")
        for end in range(1, len(parts)):
            monkeypatch.setitem(sys.modules, ".".join(parts[:end]), ModuleType(".".join(parts[:end])))
        monkeypatch.setitem(sys.modules, module.__name__, module)
    spec = importlib.util.spec_from_file_location("megrez_tool_parser", Path(FILE))
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def streamed(plugin: ModuleType, text: str, step: int) -> tuple[str, list[dict[str, Any]]]:
    parser = plugin.MegrezToolParser("tokenizer", None)
    shown, calls, before = "", [], ""
    for at in range(0, len(text), step):
        piece = text[at : at + step]
        message = parser.extract_tool_calls_streaming(before, before + piece, piece, [], [], [], None)
        before += piece
        if message is not None:
            shown += message.content or ""
            calls += [json.loads(call.function.arguments) for call in message.tool_calls]
    return shown, calls


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
@pytest.mark.parametrize("end", [END, END + "<|turn_end|>", ""])
def test_a_call_is_read_however_it_is_split(plugin: ModuleType, step: int, end: str) -> None:
    assert streamed(plugin, f"Well. {START}{CALL}{end}", step)[1] == [{"query": "北京 天气"}]


def test_several_calls_and_text_between_them(plugin: ModuleType) -> None:
    shown, calls = streamed(plugin, f"a < b {START}{CALL}{END} and {START}{CALL}{END}", 3)
    assert (shown, len(calls)) == ("a < b  and ", 2)


def test_a_whole_reply_gives_the_same(plugin: ModuleType) -> None:
    told = plugin.MegrezToolParser("t").extract_tool_calls(f"Well.{START}{CALL}{END}<|turn_end|>", None)
    assert told.tools_called
    assert told.content == "Well."
    assert json.loads(told.tool_calls[0].function.arguments) == {"query": "北京 天气"}


def test_a_broken_call_is_left_for_the_client(plugin: ModuleType) -> None:
    told = plugin.MegrezToolParser("t").extract_tool_calls(f"{START}{{oops{END}", None)
    assert not told.tools_called
    assert told.content == f"{START}{{oops{END}"
    assert streamed(plugin, f"{START}{{oops{END} Sorry.", 3)[0] == f"{START}{{oops{END} Sorry."


def test_the_markers_are_asked_for(plugin: ModuleType) -> None:
    request = Bag(tools=[1], tool_choice="auto", skip_special_tokens=True)
    assert plugin.MegrezToolParser("t").adjust_request(request).skip_special_tokens is False


def test_it_imports_nothing_of_ours() -> None:
    text = Path(FILE).read_text(encoding="utf-8")
    assert "model_backend" not in text.split('"""', 2)[2]
