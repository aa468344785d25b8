"""What can be done with photos: add, rename, delete, and clear away what has expired."""

from __future__ import annotations

import hashlib
import re
import threading
import unicodedata
import uuid
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

import structlog
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.library import encode, files
from webapp.library.access import owner_key
from webapp.library.intake import Limits, Picture, take_in, too_many_bytes
from webapp.library.models import TITLE_LENGTH, Label, Photo
from webapp.library.quota import check_quota, lock_quota
from webapp.realtime.events import publish_on_commit, publish_to_owner
from webapp.studio.services import request_colorization

log = structlog.get_logger(__name__)

# A file without a row may belong to an upload that is still being committed; after this, it is
# what a killed process left.
ORPHAN_AGE = timedelta(hours=1)
# At the largest size one upload holds some 500 MB for a few seconds, so few may run at a time.
_INTAKE = threading.BoundedSemaphore(2)


def add_photo(*, actor: Actor, upload: UploadedFile[Any]) -> Photo:
    """Take in an uploaded picture, keep it as ``actor``'s, and ask for its first colouring.

    Raises:
        webapp.library.intake.IntakeError: it is not a picture we take.
        webapp.library.quota.QuotaExceeded: the actor may not add more.
        training.registry.NoLiveModel: there is no model to colour with.
    """
    if upload.size is not None and upload.size > settings.UPLOAD_MAX_BYTES:
        raise too_many_bytes(settings.UPLOAD_MAX_BYTES)
    check_quota(actor)
    photo_id = uuid.uuid4()
    folder = files.photo_folder(photo_id)
    try:
        with _INTAKE:
            picture = take_in(upload.read(), upload_limits())
            photo = _store(photo_id, folder, picture)
        photo.title = title_from(upload.name or "")
        _give_to(photo, actor)
        with transaction.atomic():
            lock_quota(actor)
            check_quota(actor, size=photo.bytes)
            photo.save(force_insert=True)
            request_colorization(photo=photo)
            publish_to_owner(actor.key, "added", [photo.pk])
    except BaseException:
        files.delete_folder(folder)
        raise
    log.info("photo_added", photo=str(photo.id), width=photo.width, height=photo.height)
    return photo


def rename_photo(*, photo: Photo, title: str) -> Photo:
    """Give ``photo`` another title."""
    photo.title = clean_title(title)
    photo.save(update_fields=["title", "updated"])
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
        Photo.objects.filter(pk=photo.pk).delete()
        transaction.on_commit(partial(files.delete_folder, folder))


def purge_guests() -> int:
    """Delete what guests left to expire: photos, sessions, and files that no photo owns.

    Returns:
        How many photos were deleted.
    """
    expired = list(Photo.objects.filter(owner=None, expires_at__lte=timezone.now()))
    for photo in expired:
        delete_photo(photo=photo, detail="a guest's time was over")
    Label.objects.filter(owner=None, photos=None, created__lte=_guests_past()).delete()
    orphans = _sweep_orphans()
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
    )


def pixels_hash(picture: Picture) -> str:
    """Return a hash that two uploads share when all their pixels are equal, whatever the files."""
    shape = "x".join(str(side) for side in picture.pixels.shape)
    return hashlib.sha256(shape.encode() + picture.pixels.tobytes()).hexdigest()


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


def _store(photo_id: uuid.UUID, folder: str, picture: Picture) -> Photo:
    """Write the files of a new photo and return its row, not yet saved and nobody's."""
    original = encode.png(picture.pixels)
    lightness = encode.lightness_jpeg(picture.pixels, settings.DISPLAY_MAX_SIDE)
    return Photo(
        id=photo_id,
        width=picture.width,
        height=picture.height,
        is_grey=picture.is_grey,
        pixels_sha256=pixels_hash(picture),
        sha256=hashlib.sha256(original).hexdigest(),
        bytes=len(original),
        original=files.write(f"{folder}/original.png", original),
        lightness=files.write(f"{folder}/lightness.jpg", lightness),
    )


def _guests_past() -> datetime:
    return timezone.now() - timedelta(hours=settings.GUEST_RETENTION_HOURS)


def _give_to(photo: Photo, actor: Actor) -> None:
    if actor.user is not None:
        photo.owner = actor.user
    else:
        photo.guest_key = actor.guest_key
        photo.expires_at = timezone.now() + timedelta(hours=settings.GUEST_RETENTION_HOURS)


def _sweep_orphans() -> int:
    """Delete folders that no photo owns; return how many."""
    folders = files.photo_folders()
    known = {str(pk) for pk in Photo.objects.values_list("pk", flat=True)} if folders else set()
    swept = 0
    for name in folders:
        if name in known:
            continue
        folder = files.photo_folder(name)
        newest = files.newest_file(folder)
        if newest is None or newest < timezone.now() - ORPHAN_AGE:
            files.delete_folder(folder)
            swept += 1
    return swept
