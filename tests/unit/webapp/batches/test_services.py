"""What can be done with batches, and what becomes of their rows and files."""

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone, translation

from colorizer.hints import HintSet
from colorizer.intake import IntakeError
from tests.support.people import upload, user
from tests.support.zips import portraits, zipped
from webapp.accounts.actor import Actor
from webapp.accounts.quota import QuotaExceededError, quotas_of
from webapp.audit.models import Entry
from webapp.batches import services
from webapp.batches.errors import BatchStatusError, InvalidBatchError
from webapp.batches.files import ROOT
from webapp.batches.leases import claim
from webapp.batches.models import Batch, BatchItem
from webapp.batches.palette import Palette
from webapp.batches.services import BatchOptions
from webapp.common import storage
from webapp.photos.services import add_photo, delete_photo
from webapp.studio.services import save_hints
from webapp.uploads.access import UploadNotFoundError
from webapp.uploads.models import Upload

Status = Batch.Status
DAB = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}
HINTS = {"version": 1, "hints": [DAB]}
PALETTE = Palette.model_validate({"regions": [{"name": "sky", "color": "#87a7c7", "place": "top"}]})


def statuses(batch):
    return [item.status for item in BatchItem.objects.filter(batch=batch)]


def folder(batch):
    try:
        folders, files = default_storage.listdir(f"batches/{batch.pk}")
    except FileNotFoundError:
        return None
    return sorted(folders + files)


def test_a_zip_becomes_a_batch_that_workers_hear_of(
    make, owner, django_capture_on_commit_callbacks, monkeypatch
):
    sent = []
    monkeypatch.setattr("webapp.common.queue._send", lambda *args: sent.append(args))
    with django_capture_on_commit_callbacks(execute=True):
        batch = make(portraits(3, bad={2}))
    assert (batch.status, batch.total, batch.seq) == (Status.QUEUED, 3, 1)
    assert [item.name for item in batch.items.all()] == [
        "scans/0001.jpg", "scans/0002.jpg", "scans/0003.jpg",
    ]  # fmt: skip
    assert [item.shape for item in batch.items.all()] == ["wide11", "", "wide11"]
    assert batch.name == "scans"
    assert folder(batch) == ["source.zip"]
    assert sent == [("batches.work", [str(batch.pk)], "batch")]
    assert not Upload.objects.exists()


def test_an_upload_makes_one_batch(make, owner, uploaded):
    upload_id = uploaded(portraits(1))
    services.make_batch_of_upload(owner=owner, upload_id=upload_id, options=BatchOptions())
    with pytest.raises(UploadNotFoundError):
        services.make_batch_of_upload(owner=owner, upload_id=upload_id, options=BatchOptions())
    assert Batch.objects.count() == 1


def test_somebody_else_s_upload_makes_none(uploaded, model):
    upload_id = uploaded(portraits(1))
    with pytest.raises(UploadNotFoundError):
        services.make_batch_of_upload(
            owner=user("other"), upload_id=upload_id, options=BatchOptions()
        )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xd8\xff no zip", "not_a_zip"),
        (zipped({"../x.jpg": b"x"}), "bad_path"),
        (zipped({"notes.json": {}}), "no_photos"),
    ],
)
def test_a_refused_upload_leaves_nothing_and_can_be_tried_again(owner, model, uploaded, data, code):
    upload_id, before = uploaded(data), set(storage.folders(ROOT))
    with pytest.raises(InvalidBatchError) as caught:
        services.make_batch_of_upload(owner=owner, upload_id=upload_id, options=BatchOptions())
    assert caught.value.code == code
    assert not Batch.objects.exists()
    assert Upload.objects.get(pk=upload_id).state == "open"
    assert set(storage.folders(ROOT)) == before


def test_an_upload_larger_than_a_batch_may_be_is_refused(owner, model, uploaded, settings):
    settings.BATCH_MAX_BYTES = 1000
    with pytest.raises(IntakeError) as caught:
        services.make_batch_of_upload(
            owner=owner, upload_id=uploaded(portraits(1)), options=BatchOptions()
        )
    assert (caught.value.status, caught.value.code) == (413, "too_many_bytes")


@pytest.mark.parametrize("quota", ["QUOTA_JOBS_PER_DAY", "QUOTA_BYTES"])
def test_a_quota_that_is_used_up_leaves_nothing(owner, model, uploaded, settings, quota):
    upload_id, before = uploaded(portraits(3)), set(storage.folders(ROOT))
    setattr(settings, quota, 2)
    with pytest.raises(QuotaExceededError):
        services.make_batch_of_upload(owner=owner, upload_id=upload_id, options=BatchOptions())
    assert not Batch.objects.exists()
    assert Upload.objects.get(pk=upload_id).state == "open"
    assert set(storage.folders(ROOT)) == before


