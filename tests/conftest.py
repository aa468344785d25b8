"""Fixtures for every test; what only some need stands in tests/support or beside them."""

from copy import deepcopy

import pytest
from django.conf import settings
from django.test import override_settings

from tests.support.services import private_postgres, private_redis


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory):
    """Photos and models of tests go to a folder of the run, never into ``data/``."""
    folder = tmp_path_factory.mktemp("data")
    storages = deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"]["location"] = str(folder / "media")
    with override_settings(STORAGES=storages, DATA_DIR=folder, MODEL_DIR=folder / "models"):
        yield


@pytest.fixture(scope="session")
def redis_url():
    """One Redis for the tests that only need some Redis; see ``private_redis`` for one's own."""
    with private_redis() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url():
    """One PostgreSQL with an empty database; see ``private_postgres`` for one's own."""
    with private_postgres() as url:
        yield url
