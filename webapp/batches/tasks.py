"""The batches' Celery tasks: claim, do one thing, report, release."""

from __future__ import annotations

import uuid

from celery import shared_task

from webapp.batches import work
from webapp.batches.leases import claimed


@shared_task(name="batches.work", soft_time_limit=300, time_limit=330)
def work_on(batch_id: str) -> None:
    """Colour the next chunk of a batch."""
    with claimed(uuid.UUID(batch_id)) as lease:
        if lease is not None:
            work.colour(lease)


@shared_task(name="batches.preview", soft_time_limit=60, time_limit=90)
def preview(preview_id: str) -> None:
    """Colour a sample with a palette; what nobody waits for any more is let be."""
    work.make_preview(uuid.UUID(preview_id))
