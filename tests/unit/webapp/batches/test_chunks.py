"""Which photos a worker takes, what comes back when it dies, and which model colours them."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.support.batches import expire, statuses, take, work_off
from tests.support.people import user
from tests.support.pictures import encoded, grey_astronaut
from tests.support.zips import portraits, zipped
from training.models import ModelVersion
from training.registry.versions import live_model, make_live
from webapp.batches import tasks, work
from webapp.batches.leases import Outcome, claimed, finish, reap
from webapp.batches.models import Batch
from webapp.common.leases import RESEND_SECONDS


def test_chunks_are_of_like_size_and_no_larger_than_set(make, settings):
    settings.BATCH_CHUNK_PHOTOS, settings.BATCH_PARALLEL_CHUNKS = 3, 9
    wide, tall = (encoded(grey_astronaut(*size), "JPEG") for size in ((96, 64), (64, 96)))
    batch = make(zipped({f"{n:02}.jpg": tall if n % 2 else wide for n in range(10)}))
    chunks = [[item.number for item in take(batch).items] for _ in range(4)]
    assert chunks == [[1, 3, 5], [2, 4, 6], [7, 9], [8, 10]]
    assert take(batch) is None


def test_large_photos_make_smaller_chunks(batch, settings):
    settings.BATCH_CHUNK_PIXELS = 2 * 96 * 64
    assert len(take(batch).items) == 2


def test_no_more_workers_help_than_set(batch, settings):
    settings.BATCH_CHUNK_PHOTOS, settings.BATCH_PARALLEL_CHUNKS = 1, 2
    assert take(batch)
    assert take(batch)
    assert take(batch) is None


def test_the_next_chunk_is_sent_when_one_is_done(
    make, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.BATCH_CHUNK_PHOTOS = 2
    batch, sent = make(3), []
    monkeypatch.setattr("webapp.common.queue._send", lambda name, *_: sent.append(name))
    for expected in (["batches.work"], ["batches.work"]):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.work_on(str(batch.pk))
        assert sent == expected
    assert Batch.objects.get(pk=batch.pk).status == "done"


def test_a_chunk_whose_worker_has_gone_comes_back_and_its_late_writes_count_for_nothing(batch):
    first = take(batch)
    expire(batch)
    assert reap(now=timezone.now()) == 1
    assert statuses(batch) == ["queued"] * 4
    outcome = Outcome(result="batches/late.jpg", result_bytes=1)
    assert finish(chunk=first, item=first.items[0], outcome=outcome) is False
    done = work_off(batch)
    assert (done.status, done.done) == ("done", 4)
    assert {item.attempt for item in batch.items.all()} == {2}


def test_after_a_death_photos_come_one_by_one_so_that_only_the_guilty_one_fails(batch, settings):
    for _ in range(settings.JOB_MAX_ATTEMPTS):
        chunk = take(batch)
        assert (len(chunk.items) == 1) == (chunk.items[0].attempt > 0)
        expire(batch)
        reap(now=timezone.now())
    guilty = batch.items.get(number=1)
    assert guilty.status == "failed"
    assert "several times" in guilty.error
    done = work_off(batch)
    assert (done.done, done.failed) == (3, 1)


def test_at_a_fresh_start_everything_left_behind_comes_back(batch):
    take(batch)
    assert reap(now=timezone.now()) == 0
    assert reap(now=timezone.now(), everything=True) == 1
    assert statuses(batch) == ["queued"] * 4


def test_a_batch_whose_message_was_lost_is_requested_again(batch):
    assert reap(now=timezone.now()) == 0
    long_ago = timezone.now() - timedelta(seconds=RESEND_SECONDS + 1)
    Batch.objects.filter(pk=batch.pk).update(enqueued=long_ago)
    assert reap(now=timezone.now()) == 1
    assert Batch.objects.get(pk=batch.pk).enqueued > long_ago


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_do_each_photo_once(make, settings):
    settings.BATCH_CHUNK_PHOTOS, settings.BATCH_PARALLEL_CHUNKS = 1, 4
    batch, taken = make(8), []
    start = threading.Barrier(4)

    def worker():
        start.wait()
        try:
            for _ in range(12):
                chunk = take(batch)
                for item in chunk.items if chunk else ():
                    taken.append(item.number)
                    finish(chunk=chunk, item=item, outcome=Outcome(result="x"))
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(taken) == list(range(1, 9))
    assert Batch.objects.get(pk=batch.pk).done == 8


def test_owners_take_turns_however_many_batches_one_has(make, settings):
    settings.BATCH_CHUNK_PHOTOS = 1
    other = user("other")
    many = [make(portraits(2)) for _ in range(3)]
    one = make(portraits(2))
    Batch.objects.filter(pk=one.pk).update(owner=other)
    served = []
    for message in [many[0], many[1], many[2], one, many[0], many[1], many[2], one]:
        with claimed(message.pk) as lease:
            served.append(lease.chunk.batch.owner_id == other.pk)
            for item in lease.chunk.items:
                finish(chunk=lease.chunk, item=item, outcome=Outcome(result="x"))
    assert served.count(True) == 2
    assert served.index(True) <= 1
    assert served[3:].count(True) <= 1, "the modest owner was done before the greedy one"


def other_model():
    """Another version of the shipped weights, published."""
    shipped = live_model()
    return ModelVersion.objects.create(
        name="other", sha256=shipped.sha256, folder=shipped.folder, net=shipped.net,
        card=shipped.card, state="published",
    )  # fmt: skip


def test_what_runs_when_the_model_is_switched_keeps_its_model(batch, model, settings):
    settings.BATCH_CHUNK_PHOTOS = 2
    with claimed(batch.pk) as lease:
        make_live(actor=None, model_version=other_model(), probe=lambda _: None)
        work.colour(lease)
    work_off(batch)
    assert [item.model_version.name for item in batch.items.all()] == [
        model.name, model.name, "other", "other",
    ]  # fmt: skip


def test_a_second_attempt_keeps_the_model_of_the_first(batch, model):
    take(batch)
    make_live(actor=None, model_version=other_model(), probe=lambda _: None)
    expire(batch)
    reap(now=timezone.now())
    work_off(batch)
    assert {item.model_version for item in batch.items.all()} == {model}


def test_a_model_that_was_chosen_stays_whatever_is_live(make, model):
    chosen = other_model()
    batch = work_off(make(2, model_version=chosen))
    assert {item.model_version for item in batch.items.all()} == {chosen}


def test_a_model_whose_files_are_gone_is_named(make):
    broken = other_model()
    ModelVersion.objects.filter(pk=broken.pk).update(folder="nowhere")
    broken.refresh_from_db()
    batch = work_off(make(1, model_version=broken))
    assert batch.items.get().error == "The model other cannot be used at the moment."


def test_without_a_live_model_a_batch_waits(batch, model):
    ModelVersion.objects.update(state="retired")
    tasks.work_on(str(batch.pk))
    assert statuses(batch) == ["queued"] * 4
    ModelVersion.objects.filter(pk=model.pk).update(state="live")
    assert work_off(batch).status == "done"
