"""A batch as its workers have it."""

from datetime import timedelta

from django.utils import timezone

from webapp.batches import tasks
from webapp.batches.leases import claim
from webapp.batches.models import Batch


def take(batch):
    return claim(batch_id=batch.pk, now=timezone.now())


def work_off(batch, limit=50):
    """Work as one worker does, until nothing is left."""
    for _ in range(limit):
        if Batch.objects.get(pk=batch.pk).status not in Batch.WORKING:
            break
        tasks.work_on(str(batch.pk))
    return Batch.objects.get(pk=batch.pk)


def expire(batch):
    batch.items.filter(status="running").update(lease_until=timezone.now() - timedelta(seconds=1))


def statuses(batch):
    return [item.status for item in batch.items.all()]
