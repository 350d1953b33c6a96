from datetime import datetime

from model_backend.chat import ToolCall
from model_backend.dialects import dialect_of
from tests.model_backend.dialects.test_checklist import SEARCH

NOW = datetime(2024, 9, 23, 10)  # noqa: DTZ001
PUBLISHED = """你是Megrez-3B-Instruct, 将针对用户的问题给出详细的、积极的回答.
The current time is 2024-09-23 10:00:00, Monday.
You have access to the following functions. Use them if required -
{
    "name": "googleWebSearch",
    "description": "A Google Search Engine. Useful when you need to search information you don't know such as weather, \
exchange rate, current events.Never ever use this tool when user want to translate",
    "parameters": {
        "type": "object",
        "properties": {
            "query": {
                "type": "string",
                "description": "Content that users want to search for, such as 'weather', 'current events', etc.\
If special characters such as '\\n' appear in the search, these special characters must be ignored."
            }
        },
        "required": [
            "query"
        ]
    }
}"""


def test_the_offer_is_the_published_one_byte_for_byte() -> None:
    assert dialect_of("megrez").offer("", (SEARCH,), NOW) == PUBLISHED


def test_our_rules_stand_between_the_time_and_the_functions() -> None:
    lines = dialect_of("megrez").offer("Be brief.", (SEARCH,), NOW).splitlines()
    assert lines[2] == "Be brief."
    assert lines[3].startswith("You have access")


def test_the_time_changes_once_an_hour_so_that_prefix_caches_hit() -> None:
    late = NOW.replace(minute=59, second=59)
    assert dialect_of("megrez").offer("", (SEARCH,), late) == PUBLISHED


def test_an_earlier_call_is_written_as_published() -> None:
    call = ToolCall(id="1", name="search_web", arguments={"query": "北京 今天 天气"})
    assert dialect_of("megrez").written([call]) == (
        '<|function_start|>{"name": "googleWebSearch", "arguments": {"query": "北京 今天 天气"}}<|function_end|>'
    )
