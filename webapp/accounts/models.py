"""The site's own user, custom from the first migration so that it can grow."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from training.models import ModelVersion


class User(AbstractUser):
    """A person with an account. An e-mail address, where one is given, belongs to one user.

    People sign in by e-mail; ``username`` fills itself and is shown to staff alone.
    """

    class Theme(models.TextChoices):
        """How bright the pages are."""

        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Format(models.TextChoices):
        """What a download is by default."""

        PNG = "png", "PNG"
        JPEG = "jpeg", "JPEG"
        WEBP = "webp", "WebP"
        TIFF = "tiff", "TIFF"

    class Metadata(models.TextChoices):
        """What results carry of a photo's dates, names and places."""

        ALL = "all", _("All that is known")
        NO_PLACE = "no_place", _("All but the place")
        NONE = "none", _("Nothing")

    language = models.CharField(
        max_length=10,
        blank=True,
        choices=settings.LANGUAGES,
        help_text="Of pages and mail; the browser's when empty.",
    )
    theme = models.CharField(
        max_length=10, blank=True, choices=Theme, help_text="The browser's choice when empty."
    )
    default_model = models.ForeignKey(
        ModelVersion,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="chosen_by",
        help_text="Colours this user's photos; the live one when empty.",
    )
    default_export = models.CharField(max_length=10, choices=Format, default=Format.PNG)
    default_metadata = models.CharField(
        max_length=10,
        choices=Metadata,
        default=Metadata.ALL,
        help_text="What results carry of a photo's dates, names and places.",
    )
    quota_bytes = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Bytes of originals and results; the site's when empty."
    )
    quota_photos = models.PositiveIntegerField(
        null=True, blank=True, help_text="Photos; the site's when empty."
    )
    quota_jobs_per_day = models.PositiveIntegerField(
        null=True, blank=True, help_text="Full-size results in 24 hours; the site's when empty."
    )
    guest_key = models.CharField(
        max_length=40,
        blank=True,
        editable=False,
        help_text="Of the guest who signed up; photos under it move here at the first sign-in.",
    )
    deletion_asked_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta(AbstractUser.Meta):
        """Names and constraints."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="accounts_email_unique"
            )
        ]


class JobCount(models.Model):
    """What a user, or all guests of a network, asked for in one hour."""

    actor_key = models.CharField(
        max_length=60, help_text="``Actor.key`` of a user, or ``network.`` and a guest's network."
    )
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="job_counts"
    )
    hour = models.DateTimeField(db_index=True)
    jobs = models.PositiveIntegerField(default=0, help_text="Full-size results.")
    photos = models.PositiveIntegerField(default=0, help_text="Uploads of guests.")

    class Meta:
        """One row an hour, whoever it is."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["actor_key", "hour"], name="accounts_one_job_count_an_hour"
            )
        ]

    def __str__(self) -> str:
        """Return the hour and the count."""
        return f"{self.hour}: {self.jobs}"


class DataExport(models.Model):
    """A ZIP of all that the site has of a user; made by a worker, kept for some days.

    A worker holds it until ``lease_until`` and renews that as it goes; one whose lease ran out is
    asked for again.
    """

    class Status(models.TextChoices):
        """Where an export stands."""

        QUEUED = "queued"
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"

    ALIVE: ClassVar[tuple[str, ...]] = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="exports")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    site = models.CharField(
        max_length=200, help_text="Where it was asked for, for the mail's link."
    )
    file = models.CharField(max_length=200, blank=True, help_text="Storage key of the ZIP.")
    bytes = models.PositiveBigIntegerField(default=0)
    created = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        """Order, and one at a time for each user."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(status__in=["queued", "running"]),
                name="accounts_one_export_at_a_time",
            )
        ]

    def __str__(self) -> str:
        """Return id and status."""
        return f"{self.id} ({self.status})"
