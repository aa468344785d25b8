"""What can be done with photos: add, rename, delete, and clear away what has expired."""

from __future__ import annotations

import hashlib
import re
import time
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

import numpy as np
import structlog
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from PIL import Image

from colorizer import intake, output
from colorizer.color import Pixels, to_8_bits
from colorizer.intake import DecodedPhoto, Limits
from colorizer.prepared import shrink
from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.accounts.quota import check_quota, count_photos, lock_quota
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.common import storage
from webapp.common.gate import Gate
from webapp.photos import encode, files
from webapp.photos.access import owner_key
from webapp.photos.decodings import count_decoding
from webapp.photos.events import publish_on_commit, publish_to_owner
from webapp.photos.models import TITLE_LENGTH, Photo
from webapp.photos.signals import photo_added
from webapp.photos.thumbnails import small_jpeg, stored_thumbnail

log = structlog.get_logger(__name__)

# At the largest size one upload holds some gigabytes for seconds, so few may run at a time, of the
# large ones a single one; and one visitor's never all of them.
INTAKE = Gate(width=2, waiting=10)
_LARGE = Gate(width=1, waiting=10)
INTAKE_PATIENCE = 30.0


def add_photo(*, actor: Actor, upload: UploadedFile[Any], page: int = 1) -> Photo:
    """Take in an uploaded picture and keep it as ``actor``'s; :data:`photo_added` tells of it.

    Args:
        actor: whose it will be.
        upload: the file.
        page: of a PDF, from 1.

    Raises:
        colorizer.intake.IntakeError: it is not a photo that is taken.
        webapp.accounts.quota.QuotaExceededError: the actor may not add more.
        webapp.common.gate.BusyError: others' photos, or many of the actor's, come first.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    if upload.size is not None and upload.size > settings.UPLOAD_MAX_BYTES:
        raise intake.too_many_bytes(settings.UPLOAD_MAX_BYTES)
    check_quota(actor)
    with turn_to_upload(actor, upload):
        data = upload.read()
        decoded = decode(data, page=page)
        return keep_photo(actor=actor, name=upload.name or "", data=data, decoded=decoded)


def keep_photo(*, actor: Actor, name: str, data: bytes, decoded: DecodedPhoto) -> Photo:
    """Keep a file that was read as ``actor``'s photo; :data:`photo_added` tells of it.

    Raises:
        webapp.accounts.quota.QuotaExceededError: the actor may not add more.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    photo_id = uuid.uuid4()
    folder = files.photo_folder(photo_id)
    try:
        photo = _store(photo_id, folder, data, decoded)
        photo.title = title_from(name)
        _give_to(photo, actor)
        with transaction.atomic():
            lock_quota(actor)
            check_quota(actor, size=photo.bytes)
            count_photos(actor)
            photo.save(force_insert=True)
            photo_added.send(Photo, photo=photo)
            publish_to_owner(actor.key, "added", [photo.pk])
    except BaseException:
        storage.delete_folder(folder)
        raise
    log.info("photo_added", photo=str(photo.id), width=photo.width, height=photo.height)
    return photo


def decode(data: bytes, *, page: int = 1) -> DecodedPhoto:
    """Decode an uploaded file, of a PDF one page, and count how long that took.

    Raises:
        colorizer.intake.IntakeError: it is not a photo that is taken.
    """
    begun = time.monotonic()
    decoded = intake.read(data, upload_limits(), page=page)
    count_decoding(time.monotonic() - begun)
    return decoded


@contextmanager
def turn_to_upload(actor: Actor, upload: UploadedFile[Any]) -> Iterator[None]:
    """Hold a place among those whose upload is decoded now; of large ones there is a single one.

    Raises:
        webapp.common.gate.BusyError: others' photos, or many of the actor's, come first.
    """
    with ExitStack() as gates:
        if intake.is_large(upload.read(intake.HEAD_BYTES)):
            gates.enter_context(_LARGE.turn(actor.turn_key, seconds=INTAKE_PATIENCE))
        gates.enter_context(INTAKE.turn(actor.turn_key, seconds=INTAKE_PATIENCE))
        upload.seek(0)
        yield


def rename_photo(*, photo: Photo, title: str) -> Photo:
    """Give ``photo`` another title."""
    photo.title = clean_title(title)
    photo.save(update_fields=["title", "updated"])
    publish_to_owner(owner_key(photo), "changed", [photo.pk])
    return photo


def describe_photo(*, photo: Photo, changes: Mapping[str, Any]) -> Photo:
    """Change what is known about ``photo``: :data:`colorizer.metadata.fields.EDITABLE` of it.

    Raises:
        ValueError: a date that is none.
    """
    photo.known = photo.known.changed(changes)
    photo.save(update_fields=["metadata", "taken", "words"])
    publish_to_owner(owner_key(photo), "changed", [photo.pk])
    return photo


def star_photo(*, photo: Photo, starred: bool) -> Photo:
    """Star ``photo``, or take its star away."""
    photo.starred = starred
    photo.save(update_fields=["starred"])
    publish_to_owner(owner_key(photo), "changed", [photo.pk])
    return photo


