"""Errors of the model backend, each with a remedy.

ModelError
├── ModelMisconfigured the address is none, or there is no such profile
├── ModelUnreachable   nobody listens there, or the connection broke
├── ModelTimeout       no token within the time allowed
├── ModelRefused       wrong key, unknown model, or a request the server does not take
├── ContextTooLong     the prompt does not fit the model's window
└── MalformedReply     what came back is not what the protocol says
"""


class ModelError(Exception):
    """The model gave no usable reply; `remedy` says in one sentence what to do about it."""

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


class ModelMisconfigured(ModelError):
    """The address is none, or there is no such profile."""


class ModelUnreachable(ModelError):
    """Nobody listens there, or the connection broke."""


class ModelTimeout(ModelError):
    """No token within the time allowed."""


class ModelRefused(ModelError):
    """A wrong key, an unknown model, or a request the server does not take."""


class ContextTooLong(ModelError):
    """The prompt does not fit the model's window."""


class MalformedReply(ModelError):
    """What came back is not what the protocol says."""
