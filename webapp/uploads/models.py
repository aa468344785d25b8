"""An upload in pieces: how far it is, and where its pieces are."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

NAME_LENGTH = 255


class Upload(models.Model):
    """A file on its way; ``offset`` is how many bytes have arrived for good.

    It belongs to a user or to the guest who holds ``guest_key``, and is deleted when it expires.
    """

    class Purpose(models.TextChoices):
        """What it is to become, which decides how large it may be."""

        PHOTO = "photo"
        ARCHIVE = "archive"

    class State(models.TextChoices):
        """Whether pieces are taken, somebody makes a photo of it, or an app has claimed it."""

        OPEN = "open"
        TAKING = "taking"
        TAKEN = "taken"
        CLAIMED = "claimed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="uploads",
    )
    guest_key = models.CharField(max_length=40, blank=True, db_index=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.PHOTO)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    name = models.CharField(max_length=NAME_LENGTH, blank=True)
    metadata = models.TextField(blank=True, help_text="Upload-Metadata as the client sent it.")
    size = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField(default=0)
    photo_id = models.UUIDField(null=True, blank=True, help_text="What was made of it.")
    changed = models.DateTimeField(auto_now_add=True, help_text="When ``state`` last changed.")
    expires_at = models.DateTimeField(db_index=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Constraints."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(offset__lte=models.F("size")), name="uploads_offset_within_size"
            )
        ]

    def __str__(self) -> str:
        """Return the id: names are private."""
        return str(self.id)

    @property
    def complete(self) -> bool:
        """Whether all of it has arrived."""
        return self.offset == self.size


class Piece(models.Model):
    """Consecutive bytes of an upload, in a file of their own: stores like S3 cannot append."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="pieces")
    start = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()
    key = models.CharField(max_length=200, help_text="Storage key.")

    class Meta:
        """Order and constraints."""

        ordering: ClassVar[list[str]] = ["start"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["upload", "start"], name="uploads_one_piece_a_place")
        ]

    def __str__(self) -> str:
        """Return the upload and the place."""
        return f"{self.upload_id} @ {self.start}"
