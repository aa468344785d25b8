"""What somebody may keep and ask for, and how it is told."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from tests.support.people import guest, live_version, upload, user
from webapp.accounts.actor import Actor
from webapp.accounts.models import JobCount
from webapp.accounts.quota import (
    QuotaExceededError,
    check_jobs,
    check_quota,
    purge_job_counts,
    quotas_of,
)
from webapp.photos import services
from webapp.studio.models import Job
from webapp.studio.requests import request_render, request_renders
from webapp.studio.services import store_version


@pytest.fixture
def live(db):
    return live_version()


@pytest.fixture(params=["user", "guest"])
def actor(request, live):
    return Actor(user=user()) if request.param == "user" else guest()


def limit(settings, **figures):
    """Set a limit for users and guests alike."""
    guests = {"photos": "GUEST_PHOTOS_PER_DAY", "jobs": "GUEST_JOBS_PER_DAY"}
    users = {"photos": "QUOTA_PHOTOS", "jobs": "QUOTA_JOBS_PER_DAY", "bytes": "QUOTA_BYTES"}
    for name, figure in figures.items():
        setattr(settings, users[name], figure)
        setattr(settings, guests.get(name, "GUEST_BYTES"), figure)


def test_what_is_used_is_reported_beside_the_limit(actor, settings):
    limit(settings, photos=4, jobs=10, bytes=1_000_000)
    photo = services.add_photo(actor=actor, upload=upload())
    check_jobs(actor, jobs=3)
    quotas = quotas_of(actor)
    assert (quotas.photos.used, quotas.photos.limit, quotas.photos.percent) == (1, 4, 25)
    assert (quotas.jobs.used, quotas.jobs.limit, quotas.jobs.percent) == (3, 10, 30)
    assert (quotas.bytes.used, quotas.bytes.limit) == (photo.bytes, 1_000_000)


def test_results_count_beside_originals(actor, live, settings, django_assert_num_queries):
    photo = services.add_photo(actor=actor, upload=upload())
    services.add_photo(actor=guest("another"), upload=upload())
    for revision, data in enumerate((b"12345", b"1234567")):
        job = rendering(photo, live, revision)
        image = default_storage.save(f"photos/{photo.pk}/versions/{job.pk}.png", ContentFile(data))
        assert store_version(job=job, image=image).bytes == len(data)
        with django_assert_num_queries(9 if actor.user else 7):
            # Each job's hints, {}, are two bytes more.
            assert quotas_of(actor).bytes.used == photo.bytes + (7, 16)[revision]
    limit(settings, bytes=photo.bytes + 24)
    check_quota(actor, size=8)
    with pytest.raises(QuotaExceededError):
        check_quota(actor, size=9)


def test_without_room_no_result_is_begun_and_what_is_there_stays(actor, live, settings):
    photo, other = (services.add_photo(actor=actor, upload=upload()) for _ in range(2))
    there = request_render(photo=photo)
    limit(settings, bytes=photo.bytes + other.bytes)
    with pytest.raises(QuotaExceededError, match="no room"):
        request_render(photo=other)
    with pytest.raises(QuotaExceededError, match="no room"):
        request_renders(actor=actor, photo_ids=[photo.pk, other.pk])
    assert request_render(photo=photo) == there
    assert JobCount.objects.get().jobs == 1, "what was refused is not counted"
    limit(settings, bytes=photo.bytes + other.bytes + 1)
    request_render(photo=other)


def rendering(photo, model, revision):
    """A render job that a worker has."""
    return Job.objects.create(
        photo=photo, kind="render", revision=revision, hints={}, model_version=model,
        status="running",
    )  # fmt: skip


def test_several_photos_are_refused_together(actor, settings):
    limit(settings, photos=4)
    check_quota(actor, photos=4)
    with pytest.raises(QuotaExceededError, match="4"):
        check_quota(actor, photos=5)


def test_bytes_have_a_limit(actor, settings):
    photo = services.add_photo(actor=actor, upload=upload())
    limit(settings, bytes=2 * photo.bytes - 1)
    with pytest.raises(QuotaExceededError):
        services.add_photo(actor=actor, upload=upload())
    limit(settings, bytes=2 * photo.bytes)
    services.add_photo(actor=actor, upload=upload())


def test_jobs_of_a_day_have_a_limit_and_come_back(actor, settings):
    limit(settings, jobs=5)
    check_jobs(actor, jobs=4)
    with pytest.raises(QuotaExceededError, match="1 are left"):
        check_jobs(actor, jobs=2)
    check_jobs(actor)
    check_jobs(guest("another"))
    JobCount.objects.update(hour=timezone.now() - timedelta(hours=25))
    check_jobs(actor, jobs=5)


def test_a_users_own_figures_win(live, settings):
    limit(settings, photos=1, jobs=1)
    actor = Actor(user=user(quota_photos=3, quota_jobs_per_day=2, quota_bytes=0))
    assert (quotas_of(actor).photos.limit, quotas_of(actor).jobs.limit) == (3, 2)
    with pytest.raises(QuotaExceededError):
        check_quota(actor, size=1)
    assert quotas_of(actor).bytes.percent == 100


def test_old_counts_are_cleared_away(live):
    check_jobs(guest())
    purge_job_counts(now=timezone.now())
    assert JobCount.objects.count() == 1
    JobCount.objects.update(hour=timezone.now() - timedelta(days=3))
    purge_job_counts(now=timezone.now())
    assert not JobCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_jobs_requested_at_the_same_time_do_not_slip_past_the_limit(settings):
    settings.GUEST_JOBS_PER_DAY = 3

    def attempt(_):
        try:
            check_jobs(guest())
        except QuotaExceededError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 3
    assert JobCount.objects.get().jobs == 3


def test_no_more_full_size_results_are_in_work_than_may_be(client, live, settings):
    settings.RENDERS_IN_WORK_PER_ACTOR = 2
    client.force_login(user())
    added = [client.post("/api/photos", {"file": upload()}).json()["id"] for _ in range(3)]
    addresses = [f"/api/photos/{photo}/renders" for photo in added]
    assert [client.post(one).status_code for one in addresses[:2]] == [202, 202]
    refused = client.post(addresses[2])
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_renders")
    assert int(refused.headers["Retry-After"]) > 0
    assert "2 full-size results are in work" in refused.json()["detail"]
    assert client.post(addresses[0]).status_code == 202, "what is in work already is shown"
    renders = Job.objects.filter(kind=Job.Kind.RENDER)
    assert renders.count() == 2
    assert JobCount.objects.get().jobs == 2, "what was refused counts for nothing"
    request_render(photo=services.add_photo(actor=guest(), upload=upload()))
    renders.filter(photo=added[0]).update(status=Job.Status.DONE)
    assert client.post(addresses[2]).status_code == 202
