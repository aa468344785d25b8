"""The workers' side of a batch: a chunk of photos read, run through the network together, saved.

Beside ``webapp.studio.inference``, whose networks it uses, the only module here that colours.
"""

from __future__ import annotations

import hashlib
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import structlog
from django.core.files.storage import default_storage
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image

from colorizer.color import Array, Bytes
from colorizer.engine import Colorizer, Prepared
from colorizer.hints import HintSet, rasterise
from training.registry import ModelUnusable
from webapp.accounts.actor import Actor
from webapp.batches import previews
from webapp.batches.files import result_key
from webapp.batches.leases import Chunk, Lease, Outcome, finish
from webapp.batches.models import Batch, BatchItem
from webapp.batches.palette import Palette
from webapp.batches.sources import SourceGone, Sources, sources_of
from webapp.batches.thumbnails import thumbnail_key
from webapp.library import files
from webapp.library.intake import IntakeError, take_in
from webapp.library.quota import QuotaExceeded, check_room
from webapp.library.services import upload_limits
from webapp.library.thumbnails import small_jpeg
from webapp.runtime.leases import LeaseLost
from webapp.studio.inference import PNG_LEVEL, colorizer_of
from webapp.studio.versions import FORMATS

PREVIEW_QUALITY = 90

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Ready:
    """A photo that the network can take."""

    item: BatchItem
    sha256: str
    rgb: Bytes
    prepared: Prepared
    planes: tuple[Array, Array]


def colour(lease: Lease) -> None:
    """Colour a chunk: each photo ends as done, or failed with its reason; the rest goes on.

    Raises:
        LeaseLost: the batch was cancelled, or another worker has the chunk.
    """
    chunk = lease.chunk
    with translation.override(chunk.batch.language):
        try:
            check_room(Actor(user=chunk.batch.owner))
            network = colorizer_of(chunk.model_version)
        except ModelUnusable:
            message = gettext("The model %(name)s cannot be used at the moment.")
            _fail_all(chunk, message % {"name": chunk.model_version.name})
            return
        except QuotaExceeded as error:
            _fail_all(chunk, str(error))
            return
        ready = _make_ready(lease, network)
        for one, ab in zip(ready, _predict(network, ready), strict=True):
            lease.check()
            with _failing(chunk, one.item):
                _keep(chunk, one, network.apply(one.rgb, ab))


def _make_ready(lease: Lease, network: Colorizer) -> list[_Ready]:
    """Read and prepare a chunk's photos; those that cannot be are failed and left out."""
    chunk, ready = lease.chunk, []
    with sources_of(chunk.batch) as sources:
        for item in chunk.items:
            lease.check()
            with _failing(chunk, item):
                ready.append(_prepare(chunk.batch, item, sources, network))
    return ready


def _prepare(batch: Batch, item: BatchItem, sources: Sources, network: Colorizer) -> _Ready:
    data = sources.read(item)
    pixels = take_in(data, upload_limits()).pixels
    rgb = np.asarray(Image.fromarray(pixels).convert("RGB"))
    prepared = network.prepare(rgb)
    planes = rasterise(hints_for(batch, item), prepared.height, prepared.width)
    return _Ready(item, hashlib.sha256(data).hexdigest(), rgb, prepared, planes)


def make_preview(preview_id: uuid.UUID) -> None:
    """Colour the sample of a preview, if somebody still waits for it."""
    asked = previews.sample_of(preview_id)
    if asked is None:
        return
    sample, model = asked
    try:
        network = colorizer_of(model)
        pixels = take_in(sample.data, previews.sample_limits()).pixels
        rgb = np.asarray(Image.fromarray(pixels).convert("RGB"))
        ab = network.predict(network.prepare(rgb), HintSet.parse(sample.hints))
        image = _encoded(network.apply(rgb, ab), "JPEG", quality=PREVIEW_QUALITY)
    except Exception:  # whatever it was, somebody waits for an answer
        log.exception("preview_failed", preview=str(preview_id))
        image = b""
    previews.keep_preview(preview_id=preview_id, image=image)


def hints_for(batch: Batch, item: BatchItem) -> HintSet:
    """Return the hints that a photo of a batch is coloured with."""
    if batch.hints == Batch.Hints.PALETTE:
        return Palette.model_validate(batch.palette).to_hints()
    return HintSet.empty if item.hints is None else HintSet.parse(item.hints)


def _predict(network: Colorizer, ready: list[_Ready]) -> list[Array]:
    if not ready:
        return []
    return network.predict_planes([one.prepared for one in ready], [one.planes for one in ready])


def _keep(chunk: Chunk, one: _Ready, pixels: Bytes) -> None:
    """Save a result, small too, and end its photo; what nobody wants any more is deleted."""
    chosen = FORMATS[chunk.batch.format]
    options = {"compress_level": PNG_LEVEL} if chosen.pillow == "PNG" else chosen.options
    data = _encoded(pixels, chosen.pillow, **options)
    key = result_key(chunk.batch.pk, one.item.pk, chunk.id, chosen.extension)
    outcome = Outcome(
        source_sha256=one.sha256,
        result=files.write(key, data),
        result_sha256=hashlib.sha256(data).hexdigest(),
        result_bytes=len(data),
        width=pixels.shape[1],
        height=pixels.shape[0],
    )
    small = files.write(thumbnail_key(key), small_jpeg(Image.fromarray(pixels)))
    if not finish(chunk=chunk, item=one.item, outcome=outcome):
        default_storage.delete(key)
        default_storage.delete(small)


def _encoded(pixels: Bytes, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


@contextmanager
def _failing(chunk: Chunk, item: BatchItem) -> Iterator[None]:
    """Fail a photo on any error of the block, with a sentence for people, and go on."""
    try:
        yield
    except LeaseLost:
        raise
    except (IntakeError, SourceGone) as error:
        _fail(chunk, item, str(error))
    except Exception:
        log.exception("photo_failed", batch=str(chunk.batch.pk), number=item.number)
        _fail(chunk, item, gettext("This photo could not be coloured. Please try again."))


def _fail_all(chunk: Chunk, error: str) -> None:
    for item in chunk.items:
        _fail(chunk, item, error)


def _fail(chunk: Chunk, item: BatchItem, error: str) -> None:
    finish(chunk=chunk, item=item, outcome=Outcome(error=error))
