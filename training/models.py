"""What the laboratory publishes: immutable model versions."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class ModelVersion(models.Model):
    """A model's weights and card as they were registered; only ``state`` ever changes.

    ``folder`` is ``shipped:<name>`` for a model that comes with the code, else a path, relative to
    ``MODEL_DIR`` unless absolute.
    """

    class State(models.TextChoices):
        """Where a version stands; the site colours with the one that is live."""

        DRAFT = "draft"
        PUBLISHED = "published"
        LIVE = "live"
        RETIRED = "retired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    sha256 = models.CharField(max_length=64, help_text="Of model.onnx.")
    folder = models.CharField(max_length=500)
    net = models.CharField(max_length=100)
    card = models.JSONField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    created = models.DateTimeField(auto_now_add=True)
    went_live = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Order and constraints."""

        ordering: ClassVar[list[str]] = ["-created", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["state"],
                condition=models.Q(state="live"),
                name="training_one_live_model",
            )
        ]

    def __str__(self) -> str:
        """Return the version's name."""
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether the site colours with this version now."""
        return self.state == self.State.LIVE
