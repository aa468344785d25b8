"""A palette tried on one sample before a batch is made of it: asked for, made by a worker, fetched.

What is in work stands in the cache and is gone after minutes: nothing is kept, and nobody waits for
more than the newest one.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache

from colorizer.hints import HintSet
from colorizer.intake import Limits, read
from training.models import ModelVersion
from training.registry.versions import live_model
from webapp.accounts.models import User
from webapp.common.queue import enqueue
from webapp.photos.services import INTAKE, INTAKE_PATIENCE

RETENTION_SECONDS = 600
MAX_PIXELS = 1_000_000
"""The network sees no more than 256 pixels a side, and the page shows some 400."""


@dataclass(frozen=True)
class Sample:
    """What a preview is made of; its pixels are still the file that was sent."""

    data: bytes
    hints: dict[str, Any]


@dataclass(frozen=True)
class Preview:
    """A preview as it stands: a JPEG once it is made, None until then; empty when it failed."""

    image: bytes | None


def ask_preview(
    *, owner: User, sample: bytes, hints: HintSet, model_version: ModelVersion | None
) -> uuid.UUID:
    """Have a sample coloured with hints; it takes the place of the one asked for before.

    References among them are photos that the owner may take colours from.

    Raises:
        colorizer.intake.IntakeError: the sample is not a picture we take, or too large.
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    with INTAKE.turn(f"user.{owner.pk}", seconds=INTAKE_PATIENCE):
        read(sample, sample_limits())
    model = model_version or live_model()
    preview_id = uuid.uuid4()
    newest = _newest_key(owner)
    cache.delete_many([_key(cache.get(newest, ""), part) for part in ("sample", "image")])
    cache.set(newest, str(preview_id), RETENTION_SECONDS)
    waiting = [_packed(sample), hints.to_json(), str(model.pk)]
    cache.set(_key(preview_id, "sample"), waiting, RETENTION_SECONDS)
    enqueue("batches.preview", preview_id, queue="interactive")
    return preview_id


def read_preview(*, owner: User, preview_id: uuid.UUID) -> Preview | None:
    """Return a user's preview as it stands; None if a newer one was asked for, or it is too old."""
    if cache.get(_newest_key(owner)) != str(preview_id):
        return None
    image = cache.get(_key(preview_id, "image"))
    return Preview(None if image is None else base64.b64decode(image))


def sample_of(preview_id: uuid.UUID) -> tuple[Sample, ModelVersion] | None:
    """Return what a worker is to colour; None if nobody waits for it any more."""
    waiting = cache.get(_key(preview_id, "sample"))
    if waiting is None:
        return None
    data, hints, model_id = waiting
    model = ModelVersion.objects.filter(pk=model_id).first()
    return (Sample(base64.b64decode(data), hints), model) if model else None


def keep_preview(*, preview_id: uuid.UUID, image: bytes) -> None:
    """Keep what a worker made for its user to fetch; empty for what could not be coloured."""
    cache.set(_key(preview_id, "image"), _packed(image), RETENTION_SECONDS)


def sample_limits() -> Limits:
    """Return what a sample may be."""
    return Limits(
        max_bytes=settings.BATCH_PREVIEW_MAX_BYTES,
        max_pixels=MAX_PIXELS,
        min_side=settings.UPLOAD_MIN_SIDE,
    )


def _packed(data: bytes) -> str:
    """Return bytes as the cache keeps them, which holds JSON."""
    return base64.b64encode(data).decode()


def _newest_key(owner: User) -> str:
    return f"batches.preview.of.{owner.pk}"


def _key(preview_id: uuid.UUID | str, part: str) -> str:
    return f"batches.preview.{preview_id}.{part}"
