"""Switching and rolling back from the dashboard, with a word before and an entry after."""

import pytest

from training.registry import versions
from training.registry.versions import live_model
from webapp.audit.models import Entry

BACK = "/dashboard/models/roll-back"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The network's own trial has its tests in test_registry.py."""
    monkeypatch.setattr(versions, "run_probe", lambda folder: None)


def switch(version):
    return f"/dashboard/models/{version.pk}/switch"


def actions():
    return list(Entry.objects.filter(actor__username="chief").values_list("action", "subject"))


def test_it_says_what_will_happen_and_does_nothing_yet(chief, model, mine):
    page = chief.get(switch(mine)).content.decode()
    assert "Switch to mine?" in page
    assert f"{model.name} stays published" in page
    assert live_model() == model


def test_switch_and_rollback_are_two_clicks_each_and_stand_in_the_log(chief, model, mine):
    done = chief.post(switch(mine), follow=True)
    assert "mine is live" in done.content.decode()
    assert live_model() == mine
    page = chief.get(BACK).content.decode()
    assert f"Roll back to {model.name}?" in page
    chief.post(BACK, {"version": model.pk})
    assert live_model() == model
    assert actions() == [("model_rolled_back", model.name), ("model_live", "mine")]


def test_damaged_files_are_reported_in_words_and_nothing_changes(chief, model, mine):
    with (versions.folder_of(mine) / "model.onnx").open("r+b") as file:
        file.write(b"harm")
    refused = chief.post(switch(mine))
    assert refused.status_code == 409
    assert "Nothing has changed." in refused.content.decode()
    assert "damaged" in refused.content.decode()
    assert live_model() == model
    assert actions() == []


def test_rolling_back_is_refused_when_somebody_switched_meanwhile(chief, model, mine):
    chief.post(switch(mine))
    refused = chief.post(BACK, {"version": mine.pk})
    assert refused.status_code == 409
    assert "meanwhile" in refused.content.decode()
    assert live_model() == mine


def test_with_nothing_to_roll_back_to_it_says_so(chief, model):
    page = chief.post(BACK, follow=True).content.decode()
    assert "No other version was live before" in page


def test_drafts_are_not_switched_to(chief, model, mine):
    type(mine).objects.filter(pk=mine.pk).update(state="draft")
    assert chief.get(switch(mine)).status_code == 404


def test_other_staff_are_refused_and_switch_nothing(assistant, model, mine):
    answer = assistant.post(switch(mine), follow=True)
    assert "Only superusers switch the model." in answer.content.decode()
    assert live_model() == model
