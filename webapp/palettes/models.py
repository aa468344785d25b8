"""The rows of palettes."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

NAME_LENGTH = 60


class Palette(models.Model):
    """Colours that a user keeps by a name; with a token, whoever has the link sees them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="palettes"
    )
    name = models.CharField(max_length=NAME_LENGTH)
    colors = models.JSONField(default=list, help_text="As #rrggbb, in the user's order.")
    token = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of the link; empty without one."
    )
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Order, and one palette of a name for each user."""

        ordering: ClassVar[list[str | Lower]] = [Lower("name"), "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("owner", Lower("name"), name="palette_name_once"),
            models.UniqueConstraint(
                fields=["token"], condition=~models.Q(token=""), name="palette_token_once"
            ),
        ]

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address that the link leads to; only of a palette that is shared."""
        return reverse("palettes:shared", args=[self.token])
