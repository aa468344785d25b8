"""The laboratory's staff pages: what they show, what they start, and what they refuse."""

import json
import subprocess
import sys
import tomllib
from typing import ClassVar

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from colorizer.models import SHIPPED
from tests.support.lab import RECIPE, a_run, a_search, an_evaluation, measure
from tests.support.people import live_version, user
from training.data.pictures import read_pictures
from training.data.prepare import prepare
from training.learning.recipe import parse_recipe
from training.models import Evaluation, ModelVersion, Run, Score, Search
from training.registry.data_sets import register_data_set
from training.registry.versions import live_model, register
from training.runs.recipes import InvalidRecipeError, as_toml, checked_recipe, known_recipes
from webapp.audit.models import Entry

pytestmark = pytest.mark.django_db

TINY = """
name = "tiny"
score_pictures = 2
net = {net = "unet", width = 2, depth = 1, prior = true}
stages = [{steps = 6, crop = 32, batch = 2}]
"""


@pytest.fixture
def chief(client):
    client.force_login(user("chief", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def assistant(client):
    client.force_login(user("assistant", is_staff=True))
    return client


@pytest.fixture
def data_set(tmp_path, settings, shard):
    settings.DATASET_DIR = tmp_path / "datasets"
    folder, splits = settings.DATASET_DIR / "pieces", {"train": 4, "val": 2, "test": 2}
    prepare(read_pictures([shard]), folder, splits=splits, side=64, seed=0, sources=["pieces"])
    return register_data_set(name="pieces", folder=folder)


def page_of(work, kind):
    return reverse("lab:work", args=[kind, work.pk])


def chart(page, key):
    """The data of a chart on a page."""
    text = page.content.decode().split(f'data-testid="chart-{key}">')[1]
    return json.loads(text.split('<script type="application/json">')[1].split("</script>")[0])


class TestTheOverview:
    def test_says_that_there_is_nothing_yet(self, chief):
        page = chief.get("/laboratory/").content.decode()
        for words in ("Nothing has been trained", "No hyper-parameters", "Nothing has been scored"):
            assert words in page

    def test_shows_all_work_with_its_progress(self, chief, data_set):
        run, search, evaluation = a_run(), a_search(), an_evaluation()
        page = chief.get("/laboratory/").content.decode()
        for work, kind in ((run, "run"), (search, "search"), (evaluation, "evaluation")):
            assert page_of(work, kind) in page
        assert "40 / 100" in page
        assert "26.50 dB" in page
        assert "train 4, val 2, test 2" in page

    def test_asks_no_more_for_many_runs(self, chief, django_assert_max_num_queries):
        for number in range(12):
            a_run(f"run-{number}", actor=user(f"person-{number}", is_staff=True))
        with django_assert_max_num_queries(9):
            chief.get("/laboratory/")


class TestWithoutTheLaboratorysPackages:
    @pytest.fixture(autouse=True)
    def lacking(self, monkeypatch):
        monkeypatch.setattr("training.runs.selectors.find_spec", lambda name: None)

    @pytest.mark.parametrize("address", ["", "runs/new", "searches/new", "evaluations/new"])
    def test_every_page_says_how_to_add_them(self, chief, address):
        assert "make lab" in chief.get(f"/laboratory/{address}").content.decode()

    def test_nothing_is_started(self, chief, data_set):
        options = {"recipe": "smoke", "data_sets": ["pieces"], "device": "cpu"}
        assert chief.post("/laboratory/runs/new", options).status_code == 422
        assert not Run.objects.exists()


def test_web_processes_that_show_these_pages_import_no_torch():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'webapp.settings'\n"
        "import django; django.setup()\n"
        "import webapp.asgi, webapp.urls\n"
        "print([m for m in ('torch', 'onnxruntime', 'optuna', 'matplotlib') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


class TestANewRun:
    WISH: ClassVar = {"recipe": "smoke", "text": TINY, "data_sets": ["pieces"], "device": "cpu"}

    def test_is_queued_under_the_requested_name(self, assistant, data_set):
        response = assistant.post("/laboratory/runs/new", self.WISH | {"name": "mine"})
        run = Run.objects.get()
        assert response.headers["Location"] == page_of(run, "run")
        assert (run.name, run.recipe["name"], run.status) == ("mine", "mine", "queued")
        assert run.recipe["stages"][0]["steps"] == 6
        assert (run.data, run.val, run.actor.username) == (["pieces"], [], "assistant")

    def test_takes_a_recipe_from_the_shelf_as_it_is(self, assistant, data_set):
        assistant.post("/laboratory/runs/new", self.WISH | {"text": ""})
        assert Run.objects.get().name == "smoke"

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"text": TINY + "colour = 1"}, "there is no such key"),
            ({"text": TINY.replace("unet", "vnet")}, "vnet"),
            ({"text": "name ="}, "no TOML"),
            ({"data_sets": []}, "This field is required"),
            ({"data_sets": ["/etc/passwd"]}, "Select a valid choice"),
            ({"name": "Mine!"}, "Enter a valid value"),
            ({"name": "mine\nyours"}, "Enter a valid value"),
        ],
    )
    def test_with_a_mistake_is_refused_and_the_form_says_why(
        self, assistant, data_set, changes, words
    ):
        response = assistant.post("/laboratory/runs/new", self.WISH | changes)
        assert (response.status_code, Run.objects.count()) == (422, 0)
        assert words in response.content.decode()

    def test_of_a_name_that_is_taken_is_refused(self, assistant, data_set):
        a_run("tiny")
        response = assistant.post("/laboratory/runs/new", self.WISH)
        assert "There is a run tiny already" in response.content.decode()
        assert Run.objects.count() == 1

    def test_on_pictures_that_changed_is_refused(self, assistant, data_set, settings):
        (settings.DATASET_DIR / "pieces" / "manifest.json").write_text("{}")
        response = assistant.post("/laboratory/runs/new", self.WISH)
        assert response.status_code == 422
        assert "pieces" in response.content.decode()
        assert not Run.objects.exists()

    def test_needs_the_page_s_token(self, data_set):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(user("chief", is_staff=True))
        assert strict.post("/laboratory/runs/new", self.WISH).status_code == 403


