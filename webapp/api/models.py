"""The API's rows: tokens, and the answers that are kept for requests sent again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

NAME_LENGTH = 60
KEY_LENGTH = 255


class Token(models.Model):
    """A personal token: what a program shows in place of a password. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    prefix = models.CharField(max_length=20, help_text="How it begins, to tell it from others.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    scopes = models.JSONField(help_text="What it may do.")
    created = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Order and name in the admin."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        verbose_name = "API token"

    def __str__(self) -> str:
        """Return how the token begins."""
        return f"{self.prefix}…"

    def is_valid(self, now: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


class IdempotencyRecord(models.Model):
    """What a POST with an ``Idempotency-Key`` was answered, for the same request sent again."""

    actor = models.CharField(max_length=80, help_text="Actor.key of whoever sent it.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="The user, whose answers go with the account; empty for guests.",
    )
    key = models.CharField(max_length=KEY_LENGTH)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of the request.")
    status = models.PositiveSmallIntegerField(null=True, help_text="Empty while it is answered.")
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)
    created = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        """Constraints; the table keeps the name that it was made under."""

        db_table = "api_keptanswer"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["actor", "key"], name="api_one_answer_a_key")
        ]

    def __str__(self) -> str:
        """Return the key."""
        return self.key
