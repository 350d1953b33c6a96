from dataclasses import fields
from pathlib import Path

from agent.graph import build_graph
from agent.state import State, Update

README = Path(__file__).parents[2] / "README.md"


def test_every_update_is_a_field_of_the_state() -> None:
    assert set(Update.__annotations__) == {field.name for field in fields(State)}


def test_the_picture_in_the_readme_is_the_graph() -> None:
    assert build_graph().get_graph().draw_mermaid().strip() in README.read_text(encoding="utf-8")


def test_nodes_are_verbs_in_running_order() -> None:
    nodes = [name for name in build_graph().get_graph().nodes if not name.startswith("__")]
    assert nodes == [
        "describe_files",
        "plan_queries",
        "search_web",
        "read_pages",
        "select_passages",
        "write_answer",
        "check_claims",
    ]
