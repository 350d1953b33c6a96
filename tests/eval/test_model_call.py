import pytest

from eval.model_call import BAR_MS, share_ms
from model_backend.profiles import Rung


@pytest.mark.parametrize(
    ("profile_id", "rung"), [("default", "native"), ("megrez-3b-instruct", "dialect"), ("minicpm-1b", "json_schema")]
)
def test_our_share_of_a_500_token_reply_is_under_5_ms(profile_id: str, rung: Rung) -> None:
    assert min(share_ms(profile_id, rung) for _ in range(5)) < BAR_MS
