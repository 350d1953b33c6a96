import pytest
import trustme

from tests.tools.fetch.internet import Authority


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority(trustme.CA())
