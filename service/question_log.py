"""Questions in the log, where the settings ask for them; never a key that somebody pasted into one."""

import re
from collections.abc import Iterable, Iterator

import structlog
from pydantic import BaseModel, SecretStr

from agent.events import Event, RunStarted
from service.keys import PREFIX

HIDDEN = "[secret]"
SECRETS = re.compile(
    rf"\b{PREFIX}[0-9a-f]{{8}}_[\w-]+"  # our own keys
    r"|\b(?:sk|pk|rk|tvly|hf|gh[opsur]|github_pat|glpat|xox[abps])[-_][\w-]{16,}"  # of well-known services
    r"|\bBSA[\w-]{20,}|\bAIza[\w-]{30,}|\bAKIA[0-9A-Z]{16}\b"
    r"|\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*"  # JSON web tokens
    r"|(?<=://)[^\s/@]+:[^\s/@]+(?=@)"  # name and password in an address
    r"|(?i:(?<=bearer )\S{8,})",
    re.ASCII,
)
"""What is made so that it is known for a secret."""


class QuestionLog:
    """Writes one line for each question, with its run."""

    def __init__(self, own_secrets: Iterable[str], log: structlog.stdlib.BoundLogger | None = None) -> None:
        self._own = sorted(filter(None, own_secrets), key=len, reverse=True)
        self._log = structlog.get_logger("asterism.questions") if log is None else log

    def observe(self, event: Event) -> None:
        """Tell the question of a run that begins."""
        if isinstance(event, RunStarted):
            self._log.info(
                "question",
                run_id=event.run_id,
                thread_id=event.thread_id,
                question=self._without_secrets(event.question),
            )

    def _without_secrets(self, text: str) -> str:
        for secret in self._own:
            text = text.replace(secret, HIDDEN)
        return SECRETS.sub(HIDDEN, text)


def secrets_in(settings: BaseModel) -> Iterator[str]:
    """Every secret that the settings hold."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, BaseModel):
            yield from secrets_in(value)
