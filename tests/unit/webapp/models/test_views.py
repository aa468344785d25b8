"""What everybody may see of the laboratory, and what nobody may."""

import json
import re
import subprocess
import sys

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image, ImageChops, ImageStat

from training.evaluation.protocols import PROTOCOLS
from training.models import Measurement, ModelVersion, Run, Score, Search
from training.registry import sample_pictures
from training.registry.sample_pictures import request_samples, show_samples
from training.registry.versions import ModelUnusableError, ensure_shipped_model, folder_of
from training.runs.progress import best_trial

DATA = {"data": "test.tar", "data_sha256": "7d" * 32, "pictures": 1000}


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    """What is asked of workers, instead of asking them."""
    monkeypatch.setattr(sample_pictures.current_app, "send_task", lambda *_, **__: None)


@pytest.fixture
def version(db):
    return ensure_shipped_model()


def version_named(name, state="published", **facts):
    return ModelVersion.objects.create(
        name=name, sha256=f"{name:0<64}"[:64], folder="gone", net="unet", card={}, state=state,
        **facts,
    )  # fmt: skip


def scored(method, psnr, protocol="report", **facts):
    """A row whose PSNR is the same at every amount of hints."""
    facts = DATA | facts
    figures = [
        {"column": column.label, "psnr": psnr, "psnr_error": 0.12, "ssim": 0.9}
        for column in PROTOCOLS[protocol].columns
    ]
    return Score.objects.create(
        protocol=protocol, method=method, hints_seed="x", code_version="1", figures=figures,
        seconds=0.1, **facts,
    )  # fmt: skip


def trained(name, **facts):
    run = Run.objects.create(name=name, recipe={"name": name}, folder=name, **facts)
    for step in (10, 20, 30):
        values = {"loss": 5 - step / 10, "psnr": 30 + step / 10, "psnr 3%": 31.0}
        Measurement.objects.create(run=run, step=step, values=values)
    return run


def text_of(client, address, **headers):
    response = client.get(address, headers=headers)
    assert response.status_code == 200, address
    return response.content.decode()


def charts_in(page):
    return [
        json.loads(source)
        for source in re.findall(r'<script type="application/json">(.*?)</script>', page)
    ]


def test_a_site_without_models_and_scores_says_so(client, db):
    page = text_of(client, "/models")
    assert "No model has been published yet." in page
    assert "Nothing has been scored on this site yet." in page


def test_drafts_are_shown_nowhere(client, version):
    draft = version_named("secret-draft", "draft", samples={"cat": {"grey": "x"}})
    scored("prior", 30.0)
    scored("secret-draft", 39.0, model_version=draft, subject_sha256=draft.sha256)
    page = text_of(client, "/models")
    assert version.name in page
    assert "secret-draft" not in page
    for address in ("/models/secret-draft", "/models/secret-draft/samples/cat-grey.webp"):
        assert client.get(address).status_code == 404


def test_the_live_version_is_distinguished_from_the_others(client, version):
    version_named("other")
    page = text_of(client, "/models")
    assert page.count('data-testid="live"') == 1
    assert page.index(version.name) < page.index("other")
    assert 'data-testid="live"' not in text_of(client, "/models/other")


def test_a_model_that_gives_predictions_says_so(client, db):
    version_named("plain")
    version = version_named("frank")
    version.card = {"net": {"field": 16}}
    version.save()
    assert "suggested colours, uncertainty" in text_of(client, "/models/frank")
    assert "suggested colours, uncertainty" not in text_of(client, "/models/plain")


def test_training_free_rows_come_first_and_gains_are_over_the_better_of_two(client, version):
    scored("rehue-4", 31.5, model_version=version, subject_sha256=version.sha256)
    scored("levin", 31.0)
    scored("prior", 30.0)
    page = text_of(client, "/models")
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.index("levin") < table.index("prior") < table.index("rehue-4")
    assert set(re.findall(r'cell-gain is-better">(.*?)<', table)) == {"+0.50"}
    assert "±0.12" in table
    assert "1000 pictures of test.tar (7d7d7d7d)" in page


