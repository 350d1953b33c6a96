"""Errors of a run.

AgentError
├── InvalidQuestion     empty, too long, or without a readable character
├── DeadlineExceeded    time ran out before there was anything to answer from
├── ThreadNotFound      no such conversation
├── RunNotFound         no such run
├── RunNotResumable     the run is still going on, or has ended
├── StoreUnusable       the file or server that keeps threads cannot be used
└── Misconfigured       a setting is wrong
"""


class AgentError(Exception):
    """A run that cannot give an answer; `remedy` says in one sentence what to do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class InvalidQuestion(AgentError):
    """Empty, too long, or without a readable character."""


class DeadlineExceeded(AgentError):
    """Time ran out before there was anything to answer from."""


class ThreadNotFound(AgentError):
    """No such conversation."""


class RunNotFound(AgentError):
    """No such run."""


class RunNotResumable(AgentError):
    """The run is still going on, or has ended."""


class StoreUnusable(AgentError):
    """The file or server that keeps threads cannot be used."""


class Misconfigured(AgentError):
    """A setting is wrong."""
