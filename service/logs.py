"""Log lines: one JSON object (or one line of text) each, on standard error, with the request's and the run's id.

Nothing here ever sees a key or a question; whoever wants questions in the log asks for it in the settings.
"""

import logging
import logging.config
import sys
from typing import Literal

import structlog
from structlog.typing import Processor

QUIET_LOGGERS = ("uvicorn.access", "httpx", "httpx2", "httpcore", "openai")
"""They repeat what our own lines say, and some write whole addresses."""


def set_up_logs(form: Literal["json", "text"]) -> None:
    """Send every log line of the process through one formatter. Called once, by `asterism serve`."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last]
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)
