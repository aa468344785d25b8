"""Photos are added whole or not at all, and go without a trace."""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image

from colorizer.intake import IntakeError
from tests.support.people import guest, live_version, upload, user
from tests.support.pictures import astronaut, encoded
from training.registry.versions import NoLiveModelError
from webapp.accounts.actor import Actor
from webapp.accounts.quota import QuotaExceededError
from webapp.common import storage
from webapp.photos import services
from webapp.photos.models import Photo
from webapp.studio.models import Job


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Each test starts with an empty storage."""
    storages = settings.STORAGES
    options = storages["default"]["OPTIONS"] | {"location": str(tmp_path / "media")}
    settings.STORAGES = storages | {"default": storages["default"] | {"OPTIONS": options}}
    return tmp_path / "media"


def stored(own_media):
    return sorted(str(path.relative_to(own_media)) for path in own_media.rglob("*"))


def add(actor=None, **facts):
    return services.add_photo(actor=actor or guest(), upload=upload(**facts))


def test_a_photo_is_stored_with_its_files_and_is_being_coloured(live, own_media):
    photo = add(data=encoded(astronaut()), name="C:\\scans\\Eileen  Collins.final.png")
    photo.refresh_from_db()
    assert photo.title == "Eileen Collins.final"
    assert (photo.width, photo.height, photo.is_grey) == (512, 512, False)
    with default_storage.open(photo.original) as file:
        assert np.array_equal(np.asarray(Image.open(file)), np.asarray(astronaut()))
    with default_storage.open(photo.lightness) as file:
        assert Image.open(file).mode == "L"
    folder = f"photos/{photo.id}"
    assert stored(own_media) == [
        "photos",
        folder,
        f"{folder}/lightness.jpg",
        f"{folder}/original.png",
        f"{folder}/small-256.png",
    ]
    assert Job.objects.get(photo=photo).kind == "chroma"


def test_a_guests_photo_expires_and_a_users_does_not(live):
    mine = add(guest())
    assert mine.owner is None
    assert timedelta(hours=23) < mine.expires_at - timezone.now() <= timedelta(hours=24)
    theirs = add(Actor(user=user()))
    assert (theirs.guest_key, theirs.expires_at) == ("", None)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("사진.jpg", "사진"),
        ("\u1109\u1161\u110c\u1175\u11ab.jpg", "사진"),
        ("a\0b\n c.png", "a b c"),
        ("../../etc/passwd", "passwd"),
        ("x" * 400 + ".tiff", "x" * 200),
        (".png", ".png"),
        ("", ""),
    ],
)
def test_a_files_name_becomes_a_title(name, title):
    assert services.title_from(name) == title


def nothing_is_left(own_media):
    return not Photo.objects.exists() and not [p for p in own_media.rglob("*") if p.is_file()]


def test_a_bad_upload_leaves_nothing(live, own_media):
    with pytest.raises(IntakeError):
        add(data=encoded(astronaut())[:5000])
    assert nothing_is_left(own_media)


def test_a_failure_while_encoding_leaves_nothing(live, own_media, monkeypatch):
    def fail(*args):
        raise MemoryError

    monkeypatch.setattr(services.encode, "lightness_jpeg", fail)
    with pytest.raises(MemoryError):
        add()
    assert nothing_is_left(own_media)


def test_a_full_disk_leaves_nothing(live, own_media, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("webapp.common.storage.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        add()
    assert nothing_is_left(own_media)


def test_without_a_live_model_nothing_is_stored(db, own_media):
    with pytest.raises(NoLiveModelError):
        add()
    assert nothing_is_left(own_media)


def test_a_file_declared_too_large_is_not_read(live, settings):
    settings.UPLOAD_MAX_BYTES = 100
    file = upload()
    with pytest.raises(IntakeError) as raised:
        services.add_photo(actor=guest(), upload=file)
    assert raised.value.status == 413
    assert file.tell() == 0


def test_a_guest_may_add_so_many_a_day(live, settings):
    settings.GUEST_PHOTOS_PER_DAY = 2
    add(), add()
    with pytest.raises(QuotaExceededError):
        add()
    add(guest("another"))
    add(Actor(user=user()))
    Photo.objects.update(created=timezone.now() - timedelta(hours=25))
    add()


def test_nobody_keeps_more_than_so_many(live, settings, own_media):
    settings.QUOTA_PHOTOS = 1
    actor = Actor(user=user())
    photo = add(actor)
    before = stored(own_media)
    with pytest.raises(QuotaExceededError, match="1"):
        add(actor)
    assert stored(own_media) == before
    services.delete_photo(photo=photo)
    add(actor)


def test_a_photo_belongs_to_exactly_one(live):
    photo = add()
    with pytest.raises(IntegrityError):
        Photo.objects.filter(pk=photo.pk).update(owner=user())


def test_renaming_cleans_the_title(live):
    photo = services.rename_photo(photo=add(), title="  two\twords\n")
    photo.refresh_from_db()
    assert photo.title == "two words"


def test_a_deleted_photo_leaves_nothing(live, own_media, django_capture_on_commit_callbacks):
    photo = add()
    storage.write(f"photos/{photo.id}/versions/a.png", b"version")
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_photo(photo=photo)
    assert not Photo.objects.exists()
    assert not Job.objects.exists()
    assert stored(own_media) == ["photos"]


def test_what_guests_left_is_cleared_when_it_has_expired(
    live, own_media, django_capture_on_commit_callbacks
):
    old, young, owned = add(), add(), add(Actor(user=user()))
    Photo.objects.filter(pk=old.pk).update(expires_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert services.purge_guests() == 1
    assert set(Photo.objects.all()) == {young, owned}
    assert not (own_media / "photos" / str(old.id)).exists()


def test_files_that_a_killed_process_left_are_cleared_later(live, own_media):
    kept = add()
    for name in ("killed", "running"):
        default_storage.save(f"photos/{name}/original.png", ContentFile(b"half of it"))
    (own_media / "photos" / "empty").mkdir()
    hours_ago = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(own_media / "photos/killed/original.png", (hours_ago, hours_ago))
    os.utime(own_media / "photos" / str(kept.id) / "original.png", (hours_ago, hours_ago))
    services.purge_guests()
    left = {path.name for path in (own_media / "photos").iterdir()}
    assert left == {"running", str(kept.id)}


def test_a_file_is_never_seen_half_written(own_media, monkeypatch):
    seen = []

    class Slow(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"one"
            seen.append(default_storage.exists("a/b.png"))
            yield b"two"

    default_storage.save("a/b.png", Slow(b""))
    assert seen == [False]
    with default_storage.open("a/b.png") as file:
        assert file.read() == b"onetwo"
    assert default_storage.save("a/b.png", ContentFile(b"again")) == "a/b.png"
    assert [path.name for path in (own_media / "a").iterdir()] == ["b.png"]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.binary(max_size=400), begin=st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"II*\0"]))
def test_no_bytes_whatever_leave_a_file_or_a_row(live, own_media, data, begin):
    with pytest.raises(IntakeError):
        add(data=begin + data)
    assert nothing_is_left(own_media)


@pytest.mark.django_db(transaction=True)
def test_uploads_at_the_same_time_do_not_slip_past_the_quota(settings, own_media):
    live_version()
    settings.GUEST_PHOTOS_PER_DAY = 2

    def attempt(_):
        try:
            add()
        except QuotaExceededError:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(6) as pool:
        added = sum(pool.map(attempt, range(6)))
    assert added == Photo.objects.count() == len(list((own_media / "photos").iterdir())) == 2
