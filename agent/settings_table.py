"""The settings as people read them: `.env.example` and the README's table, both made from `Settings`.

`python -m agent.settings_table` writes them; a test compares them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from agent.settings import Settings

BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"
"""The README's table stands between these lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One setting."""

    variable: str
    """The environment variable."""
    default: str
    """As one would write it; empty when there is none."""
    meaning: str
    """One sentence."""


def rows() -> list[Row]:
    """Every setting, in the order of the groups."""
    return [
        Row(
            variable=f"ASTERISM_{group.upper()}__{name.upper()}",
            default=_written(field.default),
            meaning=" ".join((field.description or "").split()),
        )
        for group, outer in Settings.model_fields.items()
        for name, field in type(outer.default).model_fields.items()
    ]


def env_example() -> str:
    """The text of `.env.example`."""
    head = "# Every setting with its default. Copy to .env and change what you need; the environment wins over it.\n"
    return head + "".join(f"\n# {row.meaning}\n# {row.variable}={row.default}\n" for row in rows())


def readme_table() -> str:
    """The table between the README's two marks."""
    lines = [f"| `{row.variable}` | {row.meaning} | {_code(row.default)} |" for row in rows()]
    return "\n".join([BEGIN, "| variable | meaning | default |", "| --- | --- | --- |", *lines, END])


def with_table(readme: str) -> str:
    """The README with its table made anew."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + readme_table() + after


def _written(default: Any) -> str:
    if default is None or isinstance(default, SecretStr):
        return ""
    if isinstance(default, list):
        return "[" + ",".join(f'"{item}"' for item in default) + "]"
    return str(default)


def _code(default: str) -> str:
    return f"`{default}`" if default else "none"


def main() -> None:
    """Write both files into the checkout."""
    root = Path(__file__).parent.parent
    (root / ".env.example").write_text(env_example(), encoding="utf-8")
    readme = root / "README.md"
    readme.write_text(with_table(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
