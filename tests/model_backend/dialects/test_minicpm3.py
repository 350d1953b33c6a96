from datetime import datetime

import pytest

from model_backend.chat import ToolCall
from model_backend.dialects import dialect_of
from tests.model_backend.dialects.test_checklist import SEARCH, parsed

NOW = datetime(2024, 9, 23, 10)  # noqa: DTZ001


def said(body: str, *, thought: str = "", step: int = 1) -> tuple[str, list[str], str]:
    text = f"{thought}<|tool_call_start|>\n```python\n{body}\n```\n<|tool_call_end|>\n"
    shown, calls, broken = parsed(text, step=step, parser=dialect_of("minicpm3").parser((SEARCH,)))
    return shown.strip(), calls, broken


@pytest.mark.parametrize("step", [1, 5, 1000])
def test_a_call_is_read_and_the_thought_before_it_is_hidden(step: int) -> None:
    thought = "<|thought_start|>\nI need <news>.\n<|thought_end|>\n"
    assert said('search_web(query="Oslo, weather")', thought=thought, step=step) == ("", ["Oslo, weather"], "")


def test_several_lines_are_several_calls() -> None:
    assert said("search_web(query=\"a\")\nsearch_web(query='b')")[1] == ["a", "b"]


@pytest.mark.parametrize(
    "line", ['search_web("a b")', 'functions.search_web(query="a b")', 'x = search_web(query="a b")', 'search("a b",)']
)
def test_other_ways_to_write_it_are_taken(line: str) -> None:
    assert said(line)[1] == ["a b"]


@pytest.mark.parametrize(
    "line",
    [
        '__import__("os").system("id")',
        'search_web(query=open("/etc/passwd").read())',
        "search_web(query=f'{1}')",
        "import os",
        "search_web(",
        "search_web(query=",
        "(" * 3000,
        "search_web(query='" + "\\d" * 20 + "'" + ")" * 50,
        "\0",
    ],
)
def test_nothing_is_ever_run_and_nothing_but_literals_is_taken(line: str) -> None:
    _, calls, broken = said(line, step=1000)
    assert calls == []
    assert broken


def test_one_bad_line_does_not_take_the_good_one_along() -> None:
    assert said('search_web(query="good")\nsearch_web(query=')[1] == ["good"]


def test_text_after_the_call_is_shown() -> None:
    parser = dialect_of("minicpm3").parser((SEARCH,))
    text = '<|tool_call_start|>\n```python\nsearch_web(query="a")\n```\n<|tool_call_end|>\nOne moment.'
    assert parsed(text, parser=parser) == ("\nOne moment.", ["a"], "")


def test_a_thought_without_an_end_is_told() -> None:
    assert parsed("<|thought_start|>hm", parser=dialect_of("minicpm3").parser((SEARCH,))) == (
        "",
        [],
        "its reasoning never ended",
    )


def test_functions_are_offered_as_python() -> None:
    offer = dialect_of("minicpm3").offer("Be brief.", (SEARCH,), NOW)
    assert offer.startswith("Be brief.\n\n# Functions\n")
    assert 'def search_web(query):\n    """Search the web.' in offer


def test_an_earlier_call_is_written_as_it_is_read() -> None:
    call = ToolCall(id="1", name="search_web", arguments={"query": 'say "x"'})
    written = dialect_of("minicpm3").written([call])
    assert parsed(written, parser=dialect_of("minicpm3").parser((SEARCH,)))[1] == ['say "x"']


def test_a_call_that_the_limit_cut_and_one_in_full_width_signs_are_read() -> None:
    assert said('search_web(query="Oslo weather')[1] == ["Oslo weather"]
    assert said("search_web（query＝“奥斯陆 天气”）")[1] == ["奥斯陆 天气"]
