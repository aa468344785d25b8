"""What the studio does with hints, requests and results."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from colorizer.hints import HintSet
from tests.support.people import live_version
from training.models import ModelVersion
from training.registry.versions import NoLiveModelError
from webapp.common import storage
from webapp.photos.access import PhotoNotFoundError
from webapp.studio.leases import claim
from webapp.studio.models import Chroma, Hints, Job, Version
from webapp.studio.requests import request_colorization, request_render
from webapp.studio.services import (
    StaleRevisionError,
    prune_jobs,
    save_hints,
    store_chroma,
    store_version,
)

Status = Job.Status
DAB = HintSet.parse(
    {
        "version": 1,
        "hints": [{"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}],
    }
)


def paint(photo, revision, hint_set=DAB):
    return save_hints(photo=photo, hint_set=hint_set, revision=revision)


def take(job):
    return claim(job_id=job.pk, now=timezone.now())


def coloured(photo, job):
    mine = take(job)
    assert store_chroma(job=mine, data=b"x", width=1, height=1, seconds=0.1)
    return mine


def test_the_newest_hints_are_stored_and_older_ones_refused(photo):
    paint(photo, 2)
    paint(photo, 5)
    for revision in (5, 4):
        with pytest.raises(StaleRevisionError) as refused:
            paint(photo, revision, HintSet.empty)
        assert refused.value.stored == 5
    hints = Hints.objects.get(photo=photo)
    assert (hints.revision, hints.data) == (5, DAB.to_json())


def test_many_strokes_leave_one_job_waiting(photo, job):
    for revision in range(1, 50):
        assert paint(photo, revision).pk == job.pk
    waiting = Job.objects.get()
    assert (waiting.revision, waiting.seq) == (49, 49)


def test_without_a_model_nothing_is_half_saved(photo):
    ModelVersion.objects.update(state="retired")
    with pytest.raises(NoLiveModelError):
        paint(photo, 1)
    assert not Hints.objects.exists()


def test_a_deleted_photo_takes_no_hints(photo):
    gone = type(photo).objects.get()
    photo.delete()
    with pytest.raises(PhotoNotFoundError):
        paint(gone, 1)
    with pytest.raises(PhotoNotFoundError):
        request_render(photo=gone)
    with pytest.raises(PhotoNotFoundError):
        request_colorization(photo=gone)


def test_asking_again_for_what_is_there_makes_no_new_job(photo, job):
    assert request_colorization(photo=photo).pk == job.pk
    coloured(photo, job)
    assert request_colorization(photo=photo).status == Status.DONE
    assert Job.objects.count() == 1


def test_a_new_model_colours_a_photo_anew_on_request(photo, job, model):
    coloured(photo, job)
    ModelVersion.objects.update(state="retired")
    other = live_version(name="other")
    again = request_colorization(photo=photo)
    assert (again.status, again.model_version) == (Status.QUEUED, other)


def test_an_older_result_never_replaces_a_newer_one(photo, job):
    late = take(job)
    paint(photo, 1)
    Job.objects.filter(pk=late.pk).update(revision=0)
    Chroma.objects.create(
        photo=photo,
        revision=1,
        job=Job.objects.exclude(pk=late.pk).get(),
        model_version=late.model_version,
        width=1,
        height=1,
        data=b"new",
        seconds=0.1,
    )
    assert store_chroma(job=late, data=b"old", width=1, height=1, seconds=0.1)
    assert bytes(Chroma.objects.get().data) == b"new"


def test_a_render_is_requested_once_for_each_state_of_the_photo(photo, job):
    first = request_render(photo=photo)
    assert first.kind == Job.Kind.RENDER
    assert request_render(photo=photo).pk == first.pk
    paint(photo, 1)
    second = request_render(photo=photo)
    assert second.pk != first.pk
    assert second.hints == DAB.to_json()


def test_a_render_shows_what_is_seen_even_after_the_model_was_switched(photo, job, model):
    coloured(photo, job)
    ModelVersion.objects.update(state="retired")
    other = live_version(name="other")
    assert request_render(photo=photo).model_version == model
    paint(photo, 1)
    assert request_render(photo=photo).model_version == other


def test_a_failed_render_can_be_requested_again(photo):
    first = request_render(photo=photo)
    Job.objects.filter(pk=first.pk).update(status=Status.FAILED)
    assert request_render(photo=photo).pk != first.pk


def test_a_finished_render_is_a_version_with_the_job_s_id(photo):
    mine = take(request_render(photo=photo))
    version = store_version(job=mine, image=photo.original)
    assert version == Version.objects.get()
    assert (version.pk, version.width, version.height) == (mine.pk, photo.width, photo.height)
    assert version.bytes == photo.bytes
    assert request_render(photo=photo).pk == mine.pk


def test_a_render_that_outlived_its_photo_leaves_no_file(photo):
    mine = take(request_render(photo=photo))
    image = storage.write(f"photos/{photo.pk}/versions/{mine.pk}.png", b"png")
    photo.delete()
    assert store_version(job=mine, image=image) is None
    assert not default_storage.exists(image)


def test_a_render_that_lost_its_lease_writes_no_row_and_spares_the_other_s_file(photo):
    mine = take(request_render(photo=photo))
    Job.objects.filter(pk=mine.pk).update(attempt=2)
    image = storage.write(f"photos/{photo.pk}/versions/{mine.pk}.png", b"png")
    assert store_version(job=mine, image=image) is None
    assert not Version.objects.exists()
    assert default_storage.exists(image)


def test_rows_of_old_strokes_go_but_not_what_is_seen(photo, job):
    coloured(photo, job)
    coloured(photo, paint(photo, 1))
    render = take(request_render(photo=photo))
    store_version(job=render, image=photo.original)
    waiting = paint(photo, 2)
    long_ago = timezone.now() - timedelta(days=2)
    Job.objects.filter(finished__isnull=False).update(finished=long_ago)
    assert prune_jobs(now=timezone.now()) == 1
    assert not Job.objects.filter(pk=job.pk).exists()
    assert Chroma.objects.get().revision == 1
    assert {render.pk, waiting.pk} < set(Job.objects.values_list("pk", flat=True))


def test_a_revision_far_beyond_the_newest_locks_no_photo(photo):
    far = 2**53 - 1
    with pytest.raises(StaleRevisionError):
        save_hints(photo=photo, hint_set=HintSet.empty, revision=far)
    save_hints(photo=photo, hint_set=HintSet.empty, revision=1)
