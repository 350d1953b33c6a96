"""Our plain package names must not be anybody else's in the same environment."""

from importlib.metadata import packages_distributions

import pytest

OWNERS = packages_distributions()
OURS = ("agent", "tools", "model_backend", "prompts", "service", "eval")


@pytest.mark.parametrize("name", OURS)
def test_no_other_distribution_brings_a_package_of_our_name(name: str) -> None:
    owners = set(OWNERS.get(name, [])) - {"asterism"}
    assert owners == set(), f"install Asterism in an environment of its own: {owners} brings {name!r} too"
