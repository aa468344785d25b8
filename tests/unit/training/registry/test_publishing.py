"""What a run learnt becomes a draft, a draft is published, and only then can it be live."""

import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from colorizer.engine import Colorizer
from colorizer.model import ModelFolder
from tests.support.people import user
from training.learning import export as exporting
from training.learning.export import export_model
from training.learning.fit import fit
from training.learning.folder import TrainingError
from training.models import ModelVersion, Run, Score
from training.registry.publishing import draft_of_run, publish
from training.registry.versions import (
    ModelUnusableError,
    ensure_shipped_model,
    live_model,
    make_live,
)
from webapp.audit.models import Entry

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore"),  # torch's exporter warns of its own parts
]


@pytest.fixture
def run(recipe, pictures, settings, tmp_path):
    """A finished run of the smallest network: exporting takes its time."""
    settings.RUN_DIR, settings.MODEL_DIR = tmp_path / "runs", tmp_path / "models"
    net = {"net": "unet", "width": 2, "depth": 1, "prior": True}
    small = recipe.model_copy(update={"net": net})
    fit(small, pictures, pictures, settings.RUN_DIR / "tiny", workers=0)
    return Run.objects.create(name="tiny", recipe=small.model_dump(mode="json"), folder="tiny")


def test_a_run_becomes_a_draft_that_is_published_and_made_live(run, settings):
    ensure_shipped_model()
    draft = draft_of_run(run, folder=run.path)
    assert (draft.state, draft.run, draft.name) == ("draft", run, "tiny")
    with pytest.raises(ModelUnusableError, match="draft: publish it first"):
        make_live(actor=None, model_version=draft)
    Score.objects.create(
        protocol="report", method="tiny", model_version=draft, subject_sha256=draft.sha256,
        data="pieces", data_sha256="0" * 64, pictures=9, hints_seed="x", code_version="1",
        figures=[{"column": "1%", "psnr": 30.5}], seconds=0.1,
    )  # fmt: skip
    admin = user("chief")
    publish(model_version=draft, actor=admin)
    card = ModelFolder.open(settings.MODEL_DIR / "tiny").card
    assert card.facts["scores"][0]["figures"] == [{"column": "1%", "psnr": 30.5}]
    assert card.facts["training"]["steps"] == 7
    assert card.facts["training"]["recipe"]["name"] == "tiny"
    draft.refresh_from_db()
    assert draft.card == card.to_json()
    with pytest.raises(ModelUnusableError, match="published already"):
        publish(model_version=draft, actor=admin)
    make_live(actor=admin, model_version=draft, probe=lambda _: None)
    assert live_model() == draft
    by_people = Entry.objects.exclude(actor=None).order_by("pk")
    entries = by_people.values_list("actor__username", "action")
    assert list(entries) == [
        (admin.username, "model_published"),
        (admin.username, "model_live"),
    ]


def test_a_model_folder_can_be_written_outside_the_site(run, tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"description": "tiny"}))
    call_command("publish", "tiny", "--to", str(tmp_path / "model"), "--facts", str(facts))
    colorizer = Colorizer.load(tmp_path / "model")
    assert colorizer.card.name == "tiny"
    assert colorizer.card.facts["description"] == "tiny"
    photo = np.zeros((40, 30, 3), np.uint8)
    assert colorizer.colorize(photo).shape == photo.shape
    assert not ModelVersion.objects.exists()


def test_an_export_that_disagrees_replaces_nothing(run, tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "old").touch()
    monkeypatch.setattr(exporting, "parity", lambda *_: 0.5)
    with pytest.raises(TrainingError, match="differs"):
        export_model(run.path, tmp_path / "model", {})
    assert (tmp_path / "model" / "old").exists()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["model", "runs"]


def test_what_is_not_there_is_named(run, tmp_path):
    with pytest.raises(CommandError, match="neither a run nor a draft named nobody"):
        call_command("publish", "nobody")
    with pytest.raises(CommandError, match="no run in"):
        call_command("publish", str(tmp_path), "--to", str(tmp_path / "model"))
