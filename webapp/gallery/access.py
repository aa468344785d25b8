"""The only way to a label: missing and foreign ones look the same."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from webapp.accounts.actor import Actor
from webapp.photos.models import Label


class LabelNotFoundError(Exception):
    """There is no such tag or collection, or it is not the actor's: which one is not told."""


def labels_of(actor: Actor) -> QuerySet[Label]:
    """Return the actor's tags and collections, by name."""
    if actor.user is not None:
        return Label.objects.filter(owner=actor.user)
    if actor.guest_key:
        return Label.objects.filter(owner=None, guest_key=actor.guest_key)
    return Label.objects.none()


def access_label(actor: Actor, label_id: uuid.UUID) -> Label:
    """Return a tag or a collection that belongs to ``actor``.

    Raises:
        LabelNotFoundError: it does not exist, or is somebody else's.
    """
    label = labels_of(actor).filter(pk=label_id).first()
    if label is None:
        raise LabelNotFoundError
    return label
