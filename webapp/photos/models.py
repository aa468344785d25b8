"""The photo: what was uploaded, and where its files are; and what people sort photos by."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from colorizer.metadata.fields import Metadata
from webapp.photos.addresses import photo_address

TITLE_LENGTH = 200
LABEL_LENGTH = 60


class Label(models.Model):
    """A name that its owner gives to photos: a tag, or a collection that they are put in."""

    class Kind(models.TextChoices):
        """What it is to people."""

        TAG = "tag"
        COLLECTION = "collection"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="labels",
    )
    guest_key = models.CharField(max_length=40, blank=True, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=LABEL_LENGTH)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Order, and one of a name."""

        ordering: ClassVar[list[Lower | str]] = [Lower("name"), "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                "owner",
                "kind",
                Lower("name"),
                condition=models.Q(owner__isnull=False),
                name="library_label_of_user",
            ),
            models.UniqueConstraint(
                "guest_key",
                "kind",
                Lower("name"),
                condition=models.Q(owner__isnull=True),
                name="library_label_of_guest",
            ),
        ]

    def __str__(self) -> str:
        """Return the id: names are private."""
        return str(self.id)


class Photo(models.Model):
    """An uploaded photograph; its files are written once and never change.

    It belongs to a user, or to the guest who holds ``guest_key`` and then expires.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="photos",
    )
    guest_key = models.CharField(max_length=40, blank=True, db_index=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    is_grey = models.BooleanField(help_text="Every pixel of the upload was neutral grey.")
    starred = models.BooleanField(default=False)
    trashed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    labels = models.ManyToManyField(Label, related_name="photos", blank=True)
    pixels_sha256 = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="Of the pixels: equal photos share it."
    )
    sha256 = models.CharField(max_length=64, help_text="Of the file under ``original``.")
    bytes = models.PositiveBigIntegerField(help_text="Size of the file under ``original``.")
    original = models.CharField(max_length=200, help_text="Storage key: the file as uploaded.")
    format = models.CharField(max_length=12, default="PNG", help_text="Of that file.")
    metadata = models.JSONField(
        default=dict, blank=True, help_text="Known fields: colorizer.metadata.fields."
    )
    bits = models.PositiveSmallIntegerField(default=8, help_text="Of a sample: 8 or 16.")
    page = models.PositiveIntegerField(default=1, help_text="Which of the file's pages it is.")
    pages = models.PositiveIntegerField(default=1, help_text="That the file has.")
    # What lists sort and search by, out of the metadata.
    taken = models.CharField(max_length=25, blank=True, help_text="ISO 8601 as far as known.")
    words = models.TextField(blank=True, help_text="Title, caption, people, place, keywords.")
    lightness = models.CharField(max_length=200, help_text="Storage key: JPEG of L * 2.55.")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True, help_text="New colours, or another title.")

    class Meta:
        """Order, indexes and constraints."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner", "-created"], name="library_photo_owner_created"),
            models.Index(fields=["owner", "-updated"], name="library_photo_owner_updated"),
            models.Index("owner", Lower("title"), "id", name="library_photo_owner_title"),
            models.Index(fields=["owner", "-taken"], name="library_photo_owner_taken"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=(
                    models.Q(owner__isnull=False, guest_key="")
                    | (models.Q(owner__isnull=True) & ~models.Q(guest_key=""))
                ),
                name="library_photo_owner_xor_guest",
            )
        ]

    def __str__(self) -> str:
        """Return the id: titles are private, and this is what logs and the admin show."""
        return str(self.id)

    def get_absolute_url(self) -> str:
        """Return the address of the photo's page."""
        return photo_address("photo", self.id)

    @property
    def known(self) -> Metadata:
        """What is known about the photo besides its pixels."""
        return Metadata.of(self.metadata)

    @known.setter
    def known(self, known: Metadata) -> None:
        self.metadata, self.taken, self.words = known.to_json(), known.taken, known.words
