"""Leases: who works on a job, and what becomes of it when nobody does."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from colorizer.hints import HintSet
from training.leases import LeaseLostError
from webapp.common.leases import RESEND_SECONDS
from webapp.studio.leases import Lease, claim, claimed, finish, reap
from webapp.studio.models import Chroma, Job
from webapp.studio.services import cancel_job, save_hints, store_chroma

Status = Job.Status


def take(job):
    return claim(job_id=job.pk, now=timezone.now())


def expire(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def store(job):
    return store_chroma(job=job, data=b"x", width=1, height=1, seconds=0.1)


def status_of(job):
    return Job.objects.get(pk=job.pk).status


def paint(photo, revision):
    return save_hints(photo=photo, hint_set=HintSet.empty, revision=revision)


def test_a_queued_job_is_claimed_once(job):
    mine = take(job)
    assert mine.status == Status.RUNNING
    assert (mine.attempt, mine.seq) == (1, 1)
    assert take(job) is None


def test_a_claimed_job_has_the_newest_hints_whatever_it_began_with(photo, job):
    paint(photo, 3)
    Job.objects.filter(pk=job.pk).update(revision=1)
    mine = take(job)
    assert mine.revision == 3
    assert mine.hints == {"version": 1, "hints": []}
    assert Job.objects.get(pk=job.pk).revision == 3


def test_a_running_job_is_claimed_again_when_its_lease_ran_out(job):
    first = take(job)
    expire(first)
    second = take(job)
    assert second.attempt == 2
    assert store(first) is False
    assert not Chroma.objects.exists()
    assert store(second) is True
    assert status_of(job) == Status.DONE


def test_a_job_that_is_done_cannot_be_claimed_ended_or_cancelled(job):
    mine = take(job)
    store(mine)
    assert take(job) is None
    assert finish(job=mine, status=Status.FAILED) is False
    assert cancel_job(job=mine).status == Status.DONE


def test_a_chroma_job_waits_for_the_running_one_of_its_photo(photo, job):
    running = take(job)
    waiting = paint(photo, 1)
    assert waiting.pk != job.pk
    assert waiting.enqueued is None
    assert take(waiting) is None
    store(running)
    assert Job.objects.get(pk=waiting.pk).enqueued is not None
    assert take(waiting).revision == 1


def test_a_photo_that_is_deleted_takes_its_jobs_along(photo, job):
    mine = take(job)
    photo.delete()
    assert store(mine) is False
    assert take(job) is None


def test_an_error_fails_the_job_with_a_sentence_and_starts_the_one_that_waits(photo, job):
    with claimed(job.pk):
        waiting = paint(photo, 1)
        raise RuntimeError("the network broke")
    failed = Job.objects.get(pk=job.pk)
    assert failed.status == Status.FAILED
    assert failed.error.endswith("Please try again.")
    assert "network broke" not in failed.error
    assert Job.objects.get(pk=waiting.pk).enqueued is not None


def test_a_lost_lease_is_no_failure(job):
    with claimed(job.pk) as lease:
        cancel_job(job=lease.job)
        lease._lost.set()
        lease.check()
    assert status_of(job) == Status.CANCELLED


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_while_the_work_lasts_and_lost_when_it_is_another_s(photo, settings):
    settings.JOB_LEASE_SECONDS = 0.3
    lease = Lease(take(Job.objects.get(photo=photo)))
    keeper = threading.Thread(target=lease.keep)
    keeper.start()
    try:
        first = Job.objects.get(photo=photo).lease_until
        deadline = timezone.now() + timedelta(seconds=5)
        while Job.objects.get(photo=photo).lease_until == first and timezone.now() < deadline:
            pass
        assert Job.objects.get(photo=photo).lease_until > first
        lease.check()
        cancel_job(job=lease.job)
        keeper.join(5)
        with pytest.raises(LeaseLostError):
            lease.check()
    finally:
        lease.release()
        keeper.join(5)


def test_the_reaper_leaves_a_live_job_alone(job):
    mine = take(job)
    assert reap(now=timezone.now()) == 0
    assert store(mine) is True


def test_the_reaper_brings_back_a_job_whose_worker_has_gone(job):
    mine = take(job)
    expire(mine)
    assert reap(now=timezone.now()) == 1
    back = Job.objects.get(pk=job.pk)
    assert (back.status, back.lease_until) == (Status.QUEUED, None)
    assert back.seq == 2
    assert back.enqueued > mine.enqueued
    assert store(mine) is False
    assert take(job).attempt == 2


def test_the_reaper_drops_a_dead_job_for_the_newer_one_that_waits(photo, job):
    expire(take(job))
    waiting = paint(photo, 1)
    reap(now=timezone.now())
    assert status_of(job) == Status.SUPERSEDED
    assert take(waiting).revision == 1


def test_a_job_that_stops_every_worker_fails_at_last(photo, job, settings):
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        expire(take(job))
        reap(now=timezone.now())
    failed = Job.objects.get(pk=job.pk)
    assert failed.status == Status.FAILED
    assert "several times" in failed.error
    assert failed.attempt == settings.JOB_MAX_ATTEMPTS
    assert take(paint(photo, 1)) is not None


def test_at_a_fresh_start_everything_left_behind_comes_back(photo, job):
    take(job)
    assert reap(now=timezone.now(), everything=True) == 1
    assert status_of(job) == Status.QUEUED
    assert reap(now=timezone.now(), everything=True) == 1
    assert take(job).attempt == 2


def test_a_queued_job_whose_message_was_lost_is_requested_again(job):
    assert reap(now=timezone.now()) == 0
    long_ago = timezone.now() - timedelta(seconds=RESEND_SECONDS + 1)
    Job.objects.filter(pk=job.pk).update(enqueued=long_ago)
    assert reap(now=timezone.now()) == 1
    assert Job.objects.get(pk=job.pk).enqueued > long_ago


def test_a_job_that_rightly_waits_is_not_requested_again(photo, job):
    take(job)
    waiting = paint(photo, 1)
    long_ago = timezone.now() - timedelta(seconds=RESEND_SECONDS + 1)
    Job.objects.filter(pk=waiting.pk).update(created=long_ago)
    assert reap(now=timezone.now()) == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_the_job(photo):
    job = Job.objects.get(photo=photo)
    start, got = threading.Barrier(8), []

    def work():
        start.wait()
        if take(job) is not None:
            got.append(threading.current_thread().name)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(got) == 1
