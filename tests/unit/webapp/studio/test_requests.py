"""Many photos coloured again: all or none, as one would be, in a few queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.support.gallery import many_photos
from tests.support.people import guest, live_version
from training.models import ModelVersion
from training.registry.versions import NoLiveModelError
from webapp.accounts.models import JobCount
from webapp.accounts.quota import QuotaExceededError
from webapp.studio.leases import claim
from webapp.studio.models import Chroma, Hints, Job
from webapp.studio.requests import request_colorizations, request_renders


@pytest.fixture
def live(db):
    return live_version()


@pytest.fixture
def photos(live):
    return many_photos(guest(), 6, model=live, tags=0)


def ids(photos):
    return [photo.pk for photo in photos]


def other_hints(photos, revision=3):
    Hints.objects.filter(photo__in=photos).update(revision=revision)


def photo_ids_of(jobs):
    return {job.photo_id for job in jobs}


def jobs(**requested):
    return Job.objects.filter(**requested)


def test_each_gets_the_job_that_it_would_get_alone(photos, live):
    fresh, waiting, running, plain = photos[:4]
    other_hints([waiting, running, plain])
    facts = {"kind": "chroma", "revision": 1, "model_version": live}
    queued = Job.objects.create(photo=waiting, **facts)
    claim(job_id=Job.objects.create(photo=running, **facts).pk, now=timezone.now())
    jobs(photo=running, status="running").update(revision=1)

    assert photo_ids_of(request_colorizations(photo_ids=ids(photos[:4]))) == set(ids(photos[:4]))

    assert not jobs(photo=fresh, status="queued").exists(), "its colours are the newest"
    queued.refresh_from_db()
    assert (queued.revision, queued.seq) == (3, 1)
    after = jobs(photo=running, status="queued").get()
    assert after.enqueued is None, "it waits for the one that runs"
    job = jobs(photo=plain, status="queued").get()
    assert (job.revision, job.enqueued is not None) == (3, True)


def test_a_render_takes_the_hints_and_the_model_that_are_seen(photos, live):
    seen = ModelVersion.objects.create(
        name="seen", sha256="2" * 64, folder="x", net="unet", card={}, state="published"
    )
    Chroma.objects.filter(photo=photos[0]).update(model_version=seen)
    other_hints(photos[1:2])
    request_renders(actor=guest(), photo_ids=ids(photos[:2]))
    one, two = (jobs(photo=photo, kind="render").get() for photo in photos[:2])
    assert (one.model_version, one.revision) == (seen, 0)
    assert (two.model_version, two.revision, two.hints) == (live, 3, {"version": 1, "hints": []})
    request_renders(actor=guest(), photo_ids=ids(photos[:2]))
    assert jobs(kind="render").count() == 2


def test_without_a_model_nothing_is_requested(photos):
    other_hints(photos)
    ModelVersion.objects.update(state="published")
    before = jobs().count()
    with pytest.raises(NoLiveModelError):
        request_colorizations(photo_ids=ids(photos))
    assert jobs().count() == before


def test_more_than_is_left_today_is_refused_whole(photos, settings):
    settings.GUEST_JOBS_PER_DAY = 5
    with pytest.raises(QuotaExceededError, match="5 are left today"):
        request_renders(actor=guest(), photo_ids=ids(photos))
    assert not jobs(kind="render").exists()
    assert not JobCount.objects.exists()
    request_renders(actor=guest(), photo_ids=ids(photos[:5]))
    assert jobs(kind="render").count() == 5


def test_photos_that_are_gone_are_left_out(photos):
    gone = ids(photos[:1])
    Chroma.objects.filter(photo=photos[0]).delete()
    photos[0].delete()
    assert request_renders(actor=guest(), photo_ids=gone) == []
    assert photo_ids_of(request_colorizations(photo_ids=gone + ids(photos[1:]))) == set(
        ids(photos[1:])
    )


@pytest.mark.parametrize("ask", [request_colorizations, request_renders])
def test_the_number_of_queries_is_that_of_one(photos, ask):
    other_hints(photos)
    actor = {"actor": guest()} if ask is request_renders else {}

    def queries(some):
        with CaptureQueriesContext(connection) as seen:
            ask(photo_ids=ids(some), **actor)
        return len(seen)

    queries(photos[:1])  # the first of a day opens its count
    assert queries(photos[1:2]) == queries(photos[2:])


def test_what_no_worker_heard_of_is_sent_again(photos, live):
    other_hints(photos[:1])
    long_ago = timezone.now() - timedelta(minutes=1)
    job = Job.objects.create(
        photo=photos[0], kind="chroma", revision=1, model_version=live, enqueued=long_ago
    )
    assert request_colorizations(photo_ids=ids(photos[:1])) == [job]
    job.refresh_from_db()
    assert job.enqueued > long_ago
