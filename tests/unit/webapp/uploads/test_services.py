"""Uploads are claimed once, read as one file, and swept when nobody comes back for them."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.support.people import guest, user
from tests.support.pictures import encoded, grey_astronaut
from webapp.accounts.actor import Actor
from webapp.common import storage
from webapp.photos.models import Photo
from webapp.uploads import services
from webapp.uploads.access import UploadNotFoundError, access_upload
from webapp.uploads.models import Upload
from webapp.uploads.pieces import opened

ARCHIVE, PHOTO = Upload.Purpose.ARCHIVE, Upload.Purpose.PHOTO


def uploaded(actor, data, *, piece=100, purpose=ARCHIVE):
    upload = services.begin_upload(actor=actor, size=len(data), name="a.zip", purpose=purpose)
    for offset in range(0, len(data), piece):
        services.append(upload=upload, offset=offset, data=data[offset : offset + piece])
    upload.refresh_from_db()
    return upload


@pytest.fixture
def owner(db):
    return Actor(user=user())


def test_a_claimed_upload_is_read_as_one_file_and_seen_by_nobody_else(owner):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for n in range(20):
            archive.writestr(f"{n}.txt", f"number {n} " * 20)
    upload = uploaded(owner, sink.getvalue())
    claimed = services.claim(actor=owner, upload_id=upload.pk)
    with opened(claimed) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert archive.read("13.txt").startswith(b"number 13")
    with pytest.raises(UploadNotFoundError):
        access_upload(owner, upload.pk)
    with pytest.raises(UploadNotFoundError):
        services.claim(actor=owner, upload_id=upload.pk)


def test_what_is_incomplete_or_foreign_cannot_be_claimed(owner):
    upload = services.begin_upload(actor=owner, size=10, name="", purpose=ARCHIVE)
    with pytest.raises(services.UploadConflictError):
        services.claim(actor=owner, upload_id=upload.pk)
    with pytest.raises(UploadNotFoundError):
        services.claim(actor=guest(), upload_id=upload.pk)


def test_pieces_read_like_the_file_they_were(owner):
    data = bytes(range(256)) * 5
    with opened(uploaded(owner, data, piece=77)) as file:
        assert file.read() == data
        for start, size in ((0, 10), (70, 20), (1000, 1000), (1279, 5), (5000, 1)):
            file.seek(start)
            assert file.read(size) == data[start : start + size]
        file.seek(-3, io.SEEK_END)
        assert file.read() == data[-3:]


def test_a_release_leaves_nothing(owner, django_capture_on_commit_callbacks):
    upload = uploaded(owner, b"x" * 250)
    folder = services.upload_folder(upload.pk)
    with django_capture_on_commit_callbacks(execute=True):
        services.release_all(user=owner.user)
    assert not Upload.objects.exists()
    assert not default_storage.exists(folder)


def test_expired_uploads_and_stray_pieces_are_swept(
    owner, monkeypatch, django_capture_on_commit_callbacks
):
    kept, old = uploaded(owner, b"x" * 10), uploaded(owner, b"y" * 10)
    Upload.objects.filter(pk=old.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    stray = "uploads/00000000-0000-4000-8000-000000000000/0"
    default_storage.save(stray, ContentFile(b"z"))
    with django_capture_on_commit_callbacks(execute=True):
        services.purge_uploads()
    assert list(Upload.objects.all()) == [kept]
    assert default_storage.exists(stray), "what is young may belong to an upload being committed"
    monkeypatch.setattr(storage, "ORPHAN_AGE", timedelta(0))
    services.purge_uploads()
    assert not default_storage.exists(stray)
    assert kept.pieces.count() == 1
    assert default_storage.exists(kept.pieces.get().key)


def test_an_expired_upload_cannot_be_reached(owner):
    upload = uploaded(owner, b"x" * 10)
    Upload.objects.update(expires_at=timezone.now())
    with pytest.raises(UploadNotFoundError):
        access_upload(owner, upload.pk)


def test_a_failure_while_a_photo_is_made_leaves_the_upload_for_another_try(live, monkeypatch):
    data = encoded(grey_astronaut(96, 64))
    upload = uploaded(guest(), data, piece=1000, purpose=PHOTO)

    def fail(**facts):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(services, "add_photo", fail)
        with pytest.raises(OSError, match="No space"):
            services.take_photo(actor=guest(), upload=upload)
    upload.refresh_from_db()
    assert services.take_photo(actor=guest(), upload=upload).width == 96


def test_a_photo_being_made_is_not_made_twice(live):
    upload = uploaded(guest(), encoded(grey_astronaut(96, 64)), piece=1000, purpose=PHOTO)
    Upload.objects.update(state="taking", changed=timezone.now())
    with pytest.raises(services.UploadConflictError):
        services.take_photo(actor=guest(), upload=upload)
    Upload.objects.update(changed=timezone.now() - services.TAKING_PATIENCE * 2)
    services.take_photo(actor=guest(), upload=upload)
    assert Photo.objects.count() == 1


def test_a_guest_who_signs_in_goes_on_with_the_upload(live):
    upload = uploaded(guest(), b"x" * 10, purpose=PHOTO)
    somebody = user()
    services.give_uploads(guest_key=guest().guest_key, user=somebody)
    assert access_upload(Actor(user=somebody), upload.pk) == upload
