"""Chat templates that engines are started with, as files."""

from importlib.resources import files
from pathlib import Path


def template_path(name: str) -> Path:
    """Where a template lies."""
    return Path(str(files(__name__) / name))
