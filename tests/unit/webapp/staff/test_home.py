"""The dashboard's first page: true, for staff, and as quick with many rows as with few."""

import re
from datetime import timedelta
from statistics import fmean

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.lab import a_run
from tests.support.people import guest, upload, user
from training.models import ModelVersion, Score
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.batches.models import Batch, BatchItem
from webapp.common.health import problems
from webapp.common.workers import BrokerUnavailableError, Task, Worker
from webapp.photos.services import add_photo
from webapp.staff import overview, usage
from webapp.studio.models import Job

HTMX = {"HX-Request": "true"}


def text(response):
    return response.content.decode()


def few_hints(model):
    """The mean over all amounts of hints, as a shipped model's card has it."""
    return f"{fmean(model.card['scores']['points']['psnr'][model.name].values()):.2f}"


def test_it_shows_model_scores_health_jobs_users_and_what_was_done(chief, model, failed):
    page = text(chief.get("/dashboard/"))
    assert f'data-testid="live-model">{model.name}<' in page
    assert "Few hints" in page
    assert few_hints(model) in page
    for problem in filter(None, problems().values()):
        assert problem in page
    assert 'state=failed" class="bad">1<' in page
    assert "model made live" in page


def test_a_score_that_was_stored_here_comes_before_the_card_s(chief, model):
    for pictures, psnr in ((10, 20.0), (500, 27.125)):
        Score.objects.create(
            protocol="points", method=model.name, model_version=model, subject_sha256=model.sha256,
            data="t", data_sha256="1" * 64, pictures=pictures, hints_seed="x", code_version="1",
            figures=[{"column": "@1", "psnr": psnr - 1}, {"column": "@10", "psnr": psnr + 1}],
            seconds=0.1,
        )  # fmt: skip
    ModelVersion.objects.exclude(pk=model.pk).update(card={})  # they have figures of their own
    page = text(chief.get("/dashboard/"))
    assert "27.12" in page or "27.13" in page
    assert few_hints(model) not in page


def test_without_a_live_model_it_says_that_nothing_can_be_coloured(chief):
    assert "No model is live" in text(chief.get("/dashboard/"))


def test_htmx_gets_the_changing_part_alone(chief, model):
    part = chief.get("/dashboard/", headers=HTMX)
    assert "<html" not in text(part)
    assert "panel-models" in text(part)
    assert "HX-Request" in part.headers["Vary"]


def test_only_superusers_are_offered_the_switch(assistant, mine):
    page = text(assistant.get("/dashboard/"))
    assert "/switch" not in page
    assert "Superusers switch the model." in page


def fill(number):
    """More of everything that the page shows."""
    for n in range(number):
        add_photo(actor=guest(), upload=upload())
        somebody = user(f"u{number}-{n}")
        a_run(f"run-{number}-{n}", status="failed")
        batch = Batch.objects.create(owner=somebody, name="x", language="en", total=1)
        BatchItem.objects.create(batch=batch, number=1, name="x", output="x", status="failed")
        record(actor=somebody, action=Entry.Action.QUOTA_CHANGED, subject="x")
        version = ModelVersion.objects.create(
            name=f"m{number}-{n}", sha256=f"{n}" * 64, folder="x", net="unet", card={},
            state="published",
        )  # fmt: skip
        Score.objects.create(
            protocol="points", method=version.name, model_version=version, data="t", pictures=9,
            subject_sha256=f"{number}-{n}", data_sha256="1", hints_seed="x", code_version="1",
            figures=[{"column": "@1", "psnr": 20.0}], seconds=0.1,
        )  # fmt: skip
    Job.objects.update(status="failed")


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize(
    "address",
    [
        "/dashboard/",
        "/dashboard/jobs",
        "/dashboard/jobs?source=batches",
        "/dashboard/jobs?source=laboratory",
        "/dashboard/users",
        "/dashboard/audit",
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(chief, model, address):
    fill(2)
    chief.get(address)  # the first one verifies the live model's files, too
    few = queries(chief, address)
    fill(5)
    assert queries(chief, address) == few <= 25


class TestQueuesAndWorkers:
    def worker(self, ago=0, tasks=()):
        seen = timezone.now() - timedelta(seconds=ago)
        return Worker("w@host", ("interactive", "batch"), tuple(tasks), seen)

    def test_a_busy_worker_says_with_what(self, chief, model, monkeypatch):
        task = Task("studio.render", timezone.now() - timedelta(seconds=90))
        monkeypatch.setattr(overview, "list_workers", lambda: [self.worker(tasks=[task])])
        page = text(chief.get("/dashboard/"))
        assert "studio.render" in page
        assert "since 1 minute ago" in page

    def test_a_silent_worker_is_reported_and_not_counted(self, chief, model, monkeypatch):
        monkeypatch.setattr(overview, "list_workers", lambda: [self.worker(ago=60)])
        page = text(chief.get("/dashboard/"))
        assert "silent, last seen 1 minute ago" in page
        assert all(queue.workers == 0 for queue in overview.workshop().queues)

    def test_waiting_messages_are_counted(self, monkeypatch, model):
        add_photo(actor=guest(), upload=upload())
        before = {queue.name: queue.waiting for queue in overview.workshop().queues}
        assert set(before) == {
            "interactive",
            "predictions",
            "batch",
            "default",
            "training",
            "clock",
        }

    def test_a_broker_that_is_away_costs_its_panel_alone(self, chief, model, monkeypatch):
        def away(names):
            raise BrokerUnavailableError

        monkeypatch.setattr(overview, "queue_lengths", away)
        page = text(chief.get("/dashboard/"))
        assert "The broker does not answer" in page
        assert model.name in page


class TestStorage:
    def test_what_is_measured_is_shown_by_category(self, chief, model, settings):
        photo = add_photo(actor=guest(), upload=upload())
        measured = usage.measure()
        categories = {one.name: one for one in measured.categories}
        assert categories["photos"].bytes >= photo.bytes
        assert categories["database"].bytes > 0
        assert re.search(r"measured \d+ seconds? ago", text(chief.get("/dashboard/")))

    @pytest.mark.parametrize(
        ("key", "category"),
        [
            ("photos/1/original.png", "photos"),
            ("photos/1/versions/2.png", "versions"),
            ("batches/1/a.png", "batches"),
            ("uploads/1", "uploads"),
            ("elsewhere/1", "other"),
        ],
    )
    def test_every_file_belongs_to_a_category(self, key, category):
        assert usage.category_of(key) == category

    def test_what_vanishes_meanwhile_is_no_error(self, tmp_path, settings):
        settings.RUN_DIR = tmp_path / "gone"
        usage.measure()
