"""The twelve things that a parser of Megrez's dialect must take."""

import json

import pytest

from model_backend.chat import ToolSpec
from model_backend.dialects import CallParser, Piece, Read, dialect_of, json_parser, native_parser

SEARCH = ToolSpec(
    name="search_web",
    description="Search the web.",
    parameters={"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
)
START, END = "<|function_start|>", "<|function_end|>"
GOOD = '{"name": "googleWebSearch", "arguments": {"query": "北京 今天 天气"}}'


def parsed(text: str, *, step: int = 1, parser: CallParser | None = None) -> tuple[str, list[str], str]:
    """Visible text, queries, and why a call was broken, of a text fed in steps."""
    parser = parser or dialect_of("megrez").parser((SEARCH,))
    pieces: list[Piece] = []
    for at in range(0, len(text), step):
        pieces += parser.feed(text[at : at + step])
    pieces += parser.finish()
    calls = [piece for piece in pieces if isinstance(piece, Read)]
    assert all(call.name in ("search_web", "none") for call in calls)
    shown = "".join(piece for piece in pieces if isinstance(piece, str))
    return shown, [str(call.arguments.get("query", "")) for call in calls], parser.broken


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_1_a_plain_call(step: int) -> None:
    assert parsed(f"{START}{GOOD}{END}", step=step) == ("", ["北京 今天 天气"], "")


@pytest.mark.parametrize("end", ["", "<|turn_end|>", "<|turn_end|><|eos|>", "\n"])
def test_2_the_end_marker_is_missing(end: str) -> None:
    assert parsed(START + GOOD + end)[1:] == (["北京 今天 天气"], "")


def test_2_an_incomplete_call_is_completed_or_told() -> None:
    assert parsed(START + GOOD[:-2])[1] == ["北京 今天 天气"]
    assert parsed(START + '{"name": "googleWebSearch", "arguments": {"query": "北京 今天')[1] == ["北京 今天"]
    assert parsed(START + '{"name": "goog') == ("", [], "a call that cannot be read")
    assert parsed(START + "nonsense" + END) == ("", [], "a call that cannot be read")


def test_2_a_call_begun_anew_counts_with_the_second() -> None:
    assert parsed(f"{START}{GOOD}{START}{GOOD}{END}")[1] == ["北京 今天 天气", "北京 今天 天气"]


@pytest.mark.parametrize("text", [GOOD, f"  {GOOD}\n", f"```json\n{GOOD}\n```", f"{GOOD}<|turn_end|>", f"[{GOOD}]"])
def test_3_the_markers_are_gone(text: str) -> None:
    assert parsed(text) == ("", ["北京 今天 天气"], "")


@pytest.mark.parametrize(
    "arguments",
    [
        '"arguments": "{\\"query\\": \\"a b\\"}"',
        '"parameters": {"query": "a b"}',
        '"arguments": "a b"',
        '"parameters": "a b"',
        '"arguments": {"query": " a\\n b "}',
    ],
)
def test_4_arguments_in_other_shapes(arguments: str) -> None:
    assert parsed(f'{START}{{"name": "googleWebSearch", {arguments}}}{END}')[1] == ["a b"]


def test_5_text_before_and_several_calls() -> None:
    second = GOOD.replace("北京", "上海")
    assert parsed(f"I look it up. {START}{GOOD}{END}{START}{second}{END}") == (
        "I look it up. ",
        ["北京 今天 天气", "上海 今天 天气"],
        "",
    )


def test_5_no_more_than_eight_calls() -> None:
    assert len(parsed(f"{START}{GOOD}{END}" * 50)[1]) == 8


@pytest.mark.parametrize(
    "body",
    [
        f"```json\n{GOOD}\n```",
        "{'name': 'googleWebSearch', 'arguments': {'query': '北京 今天 天气'}}",
        '{"name": "googleWebSearch", "arguments": {"query": "北京 今天 天气",},}',
        '{"name": "googleWebSearch", "arguments": {"query": "北京 今天\n天气"}}',
        "{“name”： “googleWebSearch”， “arguments”： {“query”： “北京 今天 天气”}}",
        '｛"name"："googleWebSearch"，"arguments"：｛"query"："北京 今天 天气"｝｝',
        "{'name': 'googleWebSearch', 'arguments': {'query': '北京 今天 天气', 'fresh': true}}",
    ],
)
def test_6_bad_json(body: str) -> None:
    assert parsed(START + body + END)[1:] == (["北京 今天 天气"], "")


@pytest.mark.parametrize("name", ["googleWebSearch", "web_search", "search_web", "Search", "google.search"])
def test_7_other_names_of_the_search(name: str) -> None:
    assert parsed(START + GOOD.replace("googleWebSearch", name) + END)[1] == ["北京 今天 天气"]


def test_7_an_unknown_function_is_told() -> None:
    assert parsed(START + GOOD.replace("googleWebSearch", "launchRocket") + END)[1:] == (
        [],
        "a call that cannot be read",
    )


@pytest.mark.parametrize("query", ["", "  ", "\n"])
def test_8_an_empty_query_stays_empty_for_the_caller_to_fill(query: str) -> None:
    call = json.dumps({"name": "googleWebSearch", "arguments": {"query": query}})
    assert parsed(START + call + END)[1] == [""]


def test_8_an_endless_query_is_cut() -> None:
    call = json.dumps({"name": "googleWebSearch", "arguments": {"query": "word " * 1000}})
    assert len(parsed(START + call + END, step=50)[1][0]) == 2000


def test_9_what_ends_a_turn_is_no_text_of_the_call() -> None:
    assert parsed(f"{START}{GOOD}<|turn_end|>{END}")[1] == ["北京 今天 天气"]


@pytest.mark.parametrize(
    "text", ["a < b", "a <| b", "x <", "x <|", "x <|function", "5 <|function_s then more", "<b>no"]
)
@pytest.mark.parametrize("step", [1, 2, 100])
def test_10_what_only_looks_like_a_marker_comes_out(text: str, step: int) -> None:
    assert parsed(text, step=step) == (text, [], "")


def test_10_every_split_gives_the_same() -> None:
    text = f"Well: 1 < 2, <|x. {START}{GOOD}{END} and {START}{GOOD}"
    whole = parsed(text, step=len(text))
    assert whole == ("Well: 1 < 2, <|x.  and ", ["北京 今天 天气"] * 2, "")
    for at in range(len(text)):
        parser = dialect_of("megrez").parser((SEARCH,))
        pieces = [*parser.feed(text[:at]), *parser.feed(text[at:]), *parser.finish()]
        assert "".join(p for p in pieces if isinstance(p, str)) == whole[0]
        assert len([p for p in pieces if isinstance(p, Read)]) == 2


def test_11_a_call_inside_reasoning_is_none() -> None:
    assert parsed(f"<think>maybe {START}{GOOD}{END}</think>No.")[1] == []


@pytest.mark.parametrize(
    "text",
    [
        f"Here is JSON: {GOOD}",
        f"{GOOD}\n\nThat is how a call looks.",
        '{"name": "Ada", "arguments": {"query": "x"}}',
        '{"city": "Berlin"}',
        '```json\n{"city": "Berlin"}\n```',
        "```python\nprint(1)\n```",
        "`code` is text",
    ],
)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_12_json_in_an_answer_is_no_call(text: str, step: int) -> None:
    assert parsed(text, step=step) == (text, [], "")


def test_without_functions_on_offer_a_call_is_dropped_and_json_is_text() -> None:
    parser = dialect_of("megrez").parser(())
    assert parsed(f"Done.{START}{GOOD}{END}", parser=parser)[:2] == ("Done.", [])
    assert parsed(GOOD, parser=dialect_of("megrez").parser(())) == (GOOD, [], "")


@pytest.mark.parametrize(
    "text",
    [
        f"{START}{GOOD}{END}",
        f"<tool_call>\n{GOOD}\n</tool_call>",
        '<|tool_call_start|>\n```python\nsearch_web(query="北京 今天 天气")\n```\n<|tool_call_end|>',
        GOOD,
    ],
)
def test_a_server_that_does_not_parse_is_helped_out(text: str) -> None:
    assert parsed(text, parser=native_parser((SEARCH,))) == ("", ["北京 今天 天气"], "")


@pytest.mark.parametrize(
    "body",
    [
        'googleWebSearch(query="Oslo")',
        'googleWebSearch({"query": "Oslo"})',
        "googleWebSearch（query＝“Oslo”）",
        '{"query": "Oslo"}',
        '"Oslo"',
    ],
)
def test_between_markers_a_call_may_be_written_in_other_ways(body: str) -> None:
    assert parsed(f"{START}{body}{END}") == ("", ["Oslo"], "")


@pytest.mark.parametrize("body", ['{"url": "http://x"}', "{}", '""', "42", "googleWebSearch(query=open('x').read())"])
def test_what_is_no_call_between_markers_is_told(body: str) -> None:
    assert parsed(f"{START}{body}{END}") == ("", [], "a call that cannot be read")


@pytest.mark.parametrize(
    "text", [f"Sure! {GOOD}", f"{GOOD}\nI will search for it.", f"<tool_call>\n{GOOD}\n</tool_call>"]
)
def test_where_json_was_asked_for_words_around_it_do_no_harm(text: str) -> None:
    assert parsed(text, parser=json_parser((SEARCH,)))[1] == ["北京 今天 天气"]
