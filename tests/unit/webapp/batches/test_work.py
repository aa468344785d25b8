"""Chunks: claimed by like size, coloured together, finished one by one, and never lost."""

import io
import threading
from datetime import timedelta

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from PIL import Image

from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from tests.support.people import upload
from tests.support.pictures import encoded, grey_astronaut
from tests.support.zips import portraits, zipped
from training.models import ModelVersion
from training.registry import folder_of, live_model, make_live
from webapp.accounts.actor import Actor
from webapp.batches import leases, services, tasks, work
from webapp.batches.leases import Outcome, claim, finish, held, reap
from webapp.batches.models import Batch, BatchItem
from webapp.batches.palette import Palette
from webapp.batches.services import Wish
from webapp.library.services import add_photo, delete_photo

Status = BatchItem.Status
PALETTE = Palette.model_validate(
    {"regions": [{"name": "coat", "color": "#c04010", "place": "centre"}]}
)


def take(batch):
    return claim(batch_id=batch.pk, now=timezone.now())


def work_off(batch, most=50):
    """Work as one worker does, until nothing is left."""
    for _ in range(most):
        if Batch.objects.get(pk=batch.pk).status not in Batch.WORKING:
            break
        tasks.work_on(str(batch.pk))
    return Batch.objects.get(pk=batch.pk)


def expire(batch):
    batch.items.filter(status="running").update(lease_until=timezone.now() - timedelta(seconds=1))


def statuses(batch):
    return [item.status for item in batch.items.all()]


def test_photos_whose_turn_comes_without_room_fail_with_that_reason(batch, owner, settings):
    settings.BATCH_CHUNK_PHOTOS = 2
    settings.QUOTA_BYTES = batch.bytes + 1
    after = work_off(batch)
    assert (after.done, after.failed) == (2, 2)
    assert "no room" in batch.items.get(number=4).error
    settings.QUOTA_BYTES = 1 << 30
    services.retry_batch(batch=after)
    assert work_off(batch).done == 4


def picture(item):
    with default_storage.open(item.result) as file:
        return np.asarray(Image.open(io.BytesIO(file.read())).convert("RGB")).astype(int)


def test_good_photos_are_done_and_bad_ones_named_with_their_reason(make):
    batch = work_off(make(portraits(12, bad={5, 6, 11})))
    assert (batch.status, batch.done, batch.failed) == ("done", 9, 3)
    failed = batch.items.filter(status="failed")
    assert [item.name for item in failed] == ["scans/0005.jpg", "scans/0006.jpg", "scans/0011.jpg"]
    assert {item.error for item in failed} == {
        "This is not a picture that can be read: choose a JPEG, PNG, WebP or TIFF."
    }
    for item in batch.items.filter(status="done"):
        assert default_storage.size(item.result) == item.result_bytes > 0
        assert (item.width, item.height, item.attempt) == (96, 64, 1)
        assert len(item.source_sha256) == len(item.result_sha256) == 64


def test_a_batch_of_nothing_but_bad_photos_has_failed(make):
    batch = work_off(make(portraits(2, bad={1, 2})))
    assert (batch.status, batch.done, batch.failed) == ("failed", 0, 2)


def test_a_result_is_what_the_engine_makes_of_the_photo(make):
    source = encoded(grey_astronaut(300, 200))
    batch = work_off(make(zipped({"a.png": source})))
    engine = Colorizer.load(folder_of(live_model()))
    rgb = np.asarray(Image.open(io.BytesIO(source)).convert("RGB"))
    expected = engine.colorize(rgb, HintSet.empty).astype(int)
    assert np.abs(picture(batch.items.get()) - expected).max() <= 1


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_results_are_saved_as_asked(make, kind):
    batch = work_off(make(1, format=Batch.Format(kind)))
    item = batch.items.get()
    with default_storage.open(item.result) as file:
        assert Image.open(file).format == kind.upper()
    assert item.output == f"scans/0001.{'jpg' if kind == 'jpeg' else kind}"


def test_a_palette_colours_every_photo(make):
    plain = work_off(make(2))
    coloured = work_off(make(2, hints=Batch.Hints.PALETTE, palette=PALETTE))
    for before, after in zip(plain.items.all(), coloured.items.all(), strict=True):
        middle = picture(after)[20:44, 32:64] - picture(before)[20:44, 32:64]
        assert (middle[..., 0] - middle[..., 2]).mean() > 20, "the middle did not become red"


def test_hints_from_a_file_colour_their_photo_alone(make):
    dab = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.3, "color": "#c04010"}
    source = encoded(grey_astronaut(96, 64))
    files = {"a.png": source, "b.png": source, "a.json": {"version": 1, "hints": [dab]}}
    batch = work_off(make(zipped(files), hints=Batch.Hints.FILES))
    a, b = (picture(item)[20:44, 32:64] for item in batch.items.all())
    assert ((a - b)[..., 0] - (a - b)[..., 2]).mean() > 20


def test_photos_of_the_library_are_coloured_and_a_deleted_one_is_named(owner, model):
    actor = Actor(user=owner)
    photos = [add_photo(actor=actor, upload=upload(name=f"{n}.png")) for n in range(3)]
    ids = [photo.pk for photo in photos]
    batch = services.make_batch_of_photos(owner=owner, photo_ids=ids, wish=Wish())
    delete_photo(photo=photos[1])
    batch = work_off(batch)
    assert (batch.done, batch.failed) == (2, 1)
    assert "deleted" in batch.items.get(status="failed").error


