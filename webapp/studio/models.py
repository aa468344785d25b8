"""The studio's rows: a photo's hints, the jobs that colour it, and what they made."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from training.models import ModelVersion
from webapp.photos.models import Photo

VERSION_NAME_LENGTH = 80


class Hints(models.Model):
    """The newest hint set of a photo; ``revision`` only rises, and 0 means none was saved yet."""

    photo = models.OneToOneField(
        Photo, primary_key=True, on_delete=models.CASCADE, related_name="hints"
    )
    revision = models.BigIntegerField(default=0)
    data = models.JSONField(help_text="A hint set as its schema says.")
    bytes = models.PositiveIntegerField(default=0, help_text="Of ``data``.")
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        """Name in the admin."""

        verbose_name_plural = "hints"

    def __str__(self) -> str:
        """Return the photo and the revision."""
        return f"{self.photo_id} @ {self.revision}"


class ModelChoice(models.Model):
    """The model version that a photo is coloured with, where one was chosen for it."""

    photo = models.OneToOneField(
        Photo, primary_key=True, on_delete=models.CASCADE, related_name="model_choice"
    )
    model_version = models.ForeignKey(ModelVersion, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        """Return the photo and the model version."""
        return f"{self.photo_id}: {self.model_version_id}"


class Job(models.Model):
    """One asked-for colouring, and the lease of the worker that does it.

    The row is the truth: a job runs for as long as its lease is renewed, and whoever writes shows
    the ``attempt`` it was given. ``seq`` rises with every change of ``status`` or ``revision``, so
    that a reader can tell an old event from a new one.
    """

    class Kind(models.TextChoices):
        """What a job makes."""

        CHROMA = "chroma"
        RENDER = "render"

    class Status(models.TextChoices):
        """Where a job stands."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        SUPERSEDED = "superseded"
        CANCELLED = "cancelled"

    ALIVE: ClassVar[tuple[str, ...]] = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    revision = models.BigIntegerField(help_text="Of the hints that it colours with.")
    hints = models.JSONField(null=True, blank=True, help_text="A render's own copy of the hints.")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    forgiven = models.PositiveIntegerField(
        default=0, help_text="Attempts before somebody had it tried again: they count no more."
    )
    seq = models.BigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    enqueued = models.DateTimeField(null=True, blank=True, help_text="When a worker was last told.")
    session_end = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Of a render that keeps a session of work: when its last hints were saved.",
    )
    error = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Order, indexes, and "latest wins" as constraints."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "lease_until"], name="studio_job_status_lease"),
            models.Index(fields=["finished"], name="studio_job_finished"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["photo"],
                condition=models.Q(kind="chroma", status="queued"),
                name="studio_one_queued_chroma_job",
            ),
            models.UniqueConstraint(
                fields=["photo"],
                condition=models.Q(kind="chroma", status="running"),
                name="studio_one_running_chroma_job",
            ),
            models.UniqueConstraint(
                fields=["photo", "revision", "model_version"],
                condition=models.Q(kind="render", status__in=["queued", "running"]),
                name="studio_one_render_job_alive",
            ),
        ]

    def __str__(self) -> str:
        """Return kind, id and status."""
        return f"{self.kind} {self.id} ({self.status})"


class Chroma(models.Model):
    """The newest chroma map of a photo: ab at the network's size, packed for the browser."""

    photo = models.OneToOneField(
        Photo, primary_key=True, on_delete=models.CASCADE, related_name="chroma"
    )
    revision = models.BigIntegerField()
    job = models.ForeignKey(Job, on_delete=models.RESTRICT, related_name="+")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    data = models.BinaryField(help_text="webapp.studio.chroma says how it is packed.")
    seconds = models.FloatField(help_text="What the network itself took.")

    class Meta:
        """Name in the admin."""

        verbose_name = "chroma map"

    def __str__(self) -> str:
        """Return the photo and the revision."""
        return f"{self.photo_id} @ {self.revision}"


class Version(models.Model):
    """A finished full-size result of a photo, kept as a PNG in the storage.

    A job made it with a model, or its colours were brought in from a copy coloured elsewhere: then
    it has neither.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="versions")
    job = models.OneToOneField(
        Job, null=True, blank=True, on_delete=models.RESTRICT, related_name="version"
    )
    parent = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="children",
        help_text="The version that its work went on from.",
    )
    name = models.CharField(max_length=VERSION_NAME_LENGTH, blank=True)
    revision = models.BigIntegerField()
    hints = models.JSONField()
    hints_bytes = models.PositiveIntegerField(default=0, help_text="Of ``hints``.")
    model_version = models.ForeignKey(
        ModelVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="None for colours that were brought in from a copy.",
    )
    image = models.CharField(max_length=200, help_text="Storage key of the PNG.")
    bytes = models.PositiveBigIntegerField(
        default=0, help_text="Of all its files, conversions included."
    )
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Order and constraints."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["photo", "revision", "model_version"],
                name="studio_one_version_per_revision_and_model",
            )
        ]

    def __str__(self) -> str:
        """Return the photo and the revision."""
        return f"{self.photo_id} @ {self.revision}"


class Branch(models.Model):
    """A place in a photo's work where its hints became those of an earlier version again."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="branches")
    since = models.BigIntegerField(help_text="The revision that begins it.")
    base = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="branches")

    class Meta:
        """Name in the admin, and constraints."""

        verbose_name_plural = "branches"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["photo", "since"], name="studio_one_branch_at_revision")
        ]

    def __str__(self) -> str:
        """Return the photo and the revision."""
        return f"{self.photo_id} from {self.since}"
