import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_backend.control import is_neutral, neutral
from model_backend.profiles import load_profile, profile_ids

TOKENS = [
    *("<|role_start|>", "<|role_end|>", "<|turn_end|>", "<|eos|>", "<|function_start|>", "<|function_end|>"),
    *("<|im_start|>", "<|im_end|>", "<|tool_call_start|>", "<|thought_end|>", "<|execute_start|>"),
    *("<|start|>", "<|end|>", "<|message|>", "<|endoftext|>", "<|tool_excute|>"),
    *("<用户>", "<AI>", "<s>", "</s>", "<unk>", "[INST]", "[/INST]", "<<SYS>>", "<</SYS>>"),
    *("<｜User｜>", "<｜tool▁call▁begin｜>", "<start_of_turn>", "<end_of_turn>", "<tool_call>", "</tool_call>"),
    *("<think>", "</think>", "(<image>./</image>)", "(<audio>./</audio>)"),
]


@pytest.mark.parametrize("token", TOKENS)
def test_a_control_token_is_readable_but_no_token_any_more(token: str) -> None:
    made = neutral(f"before {token} after")
    assert token not in made
    assert made.replace(" ", "") == f"before{token}after".replace(" ", "")
    assert is_neutral(made)


@pytest.mark.parametrize("profile_id", profile_ids())
def test_no_profile_can_be_stopped_or_turned_by_text(profile_id: str) -> None:
    for token in load_profile(profile_id).stop:
        assert token not in neutral(f"a page says {token}{token} and goes on")


def test_ordinary_text_stays_as_it_is() -> None:
    for text in ["a < b and c > d", "x <| y |> z of a program", "<p>HTML</p>", "[1] and [2]", "List<String>", "用户<3"]:
        assert neutral(text) == text


@given(st.lists(st.sampled_from([*TOKENS, "<|", "|>", "<", ">", "|", "/", "a ", " "]), max_size=12).map("".join))
def test_whatever_is_glued_together_nothing_is_left_or_grows(text: str) -> None:
    made = neutral(text)
    assert is_neutral(made)
    assert made.replace(" ", "") == text.replace(" ", "")
    assert neutral(made) == made