def test_a_file_that_is_damaged_in_the_zip_is_named(make):
    data = bytearray(portraits(3))
    at = data.find(b"scans/0002.jpg") + len(b"scans/0002.jpg") + 200
    data[at] ^= 0xFF
    batch = work_off(make(bytes(data)))
    assert batch.done == 2
    assert "damaged" in batch.items.get(status="failed").error


def test_chunks_are_of_like_size_and_no_larger_than_asked(make, settings):
    settings.BATCH_CHUNK_PHOTOS, settings.BATCH_PARALLEL_CHUNKS = 3, 9
    wide, tall = (encoded(grey_astronaut(*size), "JPEG") for size in ((96, 64), (64, 96)))
    batch = make(zipped({f"{n:02}.jpg": tall if n % 2 else wide for n in range(10)}))
    chunks = [[item.number for item in take(batch).items] for _ in range(4)]
    assert chunks == [[1, 3, 5], [2, 4, 6], [7, 9], [8, 10]]
    assert take(batch) is None


def test_large_photos_make_smaller_chunks(batch, settings):
    settings.BATCH_CHUNK_PIXELS = 2 * 96 * 64
    assert len(take(batch).items) == 2


def test_no_more_workers_help_than_asked(batch, settings):
    settings.BATCH_CHUNK_PHOTOS, settings.BATCH_PARALLEL_CHUNKS = 1, 2
    assert take(batch)
    assert take(batch)
    assert take(batch) is None


def test_the_next_chunk_is_asked_for_when_one_is_done(
    make, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.BATCH_CHUNK_PHOTOS = 2
    batch, sent = make(3), []
    monkeypatch.setattr("webapp.runtime.queue._send", lambda name, *_: sent.append(name))
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


def test_a_batch_whose_message_was_lost_is_asked_for_again(batch):
    assert reap(now=timezone.now()) == 0
    long_ago = timezone.now() - timedelta(seconds=leases.RESEND_SECONDS + 1)
    Batch.objects.filter(pk=batch.pk).update(enqueued=long_ago)
    assert reap(now=timezone.now()) == 1
    assert Batch.objects.get(pk=batch.pk).enqueued > long_ago


def test_a_batch_cancelled_in_the_middle_of_a_chunk_keeps_no_half_result(batch, monkeypatch):
    apply = Colorizer.apply

    def cancel_first(rgb, ab, **options):
        if Batch.objects.get(pk=batch.pk).status == "running":
            services.cancel_batch(batch=batch)
        return apply(rgb, ab, **options)

    monkeypatch.setattr(Colorizer, "apply", staticmethod(cancel_first))
    tasks.work_on(str(batch.pk))
    assert statuses(batch) == ["cancelled"] * 4
    folders, _ = default_storage.listdir(f"batches/{batch.pk}")
    assert default_storage.listdir(f"batches/{batch.pk}/results")[1] == [] if folders else True


def test_a_batch_deleted_while_it_runs_leaves_no_file(batch, monkeypatch):
    apply = Colorizer.apply

    def delete_first(rgb, ab, **options):
        if Batch.objects.filter(pk=batch.pk).exists():
            services.delete_batch(batch=batch, actor=None)
        return apply(rgb, ab, **options)

    monkeypatch.setattr(Colorizer, "apply", staticmethod(delete_first))
    tasks.work_on(str(batch.pk))
    assert default_storage.listdir(f"batches/{batch.pk}/results")[1] == []


def test_an_error_of_one_photo_is_no_other_s(batch, monkeypatch):
    apply, calls = Colorizer.apply, []

    def fail_once(rgb, ab, **options):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("out of luck")
        return apply(rgb, ab, **options)

    monkeypatch.setattr(Colorizer, "apply", staticmethod(fail_once))
    done = work_off(batch)
    assert (done.done, done.failed) == (3, 1)
    error = batch.items.get(status="failed").error
    assert "Please try again" in error
    assert "luck" not in error


def test_an_error_of_the_network_fails_the_chunk_and_the_batch_goes_on(make, monkeypatch):
    batch = make(6)
    predict, calls = Colorizer.predict_planes, []

    def fail_once(self, *planes):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("the network broke")
        return predict(self, *planes)

    monkeypatch.setattr(Colorizer, "predict_planes", fail_once)
    done = work_off(batch)
    assert (done.status, done.done, done.failed) == ("done", 2, 4)


def other_model():
    """Another version of the shipped weights, published."""
    shipped = live_model()
    return ModelVersion.objects.create(
        name="other", sha256=shipped.sha256, folder=shipped.folder, net=shipped.net,
        card=shipped.card, state="published",
    )  # fmt: skip


def test_what_runs_when_the_model_is_switched_keeps_its_model(batch, model, settings):
    settings.BATCH_CHUNK_PHOTOS = 2
    with held(batch.pk) as lease:
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


def test_counts_and_seq_only_rise_and_match_the_photos(make):
    batch, seen = make(portraits(6, bad={2})), []
    while (now := Batch.objects.get(pk=batch.pk)).status in Batch.WORKING:
        tasks.work_on(str(batch.pk))
        seen.append((now.seq, now.done, now.failed))
    assert seen == sorted(seen)
    assert now.done == batch.items.filter(status="done").count() == 5
    assert now.finished is not None


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


def test_reasons_are_in_the_batch_s_language(make):
    batch = make(portraits(1, bad={1}))
    Batch.objects.filter(pk=batch.pk).update(language="ko")
    assert "JPEG, PNG, WebP" in work_off(batch).items.get().error
    assert "picture" not in batch.items.get().error
