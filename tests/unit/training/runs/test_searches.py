"""Searches as rows: made, refused, done, stopped, gone on with, killed, and shared."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from sqlalchemy import make_url

from tests.support.server import make_tables
from training.data.pictures import DataError
from training.learning.folder import TrainingError
from training.models import Search
from training.registry import data_sets
from training.registry.search_files import trials_csv
from training.runs import searches
from training.runs.claims import WorkStateError, cancel
from training.runs.searches import (
    SearchError,
    create_search,
    database_url,
    execute_search,
    folder_of_search,
    join_search,
)
from training.search import study

ROOT = Path(__file__).resolve().parents[4]
RECIPE = """
name = "tiny"
schedule = "constant"
warm_up = 0
ema = 0.0
score_pictures = 2
net = {net = "unet", width = 2, depth = 1}
stages = [{epochs = 80, crop = 32, batch = 3, cut = "whole", hints = "report"}]
"""

# Optuna writes through a connection of its own, so no test may hold the database in a transaction.
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorboard"),
]


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.RUN_DIR, settings.DATASET_DIR = tmp_path / "runs", tmp_path / "datasets"


@pytest.fixture
def recipe_file(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(RECIPE)
    return path


@pytest.fixture
def arguments(recipe_file, shard):
    numbers = ["--trials", "4", "--epochs", "2", "--workers", "0"]
    return [str(recipe_file), "--data", str(shard), "--val", str(shard), *numbers]


@pytest.fixture
def plain(recipe):
    """The recipe of the fixture as the services take it, in one stage."""
    return recipe.model_copy(update={"stages": recipe.stages[:1]}).model_dump(mode="json")


def cancel_at(monkeypatch, step):
    """Have somebody cancel the search when its trials have come so many steps far."""
    monkeypatch.setattr("training.runs.heartbeat.HEARTBEAT_SECONDS", 0)
    requested = iter(range(step))
    go_on = searches._Page.go_on

    def cancel_in_time(page):
        if next(requested, None) is None and not Search.objects.get().cancel_asked:
            cancel(Search.objects.get())
        return go_on(page)

    monkeypatch.setattr(searches._Page, "go_on", cancel_in_time)


@pytest.mark.slow
class TestTheCommand:
    def test_makes_the_trials_and_leaves_table_csv_and_plots(self, arguments, tmp_path, capsys):
        call_command("search", *arguments, "--pictures", "6", "--csv", str(tmp_path / "out.csv"))
        search = Search.objects.get()
        assert (search.status, search.done, search.total) == ("done", 4, 4)
        assert search.seconds > 0
        assert search.recipe["stages"][0]["epochs"] == 2
        assert [row["number"] for row in search.trials] == [0, 1, 2, 3]
        assert set(search.trials[0]) == {
            *("number", "state", "value", "learning_rate", "optimiser", "loss"),
            *("best_epoch", "seconds"),
        }
        log = folder_of_search(search) / "trial-0" / "log.jsonl"
        assert [json.loads(line)["step"] for line in log.read_text().splitlines()] == [2, 4]
        text = (tmp_path / "out.csv").read_text()
        assert text == trials_csv(search)
        frame = list(csv.DictReader(io.StringIO(text)))
        assert [float(row["value"]) for row in frame] == [row["value"] for row in search.trials]
        assert {"params_learning_rate", "params_optimiser", "params_loss"} <= set(frame[0])
        assert set(search.plots) == {"history", "importances", "slice", "parallel", "epochs"}
        for themes in search.plots.values():
            assert set(themes) == {"light", "dark"}
            for key in themes.values():
                with default_storage.open(key) as file:
                    assert file.read(5) == b"<?xml"
        best = max(row["value"] for row in search.trials)
        assert f"{best:.2f} dB" in capsys.readouterr().out
        with pytest.raises(CommandError, match="There is a search tiny already"):
            call_command("search", *arguments)
        with pytest.raises(CommandError, match="there is nothing to resume"):
            call_command("search", *arguments, "--pictures", "6", "--resume")

    def test_optuna_s_tables_are_none_of_the_site_s(self, arguments, capsys):
        call_command("search", *arguments, "--trials", "1", "--epochs", "1")
        assert any(name.startswith("studies") for name in connection.introspection.table_names())
        call_command("makemigrations", "--check", "--dry-run")
        assert "No changes" in capsys.readouterr().out

    def test_goes_on_where_a_cancelled_search_was(self, arguments, monkeypatch):
        with monkeypatch.context() as patch:
            cancel_at(patch, step=9)  # in the second trial
            with pytest.raises(CommandError, match="Stopped; --resume goes on"):
                call_command("search", *arguments)
        search = Search.objects.get()
        assert (search.status, search.done) == ("cancelled", 1)
        assert [row["state"] for row in search.trials] == ["complete", "interrupted"]
        call_command("search", *arguments, "--resume")
        search.refresh_from_db()
        assert (search.status, search.done) == ("done", 4)
        states = [row["state"] for row in search.trials]
        assert states == ["complete", "interrupted", "complete", "complete", "complete"]
        kept = {key for themes in search.plots.values() for key in themes.values()}
        _, files = default_storage.listdir(f"laboratory/searches/{search.pk}")
        assert {f"laboratory/searches/{search.pk}/{name}" for name in files} == {
            *kept,
            f"laboratory/searches/{search.pk}/trials.csv",
        }

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            (["--set", "seed=3", "net.width=4"], "net, seed changed"),
            (["--epochs", "3"], "stages changed"),
            (["--trials", "5"], "trials changed"),
            (["--pictures", "4"], "pictures changed"),
        ],
    )
    def test_a_changed_search_is_not_gone_on_with(self, arguments, monkeypatch, change, named):
        monkeypatch.setattr(
            "training.management.commands.search.execute_search", lambda *_, **__: None
        )
        call_command("search", *arguments)
        with pytest.raises(CommandError, match=named):
            call_command("search", *arguments, *change, "--resume")

    def test_what_is_not_there_is_neither_gone_on_with_nor_joined(self, arguments):
        for option in ("--resume", "--join"):
            with pytest.raises(CommandError, match="There is no search tiny yet"):
                call_command("search", *arguments, option)


class TestCreating:
    def wish(self, plain, shard, **changes):
        return {"recipe": plain, "data": [str(shard)], "val": [str(shard)], **changes}

    def test_reports_nothing_to_compare_on(self, plain, shard):
        with pytest.raises(DataError, match="Name pictures to choose the best by"):
            create_search(**self.wish(plain, shard, val=[]))

    def test_reports_missing_pictures(self, plain, shard):
        with pytest.raises(DataError, match="neither a data set"):
            create_search(**self.wish(plain, shard, data=["nowhere"]))

    @pytest.mark.parametrize("number", ["trials", "epochs", "pictures"])
    def test_refuses_nothing_to_do(self, plain, shard, number):
        with pytest.raises(SearchError, match="at least one trial, one epoch and one picture"):
            create_search(**self.wish(plain, shard, **{number: 0}))

    def test_refuses_a_recipe_of_several_stages(self, recipe, shard):
        with pytest.raises(SearchError, match="one stage; tiny has 2"):
            create_search(**self.wish(recipe.model_dump(mode="json"), shard))
        assert not Search.objects.exists()

    def test_has_the_report_s_numbers_unless_set_otherwise(self, plain, shard):
        search = create_search(**self.wish(plain, shard))
        assert (search.total, search.recipe["stages"][0]["epochs"]) == (20, 5)


class TestExecuting:
    @pytest.fixture
    def search(self, plain, shard):
        files = [str(shard)]
        return create_search(recipe=plain, data=files, val=files, trials=2, epochs=1)

    def test_is_for_one_process(self, search):
        Search.objects.update(status="running")
        with pytest.raises(WorkStateError, match="somebody works on it already"):
            execute_search(search)

    def test_a_search_that_does_not_run_is_not_joined(self, search):
        with pytest.raises(SearchError, match="tiny is queued: none can join it"):
            join_search(search)

    def test_reports_in_the_row_why_it_failed(self, search, monkeypatch):
        def full(*_, **__):
            raise TrainingError("the disk is full")

        monkeypatch.setattr(study, "fit", full)
        with pytest.raises(TrainingError):
            execute_search(search)
        search.refresh_from_db()
        assert (search.status, search.error) == ("failed", "the disk is full")

    def test_refuses_other_pictures_than_it_began_with(self, search, monkeypatch):
        monkeypatch.setattr(study, "fit", lambda *_, **__: {"psnr": 20.0})
        with monkeypatch.context() as patch:
            patch.setattr(data_sets, "fingerprint", lambda _: "others")
            patch.setattr(study, "work_off", lambda *_: (_ for _ in ()).throw(OSError("gone")))
            with pytest.raises(OSError, match="gone"):
                execute_search(search)
        Search.objects.update(status="queued")
        with pytest.raises(DataError, match="pictures have changed since the search tiny began"):
            execute_search(search)

    def test_queues_itself_again_when_its_parent_has_gone(self, search, monkeypatch):
        parents = iter([1, 1, *[2] * 99])
        monkeypatch.setattr(os, "getppid", lambda: next(parents))
        execute_search(search, supervised=True, workers=0)
        search.refresh_from_db()
        assert search.status == "queued"

    def test_there_is_no_csv_before_the_first_trial(self, search):
        assert trials_csv(search) == ""


class TestTheDatabase:
    @pytest.mark.parametrize("name", ["site.sqlite3", "a b{c}?d%20.sqlite3"])
    def test_is_the_site_s_file(self, tmp_path, name):
        site = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / name)}
        with study.opened_study(database_url(site), "study", tmp_path):
            pass
        assert (tmp_path / name).exists()

    def test_keeps_a_password_with_any_sign_in_it(self):
        site = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "site",
            "USER": "a b",
            "PASSWORD": "p{@:/%?#}",
            "HOST": "::1",
            "PORT": "5433",
            "OPTIONS": {"sslmode": "require"},
        }
        url = make_url(database_url(site).format(SCHEMA_VERSION=1))  # as Optuna does
        assert url.drivername == "postgresql+psycopg"
        assert (url.username, url.password) == ("a b", "p{@:/%?#}")
        assert (url.host, url.port, url.database) == ("::1", 5433, "site")
        assert url.query == {"sslmode": "require"}


def manage(*arguments, environment):
    command = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(process):
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, err[-3000:]
    return out


@pytest.mark.slow
def test_a_killed_search_goes_on_beside_one_that_joins(arguments, tmp_path):
    make_tables(tmp_path / "site")
    environment = {"DATA_DIR": str(tmp_path / "site"), "OMP_NUM_THREADS": "1"}
    arguments = [*arguments, "--trials", "4", "--epochs", "16", "--threads", "1"]
    killed = manage("search", *arguments, environment=environment)
    log = tmp_path / "site" / "runs" / "searches" / "tiny" / "trial-1" / "log.jsonl"
    wait_for(log.exists)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert (log.parent / "state.pt").exists()
    resumed = manage("search", *arguments, "--resume", environment=environment)
    wait_for((log.parents[1] / "trial-2").exists)
    finished(manage("search", *arguments, "--join", environment=environment))
    assert "1 interrupted" in finished(resumed)
    with sqlite3.connect(tmp_path / "site" / "rehue.sqlite3") as database:
        row = "select status, done, trials from training_search"
        status, done, trials = database.execute(row).fetchone()
    states = [row["state"] for row in json.loads(trials)]
    assert (status, done, len(states)) == ("done", 4, 5)
    assert [number for number, state in enumerate(states) if state == "interrupted"] == [1]
    assert not list(tmp_path.rglob("*.pt"))


@pytest.mark.slow
@pytest.mark.services
def test_the_study_is_stored_in_postgresql_too(arguments, postgres_url, tmp_path):
    environment = {"DATA_DIR": str(tmp_path / "site"), "DATABASE_URL": postgres_url}
    finished(manage("migrate", environment=environment))
    brief = ["--trials", "2", "--epochs", "1"]
    first = manage("search", *arguments, *brief, environment=environment)
    assert "2 complete" in finished(first)


def wait_for(there):
    deadline = time.monotonic() + 90
    while not there():
        assert time.monotonic() < deadline, "it did not come so far"
        time.sleep(0.02)
