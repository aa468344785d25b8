"""Figures travel from one site to another without their weights."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.support.lab import RECIPE, a_run, a_search
from training.evaluation.protocols import PROTOCOLS
from training.models import ModelVersion, Publication, Run, Score, Search
from training.registry import figures, sample_pictures
from training.registry.figure_files import FiguresError, read_figures
from training.registry.search_files import store_trials, trials_csv
from training.registry.subjects import find_subjects
from training.registry.versions import ensure_shipped_model
from training.runs.runs import create_run

TABLE = {"protocol": "report", "data": "test.tar", "data_sha256": "7d" * 32, "pictures": 100}

pytestmark = pytest.mark.django_db


def scored(method, psnr, **facts):
    columns = PROTOCOLS["report"].columns
    return Score.objects.create(
        **TABLE, method=method, hints_seed="x", code_version="1", seconds=0.1,
        figures=[{"column": column.label, "psnr": psnr} for column in columns], **facts,
    )  # fmt: skip


@pytest.fixture
def exported(tmp_path, monkeypatch):
    """A file of a run with its draft's score, a search and the shipped model; all gone since."""
    monkeypatch.setattr(sample_pictures.current_app, "send_task", lambda *_, **__: None)
    run = a_run("report-unet", status="done", done=100)
    draft = ModelVersion.objects.create(
        name="report-unet", sha256="a" * 64, folder="x", net="unet", card={}, run=run, state="draft"
    )
    plot = default_storage.save("plot.svg", ContentFile(b"<svg/>"))
    search = a_search("report-search", status="done", plots={"history": {"light": plot}})
    store_trials(search, "number,value\n0,24.5\n")
    shipped = ensure_shipped_model()
    scored("prior", 30.0)
    scored("report-unet", 27.5, model_version=draft, subject_sha256=draft.sha256)
    scored("rehue-4", 31.0, model_version=shipped, subject_sha256=shipped.sha256)
    file = tmp_path / "report.json"
    call_command(
        *("figures", "export", "report-unet", "report-search", shipped.name),
        *("--to", str(file), "--about", "On two cores."),
    )
    for rows in (Score, ModelVersion, Run, Search):
        rows.objects.all().delete()
    ensure_shipped_model()
    return file


def test_another_site_shows_scores_curves_and_trials(exported, client):
    assert figures.load_figures(exported)
    page = client.get("/models").content.decode()
    assert "figures only" in page
    assert "27.50" in page
    assert "30.00" in page
    run = client.get(reverse("model_run", args=["report-unet-published"])).content.decode()
    assert "its weights did not" in run
    assert "On two cores." in run
    assert "<rehue-chart" in run
    search = Search.objects.get(name="report-search-published")
    assert trials_csv(search) == "number,value\n0,24.5\n"
    shown = client.get(reverse("model_search", args=[search.name])).content.decode()
    assert "24.50" in shown
    plot = client.get(reverse("model_search_plot", args=[search.name, "history", "light"]))
    assert plot.content == b"<svg/>"


def test_scores_of_a_model_that_is_here_lead_to_it(exported):
    figures.load_figures(exported)
    score = Score.objects.get(method="rehue-4")
    assert score.model_version is not None
    assert score.model_version.is_live
    assert score.run is None


def test_loading_again_changes_nothing_and_a_new_file_takes_the_place_of_the_old(exported):
    assert figures.load_figures(exported)
    before = set(Score.objects.values_list("pk", flat=True))
    assert not figures.load_figures(exported)
    assert set(Score.objects.values_list("pk", flat=True)) == before
    content = json.loads(exported.read_text())
    content["scores"] = content["scores"][:1]
    exported.write_text(json.dumps(content))
    assert figures.load_figures(exported)
    assert Score.objects.count() == 1
    assert Run.objects.count() == Publication.objects.count() == 1


def test_what_this_site_scored_itself_stays(exported):
    own = scored("prior", 29.0)
    figures.load_figures(exported)
    own.refresh_from_db()
    assert own.figures[0]["psnr"] == 29.0
    assert figures.forget_figures("report")
    assert list(Score.objects.all()) == [own]


def test_a_run_of_the_same_name_can_still_be_made(exported, shard):
    figures.load_figures(exported)
    recipe = {**RECIPE, "name": "report-unet"}
    assert create_run(recipe=recipe, data=[str(shard)], val=[str(shard)]).name == "report-unet"


def test_weights_that_are_elsewhere_can_be_neither_scored_nor_published(exported):
    figures.load_figures(exported)
    with pytest.raises(Exception, match="only its figures came"):
        find_subjects(["report-unet-published"])
    with pytest.raises(CommandError, match="neither a run nor a draft"):
        call_command("publish", "report-unet-published")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "poem"}, "kind"),
        ({"format": 2}, "format"),
        ({"extra": 1}, "extra"),
        ({"runs": []}, "scores are of runs it has not: report-unet"),
    ],
)
def test_a_file_that_is_none_changes_nothing(exported, change, says):
    exported.write_text(json.dumps(json.loads(exported.read_text()) | change))
    with pytest.raises(FiguresError, match=says):
        figures.load_figures(exported)
    assert not Publication.objects.exists()
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("figures", "load", str(exported.with_name("missing.json")))


def test_names_that_stand_for_nothing_are_reported(tmp_path):
    with pytest.raises(FiguresError, match="ghost"):
        figures.collect_figures(names=["ghost"])
    with pytest.raises(CommandError, match="--to"):
        call_command("figures", "export", "ghost")


def test_the_figures_that_ship_can_be_read():
    for path in figures.SHIPPED.glob("*.json"):
        assert read_figures(path).about, path
    figures.load_shipped_figures()
