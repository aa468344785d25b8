"""What was done to a model version: noted in the log, and sent to the receivers of a signal."""

from __future__ import annotations

from enum import StrEnum

import structlog
from django.contrib.auth.models import AbstractUser
from django.dispatch import Signal

from training.models import ModelVersion

log = structlog.get_logger(__name__)

model_changed = Signal()
"""Sent within the transaction of a change, so that what a receiver writes stands or falls with it.

The sender is :class:`ModelVersion`; ``actor``, ``model_version``, ``change`` and ``before`` (the
version that was live until then, if another one is now) come along.
"""


class Change(StrEnum):
    """What can be done to a version."""

    LIVE = "live"
    ROLLED_BACK = "rolled_back"
    PUBLISHED = "published"
    RETIRED = "retired"


def audit(
    actor: AbstractUser | None,
    model_version: ModelVersion,
    change: Change,
    before: ModelVersion | None = None,
) -> None:
    """Say what was done to a version: in the log, and by a signal.

    Args:
        actor: who did it; None on the command line and for the site itself.
        model_version: to which version.
        change: what.
        before: the version that was live until now.
    """
    what = _WORDS[change] % {"before": before.name if before else "none"}
    log.info("model_changed", model=model_version.name, what=what, actor=getattr(actor, "pk", None))
    model_changed.send(
        ModelVersion, actor=actor, model_version=model_version, change=change, before=before
    )


_WORDS = {
    Change.LIVE: "Made live; before: %(before)s.",
    Change.ROLLED_BACK: "Rolled back to; before: %(before)s.",
    Change.PUBLISHED: "Published.",
    Change.RETIRED: "Retired.",
}
