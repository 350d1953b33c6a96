"""How the state of a run is written and read back: plain data, and nothing that could run when it is read."""

from typing import Any

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from agent.errors import StoreUnusable

PLAIN_FORMS = frozenset({"msgpack", "null", "empty", "bytes", "bytearray"})
"""What LangGraph's savers write. Its other forms (`json`, `pickle`) can name types to build."""


class StateSerializer(JsonPlusSerializer):
    """Refuses every row that is more than plain data.

    LangGraph's own reader builds any importable type that a row names unless its strict switch was set before its
    first import, and even then passes over what it refuses. Our states hold JSON values only, so anything else in a
    row was put there by somebody else, and the row is not to be believed.
    """

    def __init__(self) -> None:
        super().__init__(allowed_msgpack_modules=None, __unpack_ext_hook__=_refuse)

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """The value of a row.

        Raises:
            StoreUnusable: when it is more than plain data.
        """
        if data[0] not in PLAIN_FORMS:
            raise _forged()
        try:
            return super().loads_typed(data)
        except ValueError as error:
            # The msgpack reader wraps what the hook raises.
            raise _forged() from error


def _refuse(code: int, data: bytes) -> Any:
    raise _forged()


def _forged() -> StoreUnusable:
    return StoreUnusable(
        "The stored state of this run holds something that this program never writes; it was not read.",
        remedy="See who can write to the store, and ask the question anew.",
    )