def test_a_loss_is_not_shown_as_a_gain(client, version):
    scored("rehue-4", 30.5, model_version=version, subject_sha256=version.sha256)
    scored("levin", 31.0)
    scored("prior", 30.0)
    page = text_of(client, "/models")
    assert "is-better" not in page
    assert "−0.50" in page


def test_the_chart_shows_what_the_table_shows(client, version):
    scored("grey", 21.0, protocol="points")
    scored("prior", 26.0, protocol="points")
    scored("rehue-4", 27.0, "points", model_version=version, subject_sha256=version.sha256)
    (chart,) = charts_in(text_of(client, "/models"))
    assert chart["x"]["kind"] == "category"
    assert [(line["name"], line["muted"]) for line in chart["series"]] == [
        ("prior", True),
        ("rehue-4", False),
    ]
    assert chart["series"][1]["points"][0] == ["@0", 27.0]


def test_a_model_shows_its_card_its_training_and_its_own_scores_only(client, version):
    run = trained("evening")
    model = version_named("evening", run=run)
    scored("prior", 30.0)
    scored("rehue-4", 31.0, model_version=version, subject_sha256=version.sha256)
    scored("evening", 31.0, model_version=model, subject_sha256=model.sha256)
    page = text_of(client, "/models/evening")
    loss, psnr, scores = charts_in(page)
    assert loss["series"][0]["points"] == [[10, 4.0], [20, 3.0], [30, 2.0]]
    assert [line["name"] for line in psnr["series"]] == ["mean", "3%"]
    assert [line["name"] for line in scores["series"]] == ["prior", "evening"]
    assert model.sha256 in page


def test_the_card_of_the_shipped_model_counts_its_parameters(client, version):
    page = text_of(client, f"/models/{version.name}")
    from safetensors.numpy import load_file

    learnt = (
        array.size
        for name, array in load_file(folder_of(version) / "weights.safetensors").items()
        if not name.endswith(("running_mean", "running_var", "num_batches_tracked"))
    )
    assert f"{sum(learnt):,}" in page
    assert version.sha256 in page
    assert version.card["limits"][0].split("'")[0] in page


def test_a_run_that_is_no_model_is_shown_once_it_has_scores(client, db):
    run = trained("report-unet")
    assert client.get("/models/runs/report-unet").status_code == 404
    scored("prior", 30.0)
    scored("report-unet", 30.5, run=run, subject_sha256="1" * 64)
    assert "/models/runs/report-unet" in text_of(client, "/models")
    assert len(charts_in(text_of(client, "/models/runs/report-unet"))) == 3


def test_a_run_whose_model_is_a_draft_is_not_shown(client, db):
    run = trained("evening")
    draft = version_named("evening", "draft", run=run)
    scored("evening", 30.5, run=run, model_version=draft, subject_sha256=draft.sha256)
    assert client.get("/models/runs/evening").status_code == 404


TRIALS = [
    {"number": 0, "state": "complete", "value": 31.0, "learning_rate": 1e-3, "optimiser": "adam"},
    {"number": 1, "state": "pruned", "value": 34.0, "learning_rate": 1e-4, "optimiser": "sgd"},
    {"number": 2, "state": "complete", "value": 33.0, "learning_rate": 5e-4, "optimiser": "adam"},
    {"number": 3, "state": "fail", "value": None, "learning_rate": 9e-4, "optimiser": "sgd"},
]


