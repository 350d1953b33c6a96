"""Questions in the log: only where the settings ask for them, and never a key."""

from typing import Any, cast

import pytest
import structlog
from pydantic import SecretStr

from agent.events import RunStarted
from agent.settings import SearchSettings, ServiceSettings
from service.question_log import HIDDEN, QuestionLog, secrets_in
from tests.doubles import make_agent, memory_settings
from tests.service.serving import QUESTION, Replying, serving


class Lines(list[dict[str, Any]]):
    """Takes log lines."""

    def info(self, event: str, **fields: Any) -> None:
        self.append({"event": event, **fields})


def logged(question: str, *own: str) -> dict[str, Any]:
    lines = Lines()
    event = RunStarted(run_id="run_1", seq=1, thread_id="thread_1", question=question, model="m")
    QuestionLog(own, cast(structlog.stdlib.BoundLogger, lines)).observe(event)
    return lines[0]


def test_a_line_has_the_question_and_its_run() -> None:
    assert logged(QUESTION) == {"event": "question", "run_id": "run_1", "thread_id": "thread_1", "question": QUESTION}


@pytest.mark.parametrize(
    "secret",
    [
        "ast_0123abcd_" + "x" * 43,
        "sk-" + "a" * 40,
        "ghp_" + "b" * 36,
        "AKIA" + "C" * 16,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0xxxx.sig",
    ],
)
def test_what_looks_like_a_key_is_not_written(secret: str) -> None:
    line = logged(f"Why is {secret} refused?")
    assert line["question"] == f"Why is {HIDDEN} refused?"


def test_passwords_in_addresses_bearer_tokens_and_our_own_secrets_are_not_written() -> None:
    assert logged("Read http://me:sesame@host.example/ now")["question"] == f"Read http://{HIDDEN}@host.example/ now"
    assert logged("curl -H 'Authorization: Bearer abcdefgh12'")["question"].endswith(f"Bearer {HIDDEN}")
    assert logged("Is swordfish a fish?", "swordfish")["question"] == f"Is {HIDDEN} a fish?"


def test_the_settings_own_secrets_are_found() -> None:
    settings = memory_settings(search=SearchSettings(brave_api_key=SecretStr("b"), proxy=SecretStr("http://p")))
    assert set(secrets_in(settings)) == {"b", "http://p"}


@pytest.mark.parametrize("asked_for", [True, False])
async def test_a_service_writes_questions_only_when_asked(asked_for: bool) -> None:
    settings = memory_settings(service=ServiceSettings(log_questions=asked_for))
    with structlog.testing.capture_logs() as lines:
        async with serving(make_agent(Replying()), settings) as served:
            reply = await served.client.post("/ask", json={"question": QUESTION})
    told = [line for line in lines if QUESTION in str(line)]
    assert [line["run_id"] for line in told] == ([reply.json()["run_id"]] if asked_for else [])
