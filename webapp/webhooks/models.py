"""Where users want to be told, and each thing that they are told."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

URL_LENGTH = 500


class Webhook(models.Model):
    """An address that is told when something of its owner's is finished."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks"
    )
    url = models.CharField(max_length=URL_LENGTH)
    secret = models.CharField(max_length=64, help_text="What deliveries are signed with.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Order."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]

    def __str__(self) -> str:
        """Return the id: addresses are private."""
        return str(self.id)


class Delivery(models.Model):
    """One thing that a webhook is told; tried again until it is taken, or often enough.

    The row is the truth: whoever sends it moves ``due`` into the future first, so that of several
    that come at once one sends, and one that dies is followed by another.
    """

    class Event(models.TextChoices):
        """What has happened."""

        PHOTO = "photo.finished", _("photo finished")
        BATCH = "batch.finished", _("batch finished")

    class Status(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting", _("waiting")
        DONE = "done", _("delivered")
        FAILED = "failed", _("given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=20, choices=Event)
    subject = models.CharField(max_length=80, help_text="Of what, so that it is told once.")
    payload = models.JSONField()
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due = models.DateTimeField(help_text="When it is tried next.")
    answer = models.CharField(max_length=200, blank=True, help_text="The last answer or error.")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Order, the reaper's index, and once for each thing."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        verbose_name_plural = "deliveries"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "due"], name="webhooks_status_due")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["webhook", "event", "subject"], name="webhooks_told_once"
            )
        ]

    def __str__(self) -> str:
        """Return event and status."""
        return f"{self.event} {self.id} ({self.status})"
