"""What training's registry does, put down in the audit log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.dispatch import receiver

from training.models import ModelVersion
from training.registry.signals import Change, model_changed
from webapp.audit.models import Entry
from webapp.audit.services import record

ACTIONS = {
    Change.LIVE: Entry.Action.MODEL_LIVE,
    Change.ROLLED_BACK: Entry.Action.MODEL_ROLLED_BACK,
    Change.PUBLISHED: Entry.Action.MODEL_PUBLISHED,
    Change.RETIRED: Entry.Action.MODEL_RETIRED,
}


@receiver(model_changed, dispatch_uid="webapp.models.model_changed")
def on_model_changed(
    *,
    actor: AbstractUser | None,
    model_version: ModelVersion,
    change: Change,
    before: ModelVersion | None,
    **_: Any,
) -> None:
    """Note what the laboratory's registry did to a model version."""
    record(
        actor=actor,
        action=ACTIONS[change],
        subject=model_version.name,
        detail=f"before: {before.name}" if before else "",
    )
