"""Batches: what was asked for of many photos at once, and each photo's part in it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from training.models import ModelVersion
from webapp.accounts.models import User
from webapp.photos.models import Photo

NAME_LENGTH = 200
PATH_LENGTH = 400


class Batch(models.Model):
    """Many photos that are coloured alike, a chunk at a time, and kept for a while.

    The row is the truth; ``seq`` rises with each change of the batch or of one of its items, so
    that a reader can tell an old event from a new one.
    """

    class Status(models.TextChoices):
        """Where a batch stands; it has failed when nothing of it could be coloured."""

        QUEUED = "queued"
        RUNNING = "running"
        PAUSED = "paused"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Format(models.TextChoices):
        """What the results are saved as."""

        PNG = "png", "PNG"
        JPEG = "jpeg", "JPEG"
        WEBP = "webp", "WebP"
        TIFF = "tiff", "TIFF"

    class Hints(models.TextChoices):
        """Where hints come from."""

        NONE = "none"
        PALETTE = "palette"
        FILES = "files"
        REFERENCES = "references"

    class Mark(models.TextChoices):
        """Where results say for all to see that a model coloured them."""

        NONE = "none", _("No mark")
        CORNER = "corner", _("A note in the corner")
        CAPTION = "caption", _("A line below the photo")

    WORKING: ClassVar[tuple[str, ...]] = (Status.QUEUED, Status.RUNNING)
    ALIVE: ClassVar[tuple[str, ...]] = (*WORKING, Status.PAUSED)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="batches"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    language = models.CharField(max_length=10, help_text="Of the reasons why photos failed.")
    model_version = models.ForeignKey(
        ModelVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty: whichever is live when a photo's turn comes.",
    )
    format = models.CharField(max_length=10, choices=Format.choices, default=Format.PNG)
    quality = models.PositiveSmallIntegerField(default=95, help_text="Of JPEG and WebP.")
    metadata = models.CharField(
        max_length=10,
        choices=User.Metadata,
        default=User.Metadata.ALL,
        help_text="What results carry of it.",
    )
    mark = models.CharField(
        max_length=10, choices=Mark, default=Mark.NONE, help_text="Visible on results."
    )
    keep_photos = models.BooleanField(
        default=False, help_text="The ZIP's photos are put into the gallery, with their hints."
    )
    hints = models.CharField(max_length=10, choices=Hints.choices, default=Hints.NONE)
    references = models.JSONField(
        default=list, blank=True, help_text="Ids of the photos whose colours it takes."
    )
    strength = models.FloatField(default=1.0, help_text="Of those colours, from 0 to 1.")
    palette = models.JSONField(null=True, blank=True, help_text="docs/reference/palette.md")
    archive = models.CharField(max_length=200, blank=True, help_text="Storage key of the ZIP.")
    bytes = models.PositiveBigIntegerField(default=0, help_text="Of what was uploaded for it.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    seq = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    enqueued = models.DateTimeField(null=True, blank=True, help_text="When a worker was last told.")
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)
    # What the pace is measured from: pauses do not count.
    resumed = models.DateTimeField(null=True, blank=True)
    resumed_with = models.PositiveIntegerField(default=0, help_text="Photos that were ended then.")

    class Meta:
        """Order, names and indexes."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        verbose_name_plural = "batches"
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "-created"], name="batches_batch_owner_created"),
            models.Index(fields=["status", "enqueued"], name="batches_batch_status"),
        ]

    def __str__(self) -> str:
        """Return id and status: names are private, and this is what logs and the admin show."""
        return f"{self.id} ({self.status})"

    def get_absolute_url(self) -> str:
        """Return the address of the batch's page."""
        return reverse("batches:batch", args=[self.id])

    @property
    def ended(self) -> int:
        """How many photos are done or have failed."""
        return self.done + self.failed

    @property
    def left(self) -> int:
        """How many photos wait or are being worked on."""
        return 0 if self.status == self.Status.CANCELLED else self.total - self.ended

    @property
    def kept_until(self) -> datetime:
        """When the batch is deleted with its files, unless it goes on."""
        return (self.finished or self.created) + timedelta(days=settings.BATCH_RETENTION_DAYS)


class BatchItem(models.Model):
    """One photo of a batch; where it comes from, who works on it, and what became of it.

    Its picture is the ZIP's ``entry``, or else the library's ``photo``; a ZIP's has both once it
    was put into the gallery. A worker that takes items
    marks them with a ``chunk`` of its own, and whoever writes shows it.
    """

    class Status(models.TextChoices):
        """Where a photo stands."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ALIVE: ClassVar[tuple[str, ...]] = (Status.QUEUED, Status.RUNNING)

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveIntegerField(help_text="From 1, in the order of the names.")
    name = models.CharField(max_length=PATH_LENGTH, help_text="Path within the folder or the ZIP.")
    raw_name = models.BinaryField(default=b"", help_text="The name as it is in the ZIP.")
    output = models.CharField(max_length=PATH_LENGTH, help_text="Path of the result.")
    entry = models.PositiveIntegerField(null=True, blank=True, help_text="Place in the ZIP.")
    page = models.PositiveIntegerField(default=1, help_text="Of a PDF in the ZIP.")
    photo = models.ForeignKey(
        Photo, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hints = models.JSONField(null=True, blank=True, help_text="This photo's own hint set.")
    shape = models.CharField(max_length=10, blank=True, help_text="Alike for photos of one chunk.")
    pixels = models.PositiveBigIntegerField(default=0, help_text="As the header says; 0: unknown.")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    error = models.TextField(blank=True, help_text="In the language of the batch.")
    attempt = models.PositiveIntegerField(default=0)
    chunk = models.UUIDField(null=True, blank=True, help_text="Of the worker that has it.")
    lease_until = models.DateTimeField(null=True, blank=True)
    model_version = models.ForeignKey(
        ModelVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Resolved when its turn comes; a second attempt keeps it.",
    )
    software = models.CharField(max_length=60, blank=True, help_text="That made the result.")
    source_sha256 = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=200, blank=True, help_text="Storage key.")
    result_sha256 = models.CharField(max_length=64, blank=True)
    result_bytes = models.PositiveBigIntegerField(default=0)
    width = models.PositiveIntegerField(default=0, help_text="Of the result.")
    height = models.PositiveIntegerField(default=0, help_text="Of the result.")
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Order, indexes and constraints."""

        ordering: ClassVar[list[str]] = ["number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["batch", "status", "number"], name="batches_item_batch_status"),
            models.Index(fields=["status", "lease_until"], name="batches_item_status_lease"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "number"], name="batches_item_number"),
            models.UniqueConstraint(fields=["batch", "output"], name="batches_item_output"),
        ]

    def __str__(self) -> str:
        """Return the batch, the number and the status: names are private."""
        return f"{self.batch_id} #{self.number} ({self.status})"
