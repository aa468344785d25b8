"""What is read of batches: their state as sockets and pages show it, and their photos."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.db.models import Case, QuerySet, Sum, When
from django.utils import timezone

from training.models import ModelVersion
from webapp.accounts.models import User
from webapp.batches.models import Batch, BatchItem
from webapp.realtime.messages import BatchItemState, BatchState, BatchStatus, ItemStatus


def batch_state(batch: Batch) -> BatchState:
    """Return a batch as events, snapshots and the API carry it."""
    return BatchState(
        batch=str(batch.pk),
        status=cast(BatchStatus, str(batch.status)),
        seq=batch.seq,
        total=batch.total,
        done=batch.done,
        failed=batch.failed,
        remaining=remaining_seconds(batch),
    )


def item_state(item: BatchItem) -> BatchItemState:
    """Return a photo of a batch as events and the API carry it."""
    return BatchItemState(
        number=item.number,
        name=item.name,
        status=cast(ItemStatus, str(item.status)),
        error=item.error,
    )


def remaining_seconds(batch: Batch, *, now: datetime | None = None) -> float | None:
    """Return how long the rest takes at the pace since work began or went on; None if unknown."""
    ended = batch.ended - batch.resumed_with
    if batch.status != Batch.Status.RUNNING or batch.resumed is None or ended <= 0:
        return None
    worked = ((now or timezone.now()) - batch.resumed).total_seconds()
    return round(batch.left * worked / ended, 1)


def choosable_models() -> QuerySet[ModelVersion]:
    """Return the model versions that a batch may ask for: the live one, then by age."""
    states = ModelVersion.State
    return ModelVersion.objects.filter(state__in=[states.LIVE, states.PUBLISHED]).order_by(
        Case(When(state=states.LIVE, then=0), default=1), "-created"
    )


def items_of(batch: Batch, *, status: str = "") -> QuerySet[BatchItem]:
    """Return a batch's photos in their order, those with ``status`` alone if one is given."""
    items = batch.items.select_related("model_version").defer("hints")
    return items.filter(status=status) if status else items


def bytes_kept(user: User) -> int:
    """Return what a user's batches take up: what was uploaded, and the results."""
    uploaded = Batch.objects.filter(owner=user).aggregate(total=Sum("bytes", default=0))
    results = BatchItem.objects.filter(batch__owner=user).aggregate(
        total=Sum("result_bytes", default=0)
    )
    return int(uploaded["total"] + results["total"])
