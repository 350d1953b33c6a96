"""The shipped chat template, byte for byte: without functions as published, with them as the trained prompt."""

import json
from typing import Any

import jinja2
import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from model_backend.dialects import dialect_of
from model_backend.templates import template_path
from tests.model_backend.dialects.test_checklist import SEARCH
from tests.model_backend.dialects.test_megrez import NOW

STOCK = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|role_start|>system"
    "<|role_end|>你是Megrez-3B-Instruct，将针对用户的问题给出详细的、积极的回答。<|turn_end|>' }}{% endif %}"
    "{{ '<|role_start|>' + message['role'] + '<|role_end|>' + message['content'] + '<|turn_end|>' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|role_start|>assistant<|role_end|>' }}{% endif %}"
)
"""As published with the model."""
CALL = '{"name": "googleWebSearch", "arguments": {"query": "北京 今天 天气"}}'


def rendered(template: str, messages: list[dict[str, Any]], tools: list[Any] | None = None) -> str:
    environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    # As transformers and vLLM do: plain JSON, nothing escaped for HTML.
    environment.filters["tojson"] = lambda value, indent=None: json.dumps(value, ensure_ascii=False, indent=indent)
    return environment.from_string(template).render(messages=messages, tools=tools, add_generation_prompt=True)


def ours(messages: list[dict[str, Any]], tools: list[Any] | None = None) -> str:
    return rendered(template_path("megrez_tool.jinja").read_text(encoding="utf-8"), messages, tools)


CONVERSATIONS: list[list[dict[str, Any]]] = [
    [{"role": "user", "content": "你好"}],
    [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi\n there"}],
    [
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "observation", "content": "c"},
        {"role": "user", "content": " d "},
    ],
]


@pytest.mark.parametrize("messages", CONVERSATIONS)
def test_without_functions_it_is_the_published_template(messages: list[dict[str, Any]]) -> None:
    assert ours(messages) == rendered(STOCK, messages)


def test_with_functions_it_is_the_trained_prompt() -> None:
    dialect = dialect_of("megrez")
    system = dialect.offer("", (SEARCH,), NOW)
    head, _, functions = system.partition("\nYou have access")
    tool = {"type": "function", "function": json.loads(functions.split("-\n", 1)[1])}
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": head},
        {"role": "user", "content": "北京今天天气"},
        {"role": "assistant", "content": None, "tool_calls": [{"function": json.loads(CALL)}]},
        {"role": "tool", "content": "晴"},
    ]
    assert ours(messages, [tool]) == (
        f"<|role_start|>system<|role_end|>{system}<|turn_end|>"
        "<|role_start|>user<|role_end|>北京今天天气<|turn_end|>"
        f"<|role_start|>assistant<|role_end|><|function_start|>{CALL}<|function_end|><|turn_end|>"
        "<|role_start|>observation<|role_end|>晴<|turn_end|>"
        "<|role_start|>assistant<|role_end|>"
    )


def test_arguments_as_text_and_as_an_object_read_the_same() -> None:
    def call(arguments: object) -> list[dict[str, Any]]:
        function = {"name": "googleWebSearch", "arguments": arguments}
        return [{"role": "user", "content": "x"}, {"role": "assistant", "tool_calls": [{"function": function}]}]

    assert ours(call({"query": "a"})) == ours(call('{"query": "a"}'))


def test_missing_null_and_listed_content_do_not_break_it() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]
    told = ours([{"role": "developer", "content": "D"}, {"role": "user", "content": parts}, {"role": "assistant"}])
    assert told.startswith("<|role_start|>system<|role_end|>D<|turn_end|><|role_start|>user<|role_end|>ab<|turn_end|>")


def test_the_published_template_does_break_on_null() -> None:
    with pytest.raises((TypeError, jinja2.UndefinedError)):
        rendered(STOCK, [{"role": "user", "content": None}])
