import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from colorizer.engine import Colorizer
from training import publish as publishing
from training.fit import TrainingError, fit
from training.publish import publish


@pytest.fixture
def run(recipe, pictures, tmp_path):
    """A finished run of the smallest network: exporting takes its time."""
    net = {"net": "unet", "width": 2, "depth": 1, "prior": True}
    small = recipe.model_copy(update={"net": net})
    fit(small, pictures, pictures, tmp_path / "run", workers=0)
    return tmp_path / "run"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # torch's exporter warns of its own parts
def test_a_finished_run_becomes_a_model_that_serves(run, tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"description": "tiny"}))
    call_command("publish", str(run), str(tmp_path / "model"), "--facts", str(facts))
    colorizer = Colorizer.load(tmp_path / "model")
    assert colorizer.card.name == "tiny"
    assert colorizer.card.facts["training"]["steps"] == 7
    photo = np.zeros((40, 30, 3), np.uint8)
    assert colorizer.colorize(photo).shape == photo.shape
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts.json", "model", "run"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # torch's exporter warns of its own parts
def test_an_export_that_disagrees_is_not_published(run, tmp_path, monkeypatch):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "old").touch()
    monkeypatch.setattr(publishing, "parity", lambda *_: 0.5)
    with pytest.raises(TrainingError, match="differs"):
        publish(run, tmp_path / "model", {})
    assert (tmp_path / "model" / "old").exists()


def test_a_folder_without_a_run_is_named(tmp_path):
    with pytest.raises(CommandError, match="no run"):
        call_command("publish", str(tmp_path), str(tmp_path / "model"))
