import pytest

from model_backend.errors import ModelError
from model_backend.profiles import load_profile, pick_profile, profile_ids


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