def delete_photo(*, photo: Photo, by: User | None = None, detail: str = "") -> None:
    """Delete ``photo`` with its hints, jobs, versions and files, for good.

    A job that runs meanwhile finds its row gone, and leaves nothing behind.

    Args:
        photo: which.
        by: the user who asked for it; None for guests and for the site itself.
        detail: for the audit log.
    """
    folder = files.photo_folder(photo.pk)
    with transaction.atomic():
        publish_on_commit(photo.pk, "removed")
        publish_to_owner(owner_key(photo), "removed", [photo.pk])
        record(actor=by, action=Entry.Action.PHOTO_DELETED, subject=str(photo.pk), detail=detail)
        # Before its jobs, as everybody who works on them does: else each could wait for the other.
        list(Photo.objects.select_for_update().filter(pk=photo.pk).values_list("pk"))
        Photo.objects.filter(pk=photo.pk).delete()
        transaction.on_commit(partial(storage.delete_folder, folder))


def purge_guests() -> int:
    """Delete what guests left to expire: photos, sessions, and files that no photo owns.

    Returns:
        How many photos were deleted.
    """
    expired = list(Photo.objects.filter(owner=None, expires_at__lte=timezone.now()))
    for photo in expired:
        delete_photo(photo=photo, detail="a guest's time was over")
    orphans = storage.sweep(files.ROOT, Photo.objects.all())
    SessionStore.clear_expired()
    if expired or orphans:
        log.info("guests_purged", photos=len(expired), orphans=orphans)
    return len(expired)


def upload_limits() -> Limits:
    """Return what this site accepts."""
    return Limits(
        max_bytes=settings.UPLOAD_MAX_BYTES,
        max_pixels=settings.UPLOAD_MAX_PIXELS,
        min_side=settings.UPLOAD_MIN_SIDE,
        memory=settings.INTAKE_MEMORY_BYTES,
        seconds=settings.INTAKE_SECONDS,
    )


def pixels_hash(decoded: DecodedPhoto) -> str:
    """Return a hash that two uploads share when all their pixels are equal, whatever the files."""
    shape = "x".join(str(side) for side in decoded.pixels.shape)
    digest = hashlib.sha256(shape.encode())
    digest.update(np.ascontiguousarray(decoded.pixels).data)
    return digest.hexdigest()


def title_from(filename: str) -> str:
    """Return a title for a file's name: without folder and extension."""
    return clean_title(PurePath(filename.replace("\\", "/")).stem)


def clean_title(text: str) -> str:
    """Return ``text`` on one line, composed (as Korean from macOS is not), and not too long."""
    printable = "".join(
        " " if unicodedata.category(letter).startswith("C") else letter
        for letter in unicodedata.normalize("NFC", text)
    )
    return re.sub(r"\s+", " ", printable).strip()[:TITLE_LENGTH].rstrip()


def read_pixels(photo: Photo) -> Pixels:
    """Return a photo's own pixels: (H, W) or (H, W, 3) sRGB, 8 or 16 bits."""
    with default_storage.open(photo.original) as file:
        return intake.read(file.read(), upload_limits(), page=photo.page).pixels


def plain_image(*, photo: Photo) -> bytes:
    """Return a photo's pixels as PNG: upright, sRGB, on white, 8 or 16 bits, without metadata."""
    return output.encode(read_pixels(photo), "png")


def preview(*, photo: Photo) -> bytes:
    """Return a photo as it came in as a JPEG of at most 320 pixels a side; made once and kept."""

    def make() -> bytes:
        return small_jpeg(Image.fromarray(to_8_bits(read_pixels(photo))))

    return stored_thumbnail(f"{files.photo_folder(photo.pk)}/preview.jpg", make)


def _store(photo_id: uuid.UUID, folder: str, data: bytes, decoded: DecodedPhoto) -> Photo:
    """Write the files of a new photo and return its row, not yet saved and nobody's."""
    extension = files.ORIGINALS[decoded.format][0]
    lightness = encode.lightness_jpeg(decoded.pixels, settings.DISPLAY_MAX_SIDE)
    # What strokes begin with: workers need not read the original for them.
    small = output.encode(shrink(decoded.pixels, files.SMALL_SIDE), "png")
    storage.write(files.small_key(photo_id, files.SMALL_SIDE), small)
    photo = Photo(
        id=photo_id,
        width=decoded.width,
        height=decoded.height,
        is_grey=decoded.is_grey,
        pixels_sha256=pixels_hash(decoded),
        sha256=hashlib.sha256(data).hexdigest(),
        bytes=len(data),
        original=storage.write(f"{folder}/original.{extension}", data),
        format=decoded.format,
        bits=8 * decoded.pixels.itemsize,
        page=decoded.page,
        pages=decoded.pages,
        lightness=storage.write(f"{folder}/lightness.jpg", lightness),
    )
    photo.known = decoded.metadata
    return photo


def _give_to(photo: Photo, actor: Actor) -> None:
    if actor.user is not None:
        photo.owner = actor.user
    else:
        photo.guest_key = actor.guest_key
        photo.expires_at = timezone.now() + timedelta(hours=settings.GUEST_RETENTION_HOURS)
