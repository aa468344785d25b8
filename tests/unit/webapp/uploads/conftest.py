import pytest

from tests.support.people import as_guest, live_version


@pytest.fixture
def live(db):
    """A live model, without which no photo can be added."""
    return live_version()


@pytest.fixture
def visitor(client, live):
    return as_guest(client)
