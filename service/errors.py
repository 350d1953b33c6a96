"""What the service itself refuses, beside the errors of a run.

ServiceError
├── KeyRequired       no API key, or one that is wrong or revoked
├── OriginRefused     a page of another site, or an unknown host name
├── TooBusy           a rate or a number of runs is used up; says when to come back
├── Draining          this process is being stopped
├── BodyTooLarge      the body is longer than allowed
├── BodyTooSlow       the body did not arrive in time
├── BodyTooDeep       the body's JSON is nested too deep
└── KeyReused         an idempotency key came again with another body
"""


class ServiceError(Exception):
    """A refusal; `remedy` says in one sentence what to do about it."""

    status = 400
    code = "refused"

    def __init__(self, message: str, *, remedy: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.remedy = remedy
        self.retry_after_s = retry_after_s


class KeyRequired(ServiceError):
    """No API key, or one that is wrong or revoked."""

    status = 401
    code = "key-required"


class OriginRefused(ServiceError):
    """A page of another site, or an unknown host name."""

    status = 403
    code = "origin-refused"


class TooBusy(ServiceError):
    """A rate or a number of runs is used up; says when to come back."""

    status = 429
    code = "too-busy"


class Draining(ServiceError):
    """This process is being stopped."""

    status = 503
    code = "draining"


class BodyTooLarge(ServiceError):
    """The body is longer than allowed."""

    status = 413
    code = "body-too-large"


class BodyTooSlow(ServiceError):
    """The body did not arrive in time."""

    status = 408
    code = "body-too-slow"


class BodyTooDeep(ServiceError):
    """The body's JSON is nested too deep."""

    status = 422
    code = "invalid-request"


class KeyReused(ServiceError):
    """An idempotency key came again with another body."""

    status = 409
    code = "idempotency-key-reused"
