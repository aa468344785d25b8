"""Health tells a supervisor what stands in the way."""

import shutil

import pytest
from celery import Celery
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from colorizer.models import SHIPPED
from training.registry.versions import ensure_shipped_model, register
from webapp.common import health


@pytest.fixture
def working(monkeypatch):
    """A worker answers; that one does in truth is shown by the tests of the runtime."""
    monkeypatch.setattr(health, "worker_alive", lambda: True)


def test_health_asks_nothing_of_the_database(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_a_site_that_can_colour_is_ready(client, db, working):
    ensure_shipped_model()
    response = client.get("/readyz")
    assert response.status_code == 200
    assert set(response.json()["checks"].values()) == {"ok"}


def not_ready(client, part):
    response = client.get("/readyz")
    assert response.status_code == 503
    bad = {name: stated for name, stated in response.json()["checks"].items() if stated != "ok"}
    assert set(bad) == {part}
    return bad[part]


def test_without_a_worker(client, db):
    ensure_shipped_model()
    assert "worker" in not_ready(client, "worker")


def test_without_a_model(client, db, working):
    assert "no model" in not_ready(client, "model")


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_with_a_model_whose_files_are_harmed(client, db, working, settings, harm):
    folder = settings.MODEL_DIR / harm
    shutil.copytree(SHIPPED, folder)
    model_version = register(folder=folder, stored_as=harm)
    type(model_version).objects.update(state="live")
    assert client.get("/readyz").status_code == 200
    if harm == "missing":
        shutil.rmtree(folder)
    else:
        with (folder / "model.onnx").open("r+b") as file:
            file.write(b"harm")
    assert "missing or damaged" in not_ready(client, "model")


def test_with_migrations_to_apply(client, db, working):
    ensure_shipped_model()
    newest = MigrationLoader(connection).graph.leaf_nodes("library")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    assert "migration" in not_ready(client, "migrations")


def test_without_a_database_it_answers_all_the_same(client, db, working, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(type(connections["default"]), "cursor", fail)
        response = client.get("/readyz")
    assert response.status_code == 503
    assert "does not answer" in response.json()["checks"]["database"]


def test_without_a_broker(client, db, working, settings, monkeypatch):
    ensure_shipped_model()
    settings.EMBEDDED = False
    monkeypatch.setattr(health, "app", Celery(broker="redis://127.0.0.1:1/0", set_as_current=False))
    assert "broker" in not_ready(client, "broker")
