"""Suites: one module each, its name is the suite's name, `SUITE` its only obligation (`_` begins shared files).

A module's docstring says what the suite measures, by which published definition, and what a case of it looks like (in
words of our own: none of the data stands in this project).
"""

import importlib
import pkgutil

from agent.errors import Misconfigured
from eval.harness.case import AnySuite, JudgeSuite, Suite


def suite_names() -> list[str]:
    """Every suite there is, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))


def load_suite(name: str) -> AnySuite:
    """Import one suite's module.

    Raises:
        Misconfigured: for an unknown name.
    """
    if name not in suite_names():
        raise Misconfigured(f"There is no suite {name!r}.", remedy=f"Known: {', '.join(suite_names())}.")
    suite = importlib.import_module(f"{__name__}.{name}").SUITE
    assert isinstance(suite, Suite | JudgeSuite)
    return suite


def about(name: str) -> str:
    """What the suite's module says of itself."""
    return (importlib.import_module(f"{__name__}.{name}").__doc__ or "").strip()
