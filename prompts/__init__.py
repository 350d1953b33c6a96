"""Words for the model, one file a prompt. Formatting of sources and history is code, in `agent/write.py`."""

from functools import cache
from importlib.resources import files
from string import Template


@cache
def _template(name: str) -> Template:
    return Template(files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").strip())


def render(name: str, **values: str) -> str:
    """Fill `prompts/NAME.md`.

    Raises:
        KeyError: when a value is missing.
        ValueError: when a value is not used by the prompt.
    """
    template = _template(name)
    unused = set(values) - set(template.get_identifiers())
    if unused:
        raise ValueError(f"prompt {name!r} does not use: {', '.join(sorted(unused))}")
    return template.substitute(values)
