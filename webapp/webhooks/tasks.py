"""The webhooks' Celery task."""

from __future__ import annotations

import uuid

from celery import shared_task

from webapp.webhooks import services


@shared_task(name=services.TASK, soft_time_limit=60, time_limit=90)
def deliver(delivery_id: str) -> None:
    """Send a delivery."""
    services.deliver(delivery_id=uuid.UUID(delivery_id))
