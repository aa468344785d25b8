"""Events of photos, from wherever they changed to the sockets that show them.

They carry ids and a job's few fields, never pictures.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from functools import partial
from typing import Literal, NotRequired, TypedDict

from django.db import transaction

from webapp.common.websocket.events import send_event
from webapp.common.websocket.messages import JobState, PhotosChange

What = Literal["job", "hints", "chroma", "version", "removed"]


class PhotoEvent(TypedDict):
    """What the layer carries; ``type`` names the consumer's method."""

    type: Literal["photo.changed"]
    what: What
    job: NotRequired[JobState]
    sender: NotRequired[str]


class PhotosEvent(TypedDict):
    """What happened to photos of one owner; ``type`` names the consumer's method."""

    type: Literal["photos.changed"]
    what: PhotosChange
    ids: list[str]


def photo_group(photo_id: uuid.UUID | str) -> str:
    """Return the name of the group of sockets that show a photo."""
    return f"photo.{photo_id}"


def owner_group(key: str) -> str:
    """Return the name of the group of sockets of one actor, by :attr:`Actor.key`."""
    return f"me.{key}"


def publish_to_owner(key: str, what: PhotosChange, ids: Iterable[uuid.UUID]) -> None:
    """Tell the sockets of photos' owner, once the running transaction has been committed.

    Args:
        key: of whose photos they are.
        what: what happened to them.
        ids: which photos.
    """
    names = [str(one) for one in ids]
    if key and names:
        event = PhotosEvent(type="photos.changed", what=what, ids=names)
        transaction.on_commit(partial(send_event, owner_group(key), event))


def publish_on_commit(
    photo_id: uuid.UUID,
    what: What,
    *,
    job: JobState | None = None,
    sender: str = "",
) -> None:
    """Tell the photo's sockets, once the running transaction has been committed.

    Args:
        photo_id: whose sockets.
        what: which of the photo's rows changed.
        job: the state of the job that changed it.
        sender: the channel that caused the change and need not hear of it.
    """
    event = PhotoEvent(type="photo.changed", what=what)
    if job is not None:
        event["job"] = job
    if sender:
        event["sender"] = sender
    transaction.on_commit(partial(send_event, photo_group(photo_id), event))
