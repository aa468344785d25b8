"""The rows of links."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.urls import reverse

from webapp.common.links import new_token
from webapp.photos.models import Photo


class Share(models.Model):
    """A link that shows a photo and its colours; without the row it opens nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="shares")
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    password = models.CharField(max_length=256, blank=True, help_text="As a hash; may be empty.")
    created = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        """Order."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]

    def __str__(self) -> str:
        """Return the id: the token is a secret."""
        return str(self.id)

    def get_absolute_url(self) -> str:
        """Return the address that the link leads to."""
        return reverse("shares:share", args=[self.token])
