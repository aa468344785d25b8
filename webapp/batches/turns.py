"""Whose batch comes next: that of the owner who has least in work and was served least lately."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q

from webapp.batches.models import Batch, BatchItem

REMEMBERED = timedelta(minutes=1)
LOOKED_AT = 500
Status = BatchItem.Status


def next_batch(batch_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Return the batch to work on when a message names one, which may have nothing left."""
    queued = BatchItem.objects.filter(batch=OuterRef("pk"), status=Status.QUEUED)
    at_work = Count("items__chunk", filter=Q(items__status=Status.RUNNING), distinct=True)
    waiting = list(
        Batch.objects.filter(Exists(queued), status__in=Batch.WORKING)
        .annotate(at_work=at_work)
        .filter(at_work__lt=settings.BATCH_PARALLEL_CHUNKS)
        .order_by("created")
        .values_list("pk", "owner_id", "created")[:LOOKED_AT]
    )
    if len({owner for _, owner, _ in waiting}) < 2:  # one owner's batches go by messages
        ids = [pk for pk, _, _ in waiting]
        return batch_id if batch_id in ids or not ids else ids[0]
    recent = Q(status=Status.RUNNING) | Q(finished__gt=now - REMEMBERED)
    items = BatchItem.objects.filter(recent).order_by().values("batch__owner_id")
    served = {
        owner: (running, ended)
        for owner, running, ended in items.annotate(
            running=Count("chunk", distinct=True, filter=Q(status=Status.RUNNING)),
            ended=Count("pk", filter=Q(finished__gt=now - REMEMBERED)),
        ).values_list("batch__owner_id", "running", "ended")
    }
    return min(waiting, key=lambda one: (*served.get(one[1], (0, 0)), one[2]))[0]
