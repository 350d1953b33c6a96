"""How models write function calls in their text, and how we read them. No I/O.

`reading` reads one call however badly it is written; `marked` finds calls between markers while text streams; `bare`
finds a call that is a whole message. A dialect says what the model must be told, and which of these reads its answer.
"""

from model_backend.dialects.calls import CallParser, Piece, Read
from model_backend.dialects.dialect import Dialect, dialect_of, json_in_words, json_parser, json_schema, native_parser

__all__ = [
    "CallParser",
    "Dialect",
    "Piece",
    "Read",
    "dialect_of",
    "json_in_words",
    "json_parser",
    "json_schema",
    "native_parser",
]
