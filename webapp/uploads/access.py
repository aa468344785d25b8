"""The only way to an upload: missing, expired and foreign ones look the same."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils import timezone

from webapp.accounts.actor import Actor
from webapp.uploads.models import Upload


class UploadNotFoundError(Exception):
    """There is no such upload, or it is not the actor's: which one is not told."""


def uploads_of(actor: Actor) -> QuerySet[Upload]:
    """Return the uploads of ``actor`` that have not expired and that no app has claimed."""
    alive = Upload.objects.filter(expires_at__gt=timezone.now()).exclude(state=Upload.State.CLAIMED)
    if actor.user is not None:
        return alive.filter(owner=actor.user)
    if actor.guest_key:
        return alive.filter(owner=None, guest_key=actor.guest_key)
    return alive.none()


def access_upload(actor: Actor, upload_id: uuid.UUID) -> Upload:
    """Return an upload that belongs to ``actor``.

    Raises:
        UploadNotFoundError: it does not exist, has expired, is claimed, or belongs to somebody
            else.
    """
    upload = uploads_of(actor).filter(pk=upload_id).first()
    if upload is None:
        raise UploadNotFoundError
    return upload
