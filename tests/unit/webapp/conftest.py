import pytest

from tests.support.people import live_version


@pytest.fixture
def live(db):
    """A live model, without which no photo can be added."""
    return live_version()
