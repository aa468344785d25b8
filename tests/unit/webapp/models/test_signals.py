"""Whatever is done to a model version stands in the audit log, or was not done."""

import shutil

import pytest

from colorizer.models import SHIPPED
from tests.support.people import user
from training.registry import versions
from training.registry.publishing import publish
from training.registry.versions import ModelUnusableError, ensure_shipped_model, register
from webapp.audit.models import Entry
from webapp.audit.services import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(settings, tmp_path):
    """A second model that may be switched to."""
    settings.MODEL_DIR = tmp_path / "models"
    shutil.copytree(SHIPPED, settings.MODEL_DIR / "mine")
    return register(folder=settings.MODEL_DIR / "mine", stored_as="mine")


def audited():
    return list(Entry.objects.order_by("pk").values_list("actor__username", "action", "subject"))


def test_switch_rollback_and_retirement_are_reported_with_who_did_it(mine, monkeypatch):
    monkeypatch.setattr(versions, "run_probe", lambda folder: None)
    shipped, chief = ensure_shipped_model(), user("chief")
    versions.make_live(actor=chief, model_version=mine)
    versions.roll_back(actor=chief)
    versions.retire(actor=None, model_version=mine)
    assert audited() == [
        (None, "model_live", shipped.name),
        ("chief", "model_live", mine.name),
        ("chief", "model_rolled_back", shipped.name),
        (None, "model_retired", mine.name),
    ]
    assert Entry.objects.get(actor__username="chief", action="model_live").detail == (
        f"before: {shipped.name}"
    )


def test_publishing_is_reported(mine, monkeypatch):
    monkeypatch.setattr("training.registry.publishing.request_samples", lambda versions: None)
    type(mine).objects.update(state="draft")
    publish(model_version=mine, actor=user("chief"))
    assert audited() == [("chief", "model_published", mine.name)]


def test_what_was_refused_is_not_reported(mine):
    ensure_shipped_model()
    (versions.folder_of(mine) / "model.onnx").unlink()
    with pytest.raises(ModelUnusableError):
        versions.make_live(actor=user("chief"), model_version=mine)
    assert [entry[2] for entry in audited()] == [versions.live_model().name]


def test_switching_to_what_is_live_already_reports_nothing_new(monkeypatch):
    monkeypatch.setattr(versions, "run_probe", lambda folder: None)
    shipped = ensure_shipped_model()
    versions.make_live(actor=user("chief"), model_version=shipped)
    ensure_shipped_model()
    assert len(audited()) == 1


def test_a_switch_that_cannot_be_noted_does_not_happen(mine, monkeypatch):
    monkeypatch.setattr(versions, "run_probe", lambda folder: None)
    shipped = ensure_shipped_model()

    def full(**_):
        raise OSError("The disk is full.")

    monkeypatch.setattr("webapp.models.signals.record", full)
    with pytest.raises(OSError, match="full"):
        versions.make_live(actor=None, model_version=mine)
    assert versions.live_model() == shipped


def test_an_entry_outlives_its_actor():
    somebody = user("leaving")
    record(actor=somebody, action=Entry.Action.PHOTO_DELETED, subject="a photo")
    somebody.delete()
    entry = Entry.objects.get()
    assert (entry.actor, entry.subject) == (None, "a photo")