def test_a_search_shows_its_best_trial_its_plots_and_its_table(client, db):
    key = default_storage.save("laboratory/searches/x/history-dark.svg", ContentFile(b"<svg/>"))
    search = Search.objects.create(
        name="lr", status="done", recipe={}, trials=TRIALS, plots={"history": {"dark": key}}
    )
    assert best_trial(search.trials)["number"] == 2
    assert "best: 33.00 dB" in text_of(client, "/models")
    page = text_of(client, "/models/searches/lr")
    rows = re.findall(r"<tr><td>(\d)</td>", page)
    assert rows == ["2", "0", "1", "3"]
    plot = client.get("/models/searches/lr/plots/history/dark")
    assert (plot.content, plot.headers["Content-Type"]) == (b"<svg/>", "image/svg+xml")
    for missing in ("history/light", "history/other", "slice/dark"):
        assert client.get(f"/models/searches/lr/plots/{missing}").status_code == 404
    assert client.get("/models/searches/lr.csv").headers["Content-Type"].startswith("text/csv")


def test_an_unfinished_search_is_not_shown(client, db):
    Search.objects.create(name="lr", status="running", recipe={}, trials=TRIALS)
    assert "/models/searches/lr" not in text_of(client, "/models")
    for address in ("/models/searches/lr", "/models/searches/lr.csv"):
        assert client.get(address).status_code == 404


def test_sample_photographs_are_coloured_and_sent(client, version):
    show_samples(model_version=version)
    version.refresh_from_db()
    assert set(version.samples) == {"astronaut", "chelsea", "coffee", "rocket"}
    addresses = re.findall(r'src="(/models/[^"]+)"', text_of(client, "/models"))
    assert len(addresses) == 4 * 4
    pictures = {}
    for address in addresses:
        response = client.get(address)
        assert response.headers["Content-Type"] == "image/webp"
        assert "max-age" in response.headers["Cache-Control"]
        path = default_storage.path(version.samples["coffee"]["grey"]).rpartition("/")[0]
        pictures[address] = Image.open(f"{path}/{address.rpartition('/')[2]}").convert("RGB")
    start = f"/models/{version.name}/samples/"
    hinted, unhinted = (
        sum(
            difference(
                pictures[f"{start}{photo}-{kind}.webp"], pictures[f"{start}{photo}-original.webp"]
            )
            for photo in version.samples
        )
        for kind in ("hinted", "unhinted")
    )
    assert hinted < unhinted


def difference(one, other):
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def test_a_model_that_cannot_colour_the_samples_keeps_none(db, settings, tmp_path):
    settings.MODEL_DIR = tmp_path
    with pytest.raises(ModelUnusableError, match="gone"):
        show_samples(model_version=version_named("broken"))
    assert ModelVersion.objects.get(name="broken").samples == {}


def test_missing_samples_are_requested_once(version, monkeypatch):
    from django.core.cache import cache

    cache.clear()
    requested = []
    monkeypatch.setattr(
        sample_pictures.current_app, "send_task", lambda *_, args, **__: requested.extend(args)
    )
    request_samples([version])
    request_samples([version])
    request_samples([version_named("done", samples={"cat": {}})])
    assert requested == [str(version.pk)]


@pytest.mark.parametrize("models", [1, 6])
def test_the_list_takes_the_same_number_of_queries_for_any_number_of_models(
    client, version, django_assert_num_queries, models
):
    scored("prior", 30.0)
    for number in range(models):
        model = version_named(f"model-{number}", run=trained(f"run-{number}"))
        run = trained(f"scored-{number}")
        scored(model.name, 31.0, model_version=model, subject_sha256=model.sha256)
        scored(run.name, 31.0, run=run, subject_sha256=f"{number}" * 64)
    with django_assert_num_queries(3):  # versions, scores, searches
        client.get("/models")
    with django_assert_num_queries(3):  # the version with its run, measurements, scores
        client.get("/models/model-0")


def test_the_pages_speak_korean(client, version):
    page = text_of(client, "/models", **{"accept-language": "ko"})
    assert "모델" in page
    assert "Scores" not in page


def test_the_front_page_leads_to_the_models(client, db):
    assert reverse("models") in text_of(client, "/")


def test_the_pages_bring_neither_torch_nor_an_inference_runtime_into_a_web_process():
    code = (
        "import django, sys; django.setup(); import webapp.models.urls\n"
        "print(sorted({'torch', 'onnxruntime', 'optuna'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
