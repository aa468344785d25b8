"""What ends, and is told."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from webapp.batches.models import Batch
from webapp.studio.models import Version
from webapp.webhooks.models import Delivery
from webapp.webhooks.services import notify


@receiver(post_save, sender=Version, dispatch_uid="webapp.webhooks.version")
def on_version(instance: Version, created: bool, raw: bool, **_: Any) -> None:
    """Tell that a full-size result is there; guests have no webhooks."""
    owner_id = instance.photo.owner_id
    if created and not raw and owner_id is not None:
        about = {
            "photo": str(instance.photo_id),
            "version": str(instance.pk),
            "revision": instance.revision,
            "width": instance.width,
            "height": instance.height,
        }
        notify(owner_id=owner_id, event=Delivery.Event.PHOTO, subject=str(instance.pk), about=about)


@receiver(post_save, sender=Batch, dispatch_uid="webapp.webhooks.batch")
def on_batch(instance: Batch, raw: bool, **_: Any) -> None:
    """Tell that a batch has ended; one that was tried again ends again."""
    if raw or instance.status not in {Batch.Status.DONE, Batch.Status.FAILED}:
        return
    moment = instance.finished.timestamp() if instance.finished else 0
    about = {
        "batch": str(instance.pk),
        "status": instance.status,
        "total": instance.total,
        "done": instance.done,
        "failed": instance.failed,
    }
    notify(
        owner_id=instance.owner_id,
        event=Delivery.Event.BATCH,
        subject=f"{instance.pk}@{moment:.0f}",
        about=about,
    )
