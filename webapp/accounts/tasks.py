"""What workers do for accounts."""

from __future__ import annotations

import uuid

from celery import shared_task

from webapp.accounts import exports


@shared_task(name=exports.TASK)
def export(export_id: str) -> None:
    """Make the ZIP of a user's data."""
    exports.make_export(export_id=uuid.UUID(export_id))
