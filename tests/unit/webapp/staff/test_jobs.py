"""Failed jobs are tried again, alive ones cancelled, each with an entry in the audit log."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.support.lab import a_run, a_search
from tests.support.people import user
from webapp.audit.models import Entry
from webapp.batches.models import Batch, BatchItem
from webapp.photos.services import rename_photo
from webapp.studio.leases import claim, reap
from webapp.studio.models import Job


def act(client, row, what, source="studio", kind=None):
    kind = kind or row.kind
    return client.post(f"/dashboard/jobs/{source}/{kind}/{row.pk}/{what}", follow=True)


def audited():
    return list(Entry.objects.exclude(actor=None).values_list("action", "subject"))


def test_a_failed_job_is_shown_with_its_reason_and_nothing_private(chief, failed):
    rename_photo(photo=failed.photo, title="my secret title")
    page = chief.get("/dashboard/jobs").content.decode()
    assert str(failed.pk) in page
    assert "could not be coloured" in page
    assert "a guest" in page
    assert "secret" not in page


def test_a_failed_job_is_tried_again_and_done_by_the_next_worker(chief, failed):
    page = act(chief, failed, "retry").content.decode()
    assert "The job is tried again." in page
    failed.refresh_from_db()
    assert (failed.status, failed.error, failed.attempt) == ("queued", "", 3)
    assert claim(job_id=failed.pk, now=timezone.now()).attempt == 4
    assert audited() == [("job_retried", f"chroma {failed.pk}")]


def test_a_job_that_is_tried_again_may_lose_as_many_workers_as_a_new_one(chief, failed, settings):
    Job.objects.filter(pk=failed.pk).update(attempt=settings.JOB_MAX_ATTEMPTS)
    act(chief, failed, "retry")
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        assert Job.objects.get(pk=failed.pk).status == "queued"
        assert claim(job_id=failed.pk, now=timezone.now()) is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        reap(now=timezone.now())
    assert Job.objects.get(pk=failed.pk).status == "failed"


def test_a_job_that_has_not_failed_is_not_tried_again(chief, failed):
    Job.objects.update(status="done")
    assert "Nothing has changed." in act(chief, failed, "retry").content.decode()
    assert audited() == []


def test_a_job_whose_work_a_newer_one_does_is_left_alone(chief, failed):
    Job.objects.create(
        photo=failed.photo, kind="chroma", revision=1, model_version=failed.model_version
    )
    assert "A newer job does the same" in act(chief, failed, "retry").content.decode()
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_all_failed_jobs_of_a_room_are_tried_again_at_once(chief, failed):
    render = Job.objects.create(
        photo=failed.photo, kind="render", revision=0, model_version=failed.model_version,
        status="failed", hints={"version": 1, "hints": []},
    )  # fmt: skip
    page = chief.post("/dashboard/jobs/studio/retry", follow=True).content.decode()
    assert "2 jobs are tried again." in page
    assert set(Job.objects.values_list("status", flat=True)) == {"queued"}
    assert {subject for _, subject in audited()} == {f"chroma {failed.pk}", f"render {render.pk}"}


def test_a_job_that_waits_is_cancelled(chief, failed):
    Job.objects.update(status="queued")
    act(chief, failed, "cancel")
    failed.refresh_from_db()
    assert failed.status == "cancelled"
    assert audited() == [("job_cancelled", f"chroma {failed.pk}")]


def test_work_of_the_laboratory_goes_on_and_stops(chief):
    run, search = a_run(status="failed", error="no"), a_search(status="queued")
    act(chief, run, "retry", "laboratory", "run")
    act(chief, search, "cancel", "laboratory", "search")
    run.refresh_from_db()
    search.refresh_from_db()
    assert (run.status, search.status) == ("queued", "cancelled")
    assert audited() == [("job_cancelled", "search wide"), ("job_retried", "run tiny")]


def test_the_laboratory_s_work_is_listed_the_newest_first(chief):
    a_run("one", status="failed")
    a_search("two", status="failed")
    a_run("three", status="failed")
    page = chief.get("/dashboard/jobs?source=laboratory").content.decode()
    assert page.index(">three<") < page.index(">two<") < page.index(">one<")


@pytest.mark.parametrize(
    "address", ["/dashboard/jobs?source=kitchen", "/dashboard/jobs?state=asleep"]
)
def test_what_is_not_there_is_not_found(chief, address):
    assert chief.get(address).status_code == 404


def test_pages_have_fifty_rows_and_the_last_one_is_shown_for_any_beyond(chief, failed):
    model = failed.model_version
    Job.objects.bulk_create(
        Job(photo=failed.photo, kind="render", revision=n, model_version=model, status="failed")
        for n in range(60)
    )
    page = chief.get("/dashboard/jobs?page=99").content.decode()
    assert page.count('data-testid="job"') == 11
    assert "Page 2 of 2" in page


def test_who_owns_a_job_is_shown_by_name(chief, failed):
    type(failed.photo).objects.update(owner=user("kim"), guest_key="", expires_at=None)
    assert ">kim<" in chief.get("/dashboard/jobs").content.decode()


class TestBatches:
    @pytest.fixture
    def batch(self, model):
        """A batch of three photos, two of which failed."""
        batch = Batch.objects.create(
            owner=user("kim"), name="my secret album", language="en", status="done", total=3,
            done=1, failed=2,
        )  # fmt: skip
        for n, status in enumerate(("done", "failed", "failed"), start=1):
            BatchItem.objects.create(
                batch=batch, number=n, name=f"secret-{n}.jpg", output=f"{n}.png", status=status,
                error="The file is damaged." if status == "failed" else "", attempt=n,
            )  # fmt: skip
        return batch

    def test_photos_are_counted_and_their_batch_is_listed(self, chief, batch):
        page = chief.get("/dashboard/jobs?source=batches").content.decode()
        assert "failed 2</a>" in page
        assert "2 photos" in page
        assert "The file is damaged." in page
        assert page.count('data-testid="job"') == 1
        assert "secret" not in page

    def test_what_failed_is_tried_again(self, chief, batch):
        act(chief, batch, "retry", "batches", "batch")
        assert list(batch.items.values_list("status", flat=True)) == ["done", "queued", "queued"]
        assert audited() == [("job_retried", f"batch {batch.pk}")]
        page = act(chief, batch, "retry", "batches", "batch").content.decode()
        assert "Nothing has changed." in page
        assert len(audited()) == 1

    def test_one_that_goes_on_is_cancelled(self, chief, batch):
        act(chief, batch, "retry", "batches", "batch")
        act(chief, batch, "cancel", "batches", "batch")
        batch.refresh_from_db()
        assert batch.status == "cancelled"
        assert audited()[0] == ("job_cancelled", f"batch {batch.pk}")


@pytest.mark.parametrize("source", ["studio", "batches", "laboratory"])
@pytest.mark.parametrize("row", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_jobs_that_are_not_there_are_not_found(chief, source, row):
    assert chief.post(f"/dashboard/jobs/{source}/run/{row}/retry").status_code == 404