def test_what_batches_take_up_counts_as_storage_used(make, owner):
    assert quotas_of(Actor(user=owner)).bytes.used == 0
    batch = make(2)
    batch.items.update(result_bytes=7)
    assert quotas_of(Actor(user=owner)).bytes.used == len(portraits(2)) + 14


def test_hints_in_the_zip_go_to_their_photos(make):
    data = zipped({"a.jpg": b"x", "b.jpg": b"y", "a.json": HINTS})
    batch = make(data, hints=Batch.Hints.FILES)
    assert [item.hints for item in batch.items.all()] == [HINTS, None]
    assert [item.name for item in batch.items.all()] == ["a.jpg", "b.jpg"]


def test_more_hints_than_one_request_can_read_are_refused_before_one_is_read(make, settings):
    settings.BATCH_MAX_HINT_BYTES = 1000
    data = zipped(
        {f"{n}.jpg": b"x" for n in range(9)} | {f"{n}.json": b"{" * 200 for n in range(9)}
    )
    with pytest.raises(InvalidBatchError) as caught:
        make(data, hints=Batch.Hints.FILES)
    assert (caught.value.status, caught.value.code) == (413, "too_many_hints")


def test_hints_that_are_not_requested_are_left_alone(make):
    batch = make(zipped({"a.jpg": b"x", "away.json": b"{"}))
    assert [item.name for item in batch.items.all()] == ["a.jpg"]


def test_a_palette_and_the_wish_for_one_go_together(make):
    assert make(hints=Batch.Hints.PALETTE, palette=PALETTE).palette == PALETTE.to_json()
    for options in ({"hints": Batch.Hints.PALETTE}, {"palette": PALETTE}):
        with pytest.raises(InvalidBatchError):
            make(**options)


@pytest.fixture
def photos(owner, model):
    actor = Actor(user=owner)
    return [add_photo(actor=actor, upload=upload(name=f"{n}.png")) for n in (1, 1, 2)]


def test_photos_of_the_library_become_a_batch_in_the_order_given(owner, photos):
    ids = [photos[2].pk, photos[0].pk, photos[1].pk]
    batch = services.make_batch_of_photos(
        owner=owner, photo_ids=ids, options=BatchOptions(name="Family")
    )
    assert [item.photo_id for item in batch.items.all()] == ids
    assert [item.name for item in batch.items.all()] == ["2.png", "1.png", "1 (2).png"]
    assert (batch.name, batch.archive) == ("Family", "")


def test_photos_bring_the_hints_they_have_in_the_studio(owner, photos):
    save_hints(photo=photos[0], hint_set=HintSet.parse(HINTS), revision=1)
    options = BatchOptions(hints=Batch.Hints.FILES)
    ids = [photo.pk for photo in photos]
    batch = services.make_batch_of_photos(owner=owner, photo_ids=ids, options=options)
    assert batch.items.get(number=1).hints == json.loads(json.dumps(HINTS))
    assert batch.items.get(number=2).hints is None


def test_missing_and_foreign_photos_are_refused_alike(owner, photos):
    foreign = add_photo(actor=Actor(user=user("other")), upload=upload())
    messages = set()
    for missing in (foreign.pk, uuid.uuid4()):
        with pytest.raises(InvalidBatchError) as caught:
            services.make_batch_of_photos(
                owner=owner, photo_ids=[photos[0].pk, missing], options=BatchOptions()
            )
        messages.add(str(caught.value))
    assert len(messages) == 1
    assert not Batch.objects.exists()


def test_a_photo_that_is_deleted_leaves_its_place_in_the_batch(owner, photos):
    ids = [photo.pk for photo in photos]
    batch = services.make_batch_of_photos(owner=owner, photo_ids=ids, options=BatchOptions())
    delete_photo(photo=photos[0])
    item = batch.items.get(number=1)
    assert (item.photo_id, item.status) == (None, "queued")


def test_a_paused_batch_finishes_what_is_begun_and_begins_nothing(batch, settings):
    settings.BATCH_CHUNK_PHOTOS = 1
    chunk = claim(batch_id=batch.pk, now=timezone.now())
    assert services.pause_batch(batch=batch).status == Status.PAUSED
    assert statuses(batch) == ["running", "queued", "queued", "queued"]
    assert claim(batch_id=batch.pk, now=timezone.now()) is None
    assert services.resume_batch(batch=batch).status == Status.QUEUED
    assert chunk.items[0].number == 1


