"""The only way to a batch: missing and foreign ones look the same."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from webapp.accounts.actor import Actor
from webapp.batches.models import Batch


class BatchNotFoundError(Exception):
    """There is no such batch, or it is not the actor's: which one is not told."""


def batches_of(actor: Actor) -> QuerySet[Batch]:
    """Return the batches that ``actor`` may see, newest first; guests have none."""
    if actor.user is None:
        return Batch.objects.none()
    return Batch.objects.filter(owner=actor.user)


def access_batch(actor: Actor, batch_id: uuid.UUID) -> Batch:
    """Return a batch that belongs to ``actor``.

    Raises:
        BatchNotFoundError: it does not exist, or belongs to somebody else.
    """
    batch = batches_of(actor).select_related("model_version").filter(pk=batch_id).first()
    if batch is None:
        raise BatchNotFoundError
    return batch