class TestANewSearchAndEvaluation:
    def test_a_search_is_queued(self, assistant, data_set):
        options = {
            "recipe": "smoke",
            "text": TINY,
            "data_sets": ["pieces"],
            "trials": 3,
            "epochs": 2,
        }
        response = assistant.post("/laboratory/searches/new", options)
        search = Search.objects.get()
        assert response.headers["Location"] == page_of(search, "search")
        assert (search.total, search.recipe["stages"][0]["epochs"]) == (3, 2)

    def test_a_search_over_several_stages_is_refused(self, assistant, data_set):
        options = {"recipe": "rehue", "data_sets": ["pieces"], "trials": 3, "epochs": 2}
        response = assistant.post("/laboratory/searches/new", options)
        assert "one stage" in response.content.decode()
        assert not Search.objects.exists()

    def test_an_evaluation_is_queued(self, assistant, data_set):
        register(folder=SHIPPED, stored_as="shipped:rehue-4")
        options = {
            "protocol": "points",
            "subjects": ["rehue-4"],
            "data_sets": ["pieces"],
            "limit": 2,
        }
        response = assistant.post("/laboratory/evaluations/new", options)
        evaluation = Evaluation.objects.get()
        assert response.headers["Location"] == page_of(evaluation, "evaluation")
        assert (evaluation.subjects, evaluation.limit) == (["rehue-4"], 2)


