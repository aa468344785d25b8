"""Copies of a photo that were coloured elsewhere: brought in, they become versions of it."""

from __future__ import annotations

import uuid
from typing import Any

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext

from colorizer import intake, output
from colorizer.apply import apply_colors
from colorizer.copies import NoMatchError, colors_of_copy
from colorizer.reference import NoColorsError
from webapp.accounts.actor import Actor
from webapp.accounts.quota import check_room, lock_quota
from webapp.common.storage import write
from webapp.photos.access import PhotoNotFoundError
from webapp.photos.files import photo_folder
from webapp.photos.models import Photo
from webapp.photos.services import decode, read_pixels, title_from, turn_to_upload
from webapp.studio.history import add_to_tree, json_bytes
from webapp.studio.leases import lock_photo
from webapp.studio.models import VERSION_NAME_LENGTH, Version
from webapp.studio.selectors import EMPTY_HINTS, hints_of

log = structlog.get_logger(__name__)


class CopyError(ValueError):
    """A file cannot give the photo its colours; the message says why, for people to read.

    Args:
        code: a stable word for programs.
        message: the sentence.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def bring_in_copy(*, photo: Photo, upload: UploadedFile[Any]) -> Version:
    """Make a version of a photo with the colours of a copy, and the photo's own lightness.

    Args:
        photo: whose copy it is.
        upload: the copy's file; it is not kept.

    Raises:
        CopyError: it is grey, or shows something else.
        colorizer.intake.IntakeError: it is not a photo that is taken.
        webapp.accounts.quota.QuotaExceededError: there is no room for it.
        webapp.common.gate.BusyError: others' photos come first.
        PhotoNotFoundError: the photo was deleted meanwhile.
    """
    if upload.size is not None and upload.size > settings.UPLOAD_MAX_BYTES:
        raise intake.too_many_bytes(settings.UPLOAD_MAX_BYTES)
    actor = Actor(user=photo.owner, guest_key=photo.guest_key)
    check_room(actor)
    with turn_to_upload(actor, upload):
        image = _joined(photo, upload.read())
    version = Version(photo=photo, hints=EMPTY_HINTS, width=photo.width, height=photo.height)
    version.name = title_from(upload.name or "")[:VERSION_NAME_LENGTH].rstrip()
    version.hints_bytes, version.bytes = json_bytes(EMPTY_HINTS), len(image)
    return _store(version, actor, image)


def _joined(photo: Photo, data: bytes) -> bytes:
    """Return the photo with the copy's colours as a PNG."""
    copy = decode(data)
    if copy.is_grey:
        raise _grey()
    pixels = read_pixels(photo)
    try:
        ab = colors_of_copy(pixels, copy.pixels)
    except NoColorsError:
        raise _grey() from None
    except NoMatchError:
        message = gettext(
            "This file does not show the same as the photo. A copy may have another size or a "
            "border, but it is not turned, mirrored or cut."
        )
        raise CopyError("other_photo", message) from None
    return output.encode(apply_colors(pixels, ab), "png")


def _grey() -> CopyError:
    return CopyError("grey_copy", gettext("This file is grey: it has no colours to bring in."))


def _store(version: Version, actor: Actor, image: bytes) -> Version:
    photo, version.pk = version.photo, uuid.uuid4()
    version.image = write(f"{photo_folder(photo.pk)}/versions/{version.pk}.png", image)
    try:
        with transaction.atomic():
            if not lock_photo(photo.pk):
                raise PhotoNotFoundError
            lock_quota(actor)
            check_room(actor, size=len(image))
            version.revision = hints_of(photo)[0]
            version.save(force_insert=True)
            add_to_tree(version=version)
    except BaseException:
        default_storage.delete(version.image)
        raise
    log.info("copy_brought_in", photo=str(photo.pk), version=str(version.pk))
    return version
