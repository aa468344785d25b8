"""Fixtures for every test; what only some need stands in tests/support or beside them."""

import io
import tarfile
import uuid
from copy import deepcopy

import numpy as np
import psycopg
import pytest
import redis
from django.conf import settings
from django.db import connections
from django.test import override_settings
from django.utils import translation
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling

from colorizer import model
from colorizer.model import sha256_of
from colorizer.models import SHIPPED
from tests.support.fleet import fleet
from tests.support.pictures import astronaut, encoded
from tests.support.services import private_postgres, private_redis

PROCESSES = {"integration": "sites", "faults": "sites", "e2e": "browser"}
"""Folders whose tests start sites, fleets and browsers of their own, and what they share."""
QUICK_PASSWORDS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""Slow hashes guard people's passwords; those of tests are known to everybody."""


class Groups(LoadScopeScheduling):
    """What stays together where several processes share the tests (``-n 2``).

    The tests of a file, for what they set up is shared; all that start sites and fleets, which one
    of them at a time needs beside everything else; and all that drive the one browser. (Marks for
    xdist's own groups go unheeded: it hides them in an attribute that pytest 9 does not read.)
    """

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return PROCESSES.get(path.split("/")[1], path)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share the tests out in groups."""
    return Groups(config, log)


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


@pytest.fixture(scope="session", autouse=True)
def shipped_files_read_once():
    """No test changes the shipped models: their 50 MB are digested once, not ten times a test."""
    digests = {}

    def digest(path):
        if SHIPPED.parent not in path.parents:
            return sha256_of(path)
        if path not in digests:
            digests[path] = sha256_of(path)
        return digests[path]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model, "sha256_of", digest)
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory):
    """The tests' database lies in the run's folder, too: two runs of one checkout share nothing."""
    folder = tmp_path_factory.mktemp("database")
    connections["default"].settings_dict["TEST"]["NAME"] = str(folder / "test.sqlite3")


@pytest.fixture(autouse=True)
def own_language():
    """A page asked for in Korean leaves its thread speaking Korean; the next test starts afresh."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def redis_server():
    """One Redis for the tests that only need some Redis; see ``private_redis`` for one's own."""
    with private_redis() as url:
        yield url


@pytest.fixture(scope="module")
def redis_url(redis_server):
    """The shared Redis, empty: what earlier modules left in it is nobody's business here."""
    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture(scope="session")
def postgres_server():
    """One PostgreSQL for the tests that only need some; see ``private_postgres`` for one's own."""
    with private_postgres() as url:
        yield url


@pytest.fixture(scope="module")
def postgres_url(postgres_server):
    """An empty database of the module's own: modules may come in any order."""
    name = f"rehue_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    return f"{postgres_server.rpartition('/')[0]}/{name}"


@pytest.fixture(scope="session")
def scale_out(tmp_path_factory):
    """The clock and two web processes on PostgreSQL and Redis; tests bring the workers."""
    with fleet(tmp_path_factory.mktemp("scale-out")) as made:
        made.clock()
        for _ in range(2):
            made.web()
        yield made


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
def exports(tmp_path_factory, worker_id):
    """Where exported networks wait for whoever exports them again, in whichever process."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "exports"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def predicting_model(tmp_path_factory, exports):
    """The folder of a small model that gives predictions; nobody trained it."""
    from tests.support.predictions import predicting_model as write  # torch takes seconds to import

    return write(tmp_path_factory.mktemp("models") / "tiny-predicting", exports)
