"""Types of fields that are just what the OpenAPI document says: `1.0` is a whole number, `0` is not `false`."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _require_false(value: bool) -> bool:
    if value:
        raise ValueError("only false is taken")
    return value


# The bounds stand before the conversion, or they would be missing in the document.
One = Annotated[int, Field(ge=1, le=1), BeforeValidator(_whole)]
Zero = Annotated[int, Field(ge=0, le=0), BeforeValidator(_whole)]
AtLeastOne = Annotated[int, Field(ge=1), BeforeValidator(_whole)]
No = Annotated[bool, AfterValidator(_require_false), WithJsonSchema({"type": "boolean", "const": False})]
Nothing = Annotated[list[Any], Field(max_length=0)]
"""An empty list."""
