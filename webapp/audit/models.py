"""The audit log's rows: written once, never changed."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One thing that somebody did, in words that stay when what it was done to is gone."""

    class Action(models.TextChoices):
        """What was done."""

        MODEL_LIVE = "model_live", _("model made live")
        MODEL_ROLLED_BACK = "model_rolled_back", _("model rolled back")
        MODEL_PUBLISHED = "model_published", _("model published")
        MODEL_RETIRED = "model_retired", _("model retired")
        PHOTO_DELETED = "photo_deleted", _("photo deleted for good")
        BATCH_DELETED = "batch_deleted", _("batch deleted")
        ACCOUNT_DELETION_ASKED = "account_deletion_asked", _("deletion of an account asked for")
        ACCOUNT_DELETION_CANCELLED = (
            "account_deletion_cancelled",
            _("deletion of an account called off"),
        )
        ACCOUNT_DELETED = "account_deleted", _("account deleted")
        ACCOUNT_CLOSED = "account_closed", _("account closed")
        ACCOUNT_OPENED = "account_opened", _("account opened again")
        QUOTA_CHANGED = "quota_changed", _("limits changed")
        JOB_RETRIED = "job_retried", _("job tried again")
        JOB_CANCELLED = "job_cancelled", _("job cancelled")
        TOKEN_CREATED = "token_created", _("token made")
        TOKEN_REVOKED = "token_revoked", _("token revoked")

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty for guests, for the command line, and once the account is deleted.",
    )
    action = models.CharField(max_length=40, choices=Action.choices)
    subject = models.CharField(max_length=100, help_text="What it was done to: a name or an id.")
    detail = models.CharField(max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        """Order and name in the admin."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        verbose_name_plural = "entries"

    def __str__(self) -> str:
        """Return what was done to what."""
        return f"{self.action}: {self.subject}"
