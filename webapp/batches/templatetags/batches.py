"""Filters of the batches' pages: how a batch or one of its photos stands, in words."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webapp.batches.models import Batch, BatchItem

register = template.Library()

LabelText = str | Promise

BATCH: dict[str, LabelText] = {
    Batch.Status.QUEUED: _("waiting"),
    Batch.Status.RUNNING: _("running"),
    Batch.Status.PAUSED: _("paused"),
    Batch.Status.DONE: _("done"),
    Batch.Status.FAILED: _("failed"),
    Batch.Status.CANCELLED: _("cancelled"),
}
ITEM: dict[str, LabelText] = {
    BatchItem.Status.QUEUED: _("waiting"),
    BatchItem.Status.RUNNING: _("running"),
    BatchItem.Status.DONE: _("done"),
    BatchItem.Status.FAILED: _("failed"),
    BatchItem.Status.CANCELLED: _("cancelled"),
}


@register.filter
def batch_status(batch: Batch) -> LabelText:
    """Return where a batch stands."""
    return BATCH[batch.status]


@register.filter
def item_status(item: BatchItem) -> LabelText:
    """Return where a photo of a batch stands."""
    return ITEM[item.status]


@register.filter
def clock(seconds: float | None) -> str:
    """Return a duration as hours, minutes and seconds; a dash for one that cannot be told."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