class TestThePageOfWork:
    def test_shows_a_run_s_progress_figures_recipe_and_charts(self, chief):
        page = chief.get(page_of(a_run(), "run"))
        assert chart(page, "psnr")["series"][0]["points"] == [[20, 25.0], [40, 26.5]]
        assert chart(page, "loss")["series"][0]["points"][0] == [20, 0.05]
        text = page.content.decode()
        assert "0:00:20" in text
        assert "steps = 6" in text
        assert "epochs" not in text

    def test_shows_what_went_wrong_and_offers_to_resume(self, chief):
        run = a_run(status="failed", error="The loss is <no> number.")
        text = chief.get(page_of(run, "run")).content.decode()
        assert "The loss is &lt;no&gt; number." in text
        assert 'data-testid="resume"' in text
        assert 'data-testid="cancel"' not in text

    def test_of_a_run_leads_to_its_draft(self, chief):
        run = a_run(status="done")
        version = live_version(name="tiny")
        ModelVersion.objects.filter(pk=version.pk).update(state="draft", run=run)
        text = chief.get(page_of(run, "run")).content.decode()
        assert reverse("lab:model", args=[version.pk, "publish"]) in text

    def test_of_a_search_shows_its_trials_and_plots(self, chief):
        key = default_storage.save("laboratory/p.svg", ContentFile(b"<svg/>"))
        search = a_search(plots={"history": {"light": key, "dark": key}})
        page = chief.get(page_of(search, "search"))
        assert chart(page, "value")["series"][0]["points"] == [[0, 24.5]]
        plot = reverse("lab:plot", args=[search.pk, "history", "dark"])
        assert plot in page.content.decode()
        response = chief.get(plot)
        assert response.content == b"<svg/>"
        assert response.headers["Content-Type"] == "image/svg+xml"
        assert chief.get(plot.replace("dark", "blue")).status_code == 404
        assert chief.get(reverse("lab:trials", args=[search.pk])).status_code == 200

    def test_of_an_evaluation_shows_its_table_when_it_is_done(self, chief):
        found, _other = [
            Score.objects.create(
                protocol="points", method=f"grey-on-{data}", data=data, data_sha256=data,
                pictures=2, hints_seed="1", code_version="1", seconds=0.1,
                figures=[{"column": "@0", "psnr": 21.34, "psnr_error": 0.5}],
            )
            for data in ("pieces", "others")
        ]  # fmt: skip
        evaluation = an_evaluation(status="running")
        assert "21.34" not in chief.get(page_of(evaluation, "evaluation")).content.decode()
        evaluation.scores.set([found])
        Evaluation.objects.update(status="done")
        text = chief.get(page_of(evaluation, "evaluation")).content.decode()
        assert "21.34" in text
        assert "grey-on-others" not in text

    def test_of_work_that_is_not_there_is_not_found(self, chief):
        run = a_run()
        assert chief.get(page_of(run, "search")).status_code == 404

    def test_asks_no_more_for_many_measurements(self, chief, django_assert_max_num_queries):
        run = a_run()
        for step in range(50, 90):
            measure(run, step, 27.0)
        with django_assert_max_num_queries(6):
            chief.get(page_of(run, "run"))


class TestActions:
    def test_cancel_and_resume_are_audited_with_their_actor(self, assistant):
        run = a_run(status="queued")
        assistant.post(reverse("lab:cancel", args=["run", run.pk]))
        run.refresh_from_db()
        assert run.status == "cancelled"
        assistant.post(reverse("lab:resume", args=["run", run.pk]))
        run.refresh_from_db()
        assert run.status == "queued"
        entries = Entry.objects.order_by("pk").values_list("actor__username", "action", "subject")
        assert list(entries) == [
            ("assistant", "job_cancelled", f"run {run.name}"),
            ("assistant", "job_retried", f"run {run.name}"),
        ]

    def test_what_has_ended_is_not_cancelled(self, assistant):
        run = a_run(status="done")
        address = reverse("lab:cancel", args=["run", run.pk])
        assert "has ended already" in assistant.post(address, follow=True).content.decode()
        assert not Entry.objects.exists()

    def test_a_model_is_published_made_live_and_rolled_back(self, chief):
        before = live_version(name="before", sha256="1" * 64)
        register(folder=SHIPPED, stored_as="shipped:rehue-4", state=ModelVersion.State.DRAFT)
        mine = ModelVersion.objects.get(name="rehue-4")
        folder = reverse("lab:model", args=[mine.pk, "make-live"])
        assert "is a draft" in chief.post(folder, follow=True).content.decode()
        assert live_model() == before
        ModelVersion.objects.filter(pk=mine.pk).update(state="published")
        chief.post(folder)
        assert live_model() == mine
        # The one before has no files any more: nothing changes.
        page = chief.post(reverse("lab:roll-back"), follow=True).content.decode()
        assert "Nothing has changed" in page
        assert live_model() == mine

    def test_only_superusers_switch_the_model(self, assistant):
        before = live_version(name="before", sha256="1" * 64)
        mine = register(folder=SHIPPED, stored_as="shipped:rehue-4")
        for address in (
            reverse("lab:model", args=[mine.pk, "make-live"]),
            reverse("lab:roll-back"),
        ):
            assert "Only superusers" in assistant.post(address, follow=True).content.decode()
        assert live_model() == before

    def test_lead_back_to_pages_of_this_site_only(self, assistant):
        mine = register(folder=SHIPPED, stored_as="shipped:rehue-4")
        address = reverse("lab:model", args=[mine.pk, "retire"])
        for page, lead in (("/laboratory/runs/new", "/laboratory/runs/new"),
                           ("https://evil.example/", "/laboratory/"),
                           ("//evil.example/", "/laboratory/")):  # fmt: skip
            assert assistant.post(address, {"next": page}).headers["Location"] == lead


