"""What can be done with uploads: begin, append, make a photo of them, claim, and clear away."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from colorizer.intake import MIB, IntakeError, too_many_bytes
from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.accounts.quota import TooMuchInWorkError, check_quota, check_room
from webapp.common import storage
from webapp.photos.access import access_photo
from webapp.photos.models import Photo
from webapp.photos.services import add_photo
from webapp.uploads.access import access_upload, uploads_of
from webapp.uploads.models import NAME_LENGTH, Piece, Upload
from webapp.uploads.pieces import opened

log = structlog.get_logger(__name__)

ROOT = "uploads"
UNNAMED = "photo"
MAX_PIECES = 10_000
TAKING_PATIENCE = timedelta(minutes=2)
"""A photo is made in seconds: after this, whoever made it has gone, and another may try."""


class UploadConflictError(Exception):
    """The upload is not where the caller thinks; ``str()`` of it says how."""


def begin_upload(
    *, actor: Actor, size: int, name: str, purpose: Upload.Purpose, metadata: str = ""
) -> Upload:
    """Make room for a file that will come in pieces.

    Raises:
        IntakeError: it is empty, or larger than may be.
        webapp.accounts.quota.TooMuchInWorkError: too many are open.
        webapp.accounts.quota.QuotaExceededError: a photo more than the actor may keep.
    """
    if size == 0:
        raise IntakeError("empty", gettext_noop("The file is empty."))
    if size > max_bytes(purpose):
        raise too_many_bytes(max_bytes(purpose))
    check_quota(actor, photos=int(purpose == Upload.Purpose.PHOTO), size=size)
    waiting = uploads_of(actor).exclude(state=Upload.State.TAKEN).count()
    if waiting >= settings.UPLOADS_OPEN_PER_ACTOR:
        message = gettext("%(limit)d uploads are waiting to be finished, which is the limit.")
        message %= {"limit": settings.UPLOADS_OPEN_PER_ACTOR}
        raise TooMuchInWorkError("too_many_uploads", message)
    return Upload.objects.create(
        owner=actor.user,
        guest_key="" if actor.user else actor.guest_key,
        purpose=purpose,
        name=name.replace("\0", "")[:NAME_LENGTH],
        metadata=metadata,
        size=size,
        expires_at=_expiry(),
    )


def append(*, upload: Upload, offset: int, data: bytes) -> Upload:
    """Add a piece at the end of an upload; of two that come for one place, one is kept.

    Raises:
        UploadConflictError: the upload does not end at ``offset``, or takes no more pieces.
        IntakeError: the piece reaches beyond the upload's size.
        webapp.accounts.quota.QuotaExceededError: there is no room for it.
        webapp.common.disk.DiskFullError: the site has none.
    """
    if offset + len(data) > upload.size:
        message = gettext_noop("More bytes came than the upload was said to have.")
        raise IntakeError("too_many_bytes", message)
    if offset != upload.offset or upload.state != Upload.State.OPEN:
        raise UploadConflictError(gettext("The upload goes on from another place."))
    if not data:
        return upload
    check_room(owner_of(upload), size=len(data))
    key = default_storage.save(
        f"{upload_folder(upload.pk)}/{offset:013}-{secrets.token_hex(4)}", ContentFile(data)
    )
    try:
        with transaction.atomic():
            here = Upload.objects.filter(pk=upload.pk, offset=offset, state=Upload.State.OPEN)
            if not here.update(offset=offset + len(data), expires_at=_expiry()):
                raise UploadConflictError(gettext("The upload goes on from another place."))
            if upload.pieces.count() >= MAX_PIECES:
                raise UploadConflictError(gettext("The upload came in too many pieces."))
            Piece.objects.create(upload=upload, start=offset, size=len(data), key=key)
    except BaseException:
        default_storage.delete(key)
        raise
    upload.refresh_from_db()
    return upload


def take_photo(*, actor: Actor, upload: Upload, page: int = 1) -> Photo:
    """Make a photo of a complete upload; asked again, the answer is the same photo.

    Args:
        actor: whose it is.
        upload: which.
        page: of a PDF, from 1.

    Raises:
        UploadConflictError: it is not complete, no picture, or somebody is at it.
        webapp.photos.access.PhotoNotFoundError: the photo made of it has been deleted since.
        IntakeError: it is not a picture we take; the upload stays until it expires.
        webapp.accounts.quota.QuotaExceededError: the actor may not add more now.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    if upload.state == Upload.State.TAKEN and upload.photo_id:
        return access_photo(actor, upload.photo_id)
    if upload.purpose != Upload.Purpose.PHOTO or not upload.complete:
        raise UploadConflictError(gettext("The upload is not complete."))
    if not _begin_taking(upload):
        raise UploadConflictError(gettext("The photo is being made already."))
    try:
        with opened(upload) as file:
            picture = UploadedFile(file, name=_file_name(upload), size=upload.size)
            photo = add_photo(actor=actor, upload=picture, page=page)
    except BaseException:
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.OPEN)
        raise
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(state=Upload.State.TAKEN, photo_id=photo.pk)
        upload.pieces.all().delete()
        transaction.on_commit(partial(storage.delete_folder, upload_folder(upload.pk)))
    return photo


