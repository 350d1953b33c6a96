from dataclasses import fields

import pytest

from model_backend.errors import ModelError
from model_backend.profiles import RUNGS, load_profile, pick_profile, profile_ids, profiles_for


@pytest.mark.parametrize("profile_id", profile_ids())
def test_every_profile_bears_the_name_of_its_file(profile_id: str) -> None:
    profile = load_profile(profile_id)
    assert profile.id == profile_id
    assert profile.context_tokens >= 1024


def test_a_model_nobody_knows_gets_the_default() -> None:
    assert pick_profile("some/model-nobody-knows").id == "default"
    assert pick_profile("").id == "default"


def test_an_unknown_profile_names_the_known() -> None:
    with pytest.raises(ModelError) as caught:
        load_profile("../secret")
    assert "default" in caught.value.remedy


SERVED = {
    "Infinigence/Megrez-3B-Instruct": "megrez-3b-instruct",
    "megrez": "megrez-3b-instruct",
    "/models/Megrez-3B-Omni": "megrez-3b-omni",
    "megrez-moe": "megrez2-3x7b-a3b",
    "Infinigence/Megrez2-3x7B-A3B-Preview": "megrez2-3x7b-a3b",
    "infly/INF-34B-Chat": "inf-34b-chat",
    "INF-34B-Chat-GPTQ-4bit": "inf-34b-chat-gptq-4bit",
    "infly/INF-34B-Chat-GPTQ-8bit": "inf-34b-chat-gptq-8bit",
    "inf-34b-chat-awq": "inf-34b-chat-awq",
    "openbmb/MiniCPM-2B-128k": "minicpm-2b-128k",
    "openbmb/MiniCPM-MoE-8x2B": "minicpm-moe-8x2b",
    "openbmb/MiniCPM-1B-sft-bf16": "minicpm-1b",
    "openbmb/MiniCPM-S-1B-sft-gguf": "minicpm-s-1b",
    "openbmb/MiniCPM3-4B": "minicpm3-4b",
    "gpt-oss-20b": "default",
}


@pytest.mark.parametrize(("served", "profile_id"), SERVED.items())
def test_the_served_name_picks_the_nearest_profile(served: str, profile_id: str) -> None:
    assert pick_profile(served).id == profile_id


def test_every_model_of_the_list_has_a_profile_and_no_more() -> None:
    assert set(profile_ids()) == set(SERVED.values())


@pytest.mark.parametrize("profile_id", profile_ids())
def test_a_profile_holds_together(profile_id: str) -> None:
    profile = load_profile(profile_id)
    assert profile.first_rung in profile.rungs
    assert profile.rungs[-1] == "rules"
    assert list(profile.rungs) == [rung for rung in RUNGS if rung in profile.rungs]
    assert profile.dialect or "dialect" not in profile.rungs or profile.id == "default"
    assert set(profile.unverified) <= {field.name for field in fields(profile)}
    assert profile.licence
    assert profile.launches
    assert ("image" in profile.modalities) == bool(profile.attachments.max_images)
    assert ("audio" in profile.modalities) == bool(profile.attachments.max_recordings)


def test_only_omni_sees_and_hears() -> None:
    assert profiles_for("image") == profiles_for("audio") == ["megrez-3b-omni"]
