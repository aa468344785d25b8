"""Events of photos, from wherever they changed to the sockets that show them.

An event is a hint that rows have changed, never the truth: it may be lost, and it carries ids and
a job's few fields, never pictures.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, Literal, NotRequired, TypedDict

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from webapp.realtime.messages import JobState, PhotosChange

log = structlog.get_logger(__name__)

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


def send_event(group: str, event: Mapping[str, Any]) -> None:
    """Send an event to a group of sockets; a layer that is down is logged and no error."""
    try:
        async_to_sync(get_channel_layer().group_send)(group, dict(event))
    except Exception:  # rows are committed: a layer that is down costs promptness, nothing else
        log.exception("event_not_sent", group=group, what=event.get("what", event["type"]))