def test_a_cancelled_batch_keeps_what_is_done_and_can_be_taken_up_again(batch):
    BatchItem.objects.filter(batch=batch, number=1).update(status="done")
    Batch.objects.filter(pk=batch.pk).update(done=1)
    cancelled = services.cancel_batch(batch=batch)
    assert statuses(batch) == ["done", "cancelled", "cancelled", "cancelled"]
    assert cancelled.finished is not None
    again = services.retry_batch(batch=batch)
    assert (again.status, again.finished) == (Status.QUEUED, None)
    assert statuses(batch) == ["done", "queued", "queued", "queued"]


def test_what_failed_is_tried_again_from_the_beginning(batch, model):
    failed = BatchItem.objects.filter(batch=batch, number__lte=2)
    failed.update(status="failed", error="no", attempt=3, model_version=model)
    BatchItem.objects.filter(batch=batch, number__gt=2).update(status="done")
    Batch.objects.filter(pk=batch.pk).update(status="done", done=2, failed=2)
    again = services.retry_batch(batch=batch)
    assert (again.status, again.done, again.failed, again.left) == (Status.QUEUED, 2, 0, 2)
    item = batch.items.get(number=1)
    assert (item.status, item.error, item.attempt, item.model_version) == ("queued", "", 0, None)


@pytest.mark.parametrize(
    ("status", "impossible"),
    [
        ("queued", ["resume", "retry"]),
        ("paused", ["pause", "retry"]),
        ("done", ["pause", "resume", "cancel", "retry"]),
        ("cancelled", ["pause", "resume", "cancel"]),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(batch, status, impossible):
    Batch.objects.filter(pk=batch.pk).update(status=status)
    for name in impossible:
        with pytest.raises(BatchStatusError):
            getattr(services, f"{name}_batch")(batch=batch)
    assert Batch.objects.get(pk=batch.pk).seq == batch.seq


def test_a_deleted_batch_leaves_no_row_and_no_file_but_an_entry(
    batch, owner, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_batch(batch=batch, actor=owner)
    assert not BatchItem.objects.exists()
    assert folder(batch) is None
    entry = Entry.objects.get(action="batch_deleted")
    assert (entry.actor, entry.subject) == (owner, str(batch.pk))
    assert batch.name not in entry.detail


def test_all_batches_of_a_user_go_at_once(
    make, owner, uploaded, django_capture_on_commit_callbacks
):
    mine = [make(1), make(1)]
    with django_capture_on_commit_callbacks(execute=True):
        assert services.delete_batches_of(user=owner) == 2
    assert [folder(batch) for batch in mine] == [None, None]
    assert not Batch.objects.exists()


def test_batches_are_stored_for_so_many_days(make, settings, django_capture_on_commit_callbacks):
    old, young, working = make(1), make(1), make(1)
    long_ago = timezone.now() - timedelta(days=settings.BATCH_RETENTION_DAYS, minutes=1)
    Batch.objects.filter(pk=old.pk).update(status="done", finished=long_ago)
    Batch.objects.filter(pk=young.pk).update(
        status="done", finished=timezone.now(), created=long_ago
    )
    Batch.objects.filter(pk=working.pk).update(status="running", created=long_ago)
    with django_capture_on_commit_callbacks(execute=True):
        assert services.purge_batches() == 1
    assert set(Batch.objects.all()) == {young, working}
    assert (folder(old), folder(young)) == (None, ["source.zip"])


def test_files_that_no_batch_owns_are_swept(batch, monkeypatch):
    orphan = uuid.uuid4()
    default_storage.save(f"batches/{orphan}/results/1.png", ContentFile(b"x"))
    services.purge_batches()
    assert default_storage.exists(f"batches/{orphan}/results/1.png")
    monkeypatch.setattr(storage, "ORPHAN_AGE", timedelta(seconds=-1))
    services.purge_batches()
    assert not default_storage.exists(f"batches/{orphan}")
    assert folder(batch) == ["source.zip"]


def test_reasons_are_in_the_language_of_who_made_the_batch(owner, model, uploaded):
    upload_id = uploaded(portraits(1))
    with translation.override("ko"):
        batch = services.make_batch_of_upload(
            owner=owner, upload_id=upload_id, options=BatchOptions()
        )
    assert batch.language == "ko"


def test_the_archive_is_stored_as_it_came(batch):
    with default_storage.open(batch.archive) as file:
        assert io.BytesIO(file.read()).getvalue() == portraits(4)
