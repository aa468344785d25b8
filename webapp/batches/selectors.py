"""What is read of batches: their state as sockets and pages show it, and their photos."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from colorizer.hints import HintSet
from webapp.batches.models import Batch, BatchItem
from webapp.batches.palette import Palette
from webapp.common.websocket.messages import BatchItemState, BatchState, BatchStatus, ItemStatus
from webapp.photos.addresses import public_address


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


def items_of(batch: Batch, *, status: str = "") -> QuerySet[BatchItem]:
    """Return a batch's photos in their order, those with ``status`` alone if one is given."""
    items = batch.items.select_related("model_version").defer("hints")
    return items.filter(status=status) if status else items


def hints_for(batch: Batch, item: BatchItem) -> HintSet:
    """Return the hints that a photo of a batch is coloured with."""
    if batch.hints == Batch.Hints.PALETTE:
        return Palette.model_validate(batch.palette).to_hints()
    if batch.hints == Batch.Hints.REFERENCES:
        return hints_like(batch.references, strength=batch.strength)
    return HintSet.empty if item.hints is None else HintSet.parse(item.hints)


def hints_like(references: Sequence[str], *, strength: float = 1.0) -> HintSet:
    """Return the hint set of a photo that takes the colours of others, and has no hint itself.

    Args:
        references: ids of those photos.
        strength: of their colours, from 0 to 1.

    Raises:
        colorizer.hints.HintError: they are too many, or not ids.
    """
    data = {"version": 2, "references": list(references), "strength": strength, "hints": []}
    return HintSet.parse(data)


def hints_address(batch: Batch, item: BatchItem) -> str:
    """Return where that hint set can be had."""
    return public_address(reverse("api:get_batch_hints", args=[batch.pk, item.number]))