class TestTheAdmin:
    def act(self, client, model, action, *rows):
        page = client.post(
            reverse(f"admin:training_{model}_changelist"),
            {"action": action, "_selected_action": [row.pk for row in rows]},
            follow=True,
        )
        return " ".join(str(message) for message in page.context["messages"])

    def test_cancels_and_resumes_and_says_what_could_not_be_done(self, chief):
        waiting, ended = a_run("waiting", status="queued"), a_run("ended", status="done")
        reported = self.act(chief, "run", "cancel", waiting, ended)
        assert "waiting is asked to stop" in reported
        assert "ended has ended already" in reported
        assert "waiting goes on" in self.act(chief, "run", "resume", waiting)
        assert set(Run.objects.values_list("name", "status")) == {
            ("waiting", "queued"),
            ("ended", "done"),
        }
        assert Entry.objects.count() == 2

    def test_retires_models_but_not_the_live_one(self, chief):
        live = live_version(name="live", sha256="1" * 64)
        other = register(folder=SHIPPED, stored_as="shipped:rehue-4")
        reported = self.act(chief, "modelversion", "retire", live, other)
        assert "rehue-4 is retired" in reported
        assert "live is not one" in reported
        states = dict(ModelVersion.objects.values_list("name", "state"))
        assert states == {"live": "live", "rehue-4": "retired"}

    def test_rows_are_only_looked_at(self, chief):
        run = a_run()
        for name in ("change", "delete"):
            address = reverse(f"admin:training_run_{name}", args=[run.pk])
            assert chief.post(address, {"name": "other", "post": "yes"}).status_code == 403
        assert chief.get(reverse("admin:training_run_add")).status_code == 403


@pytest.mark.own_process
class TestRecipesWithoutTorch:
    def test_a_recipe_is_checked_with_all_its_defaults(self):
        assert checked_recipe(TINY) == parse_recipe(TINY).model_dump(mode="json")

    @pytest.mark.parametrize("text", known_recipes().values(), ids=known_recipes())
    def test_every_recipe_on_the_shelf_keeps_its_meaning_as_text(self, text):
        recipe = parse_recipe(text).model_dump(mode="json")
        assert parse_recipe(as_toml(recipe)).model_dump(mode="json") == recipe

    def test_strings_survive_as_text(self):
        recipe = {"name": 'quo"te\\ 한글\n', "net": {"width": 2}, "stages": [{"crop": 32}]}
        assert tomllib.loads(as_toml(recipe)) == recipe
        assert tomllib.loads(as_toml(RECIPE))["stages"] == [{"steps": 6, "crop": 32, "batch": 2}]

    def test_a_crash_of_the_checking_process_is_reported(self, monkeypatch):
        monkeypatch.setattr("training.processes.sys.executable", "/bin/false")
        with pytest.raises(InvalidRecipeError, match="crashed"):
            checked_recipe(TINY)
