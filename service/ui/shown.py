"""The base of what only our own page reads."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Shown(BaseModel):
    """Frozen, documented by the text under each field."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


def to_json(view: Shown, *, brief: bool = False) -> dict[str, Any]:
    """As it is sent; `brief` says nothing of what is as usual."""
    return view.model_dump(mode="json", exclude_defaults=brief)
