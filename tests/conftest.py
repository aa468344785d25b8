"""Fixtures for every test; what only some need stands in tests/support or beside them."""

import io
import tarfile
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation

from tests.support.pictures import astronaut, encoded
from tests.support.services import private_postgres, private_redis

PROCESSES = {"integration", "faults", "e2e"}
"""Folders whose tests start sites, fleets and browsers of their own."""
QUICK_PASSWORDS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Slow hashes guard people's passwords; those of tests are known to everybody."""


def pytest_collection_modifyitems(items):
    """Say what stays together where several processes share the tests (``-n 2``).

    The tests of a file, for what they set up is shared; and all that start processes and browsers
    themselves, so that one of them at a time needs the machine beside everything else.
    """
    here = Path(__file__).parent
    for item in items:
        path = item.path.relative_to(here)
        group = "processes" if path.parts[0] in PROCESSES else str(path)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory):
    """Photos and models of tests go to a folder of the run, never into ``data/``."""
    folder = tmp_path_factory.mktemp("data")
    storages = deepcopy(settings.STORAGES)
    storages["default"]["OPTIONS"]["location"] = str(folder / "media")
    folders = {
        "DATA_DIR": folder,
        "MODEL_DIR": folder / "models",
        "RUN_DIR": folder / "runs",
        "DATASET_DIR": folder / "datasets",
    }
    with override_settings(STORAGES=storages, PASSWORD_HASHERS=QUICK_PASSWORDS, **folders):
        yield


@pytest.fixture(autouse=True)
def own_language():
    """A page asked for in Korean leaves its thread speaking Korean; the next test starts afresh."""
    yield
    translation.deactivate()


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


@pytest.fixture(scope="session")
def shard(tmp_path_factory):
    """A small tar of real pictures: pieces of one photograph."""
    path = tmp_path_factory.mktemp("shards") / "pieces.tar"
    photo = astronaut()
    with tarfile.open(path, "w") as tar:
        for n, (left, top) in enumerate(np.ndindex(3, 3)):
            box = (left * 128, top * 128, left * 128 + 160, top * 128 + 160)
            data = encoded(photo.crop(box), "JPEG", quality=90)
            member = tarfile.TarInfo(f"train/piece_{n}.jpg")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture(scope="session")
def opinionated(tmp_path_factory):
    """The folder of a small model that gives opinions; nobody trained it."""
    from tests.support.opinions import opinionated as write  # torch takes seconds to import

    return write(tmp_path_factory.mktemp("models") / "tiny-opinions")