def claim(*, actor: Actor, upload_id: uuid.UUID) -> Upload:
    """Give a complete upload to the app that asks, which reads it with ``opened``.

    The actor sees it no more. The app calls :func:`release` when it has what it wants; else the
    upload goes when it expires, ``UPLOAD_RETENTION_HOURS`` from now.

    Raises:
        webapp.uploads.access.UploadNotFoundError: it does not exist, or is not the actor's.
        UploadConflictError: it is not complete, or somebody was quicker.
    """
    upload = access_upload(actor, upload_id)
    if not upload.complete:
        raise UploadConflictError(gettext("The upload is not complete."))
    fields = {
        "state": Upload.State.CLAIMED,
        "changed": timezone.now(),
        "expires_at": _expiry(),
    }
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.OPEN).update(**fields):
        raise UploadConflictError(gettext("The upload has been used already."))
    upload.refresh_from_db()
    return upload


def release(*, upload: Upload) -> None:
    """Delete an upload with its pieces."""
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).delete()
        transaction.on_commit(partial(storage.delete_folder, upload_folder(upload.pk)))


def release_all(*, user: User) -> None:
    """Delete every upload of a user, as when the account goes."""
    for upload in Upload.objects.filter(owner=user):
        release(upload=upload)


def give_uploads(*, guest_key: str, user: User) -> None:
    """Let a guest who signs in go on with what was being uploaded."""
    Upload.objects.filter(owner=None, guest_key=guest_key).update(owner=user, guest_key="")


def purge_uploads() -> int:
    """Delete uploads that have expired, and pieces that no upload owns; return how many."""
    expired = list(Upload.objects.filter(expires_at__lte=timezone.now()))
    for upload in expired:
        release(upload=upload)
    orphans = storage.sweep(ROOT, Upload.objects.all())
    if expired or orphans:
        log.info("uploads_purged", uploads=len(expired), orphans=orphans)
    return len(expired) + orphans


def owner_of(upload: Upload) -> Actor:
    """Return whose upload it is."""
    return Actor(user=upload.owner, guest_key=upload.guest_key)


def max_bytes(purpose: Upload.Purpose) -> int:
    """Return how large an upload may be."""
    if purpose == Upload.Purpose.ARCHIVE:
        return int(settings.UPLOAD_ARCHIVE_MAX_BYTES)
    return int(settings.UPLOAD_MAX_BYTES)


def upload_folder(upload_id: uuid.UUID | str) -> str:
    """Return the key under which the pieces of an upload are kept."""
    return f"{ROOT}/{upload_id}"


def too_large_piece() -> IntakeError:
    """Return the error for a request that carries more than a piece may have."""
    message = gettext_noop("A piece of an upload may have at most %(limit)d MB.")
    limit = settings.UPLOAD_PIECE_MAX_BYTES // MIB
    return IntakeError("too_large_piece", message, {"limit": limit})


def _file_name(upload: Upload) -> str:
    """Return a name that Django takes a file by; clients may send none, or only dots."""
    return upload.name.replace("\\", "/").rsplit("/", 1)[-1].strip(". ") or UNNAMED


def _begin_taking(upload: Upload) -> bool:
    now = timezone.now()
    gone = Q(state=Upload.State.TAKING, changed__lt=now - TAKING_PATIENCE)
    free = Upload.objects.filter(Q(state=Upload.State.OPEN) | gone, pk=upload.pk)
    return bool(free.update(state=Upload.State.TAKING, changed=now))


def _expiry() -> datetime:
    return timezone.now() + timedelta(hours=settings.UPLOAD_RETENTION_HOURS)
