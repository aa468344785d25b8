import pytest

from tests.support.people import as_guest


@pytest.fixture
def visitor(client, live):
    return as_guest(client)
