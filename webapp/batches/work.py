"""The workers' side of a batch: a chunk of photos read, run through the network together, saved.

Beside ``webapp.studio.inference``, whose networks it uses, the only module here that colours.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext
from PIL import Image

from colorizer import intake, output
from colorizer.color import Array, Pixels, to_8_bits
from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.intake import DecodedPhoto, IntakeError
from colorizer.metadata.fields import Carry, Metadata
from colorizer.output import FormatLimitError
from colorizer.prepared import Prepared
from colorizer.raster import HintPlanes, rasterise
from training.leases import LeaseLostError
from training.registry.versions import ModelUnusableError
from webapp.accounts.actor import Actor
from webapp.accounts.quota import QuotaExceededError, check_room
from webapp.batches import previews
from webapp.batches.files import result_key
from webapp.batches.leases import Chunk, Lease, Outcome, finish
from webapp.batches.models import Batch, BatchItem
from webapp.batches.selectors import hints_address, hints_for
from webapp.batches.sources import SourceGoneError, Sources, sources_of
from webapp.batches.thumbnails import thumbnail_key
from webapp.common import storage
from webapp.photos.models import Photo
from webapp.photos.services import keep_photo, upload_limits
from webapp.photos.thumbnails import small_jpeg
from webapp.studio.inference import colorizer_of, references_among
from webapp.studio.services import save_hints
from webapp.studio.signing import signed
from webapp.studio.versions import provenance_of

PREVIEW_QUALITY = 90

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Ready:
    """A photo that the network can take."""

    item: BatchItem
    sha256: str
    data: bytes
    decoded: DecodedPhoto
    metadata: Metadata
    prepared: Prepared
    planes: HintPlanes


def colour(lease: Lease) -> None:
    """Colour a chunk: each photo ends as done, or failed with its reason; the rest goes on.

    Raises:
        LeaseLostError: the batch was cancelled, or another worker has the chunk.
    """
    chunk = lease.chunk
    with translation.override(chunk.batch.language):
        try:
            check_room(Actor(user=chunk.batch.owner))
            network = colorizer_of(chunk.model_version)
        except ModelUnusableError:
            message = gettext("The model %(name)s cannot be used at the moment.")
            _fail_all(chunk, message % {"name": chunk.model_version.name})
            return
        except QuotaExceededError as error:
            _fail_all(chunk, str(error))
            return
        ready = _make_ready(lease, network)
        for one, ab in zip(ready, _predict(network, ready), strict=True):
            lease.check()
            with _failing(chunk, one.item):
                _keep(chunk, one, network.apply(one.decoded.pixels, ab))


def _make_ready(lease: Lease, network: Colorizer) -> list[_Ready]:
    """Read and prepare a chunk's photos; those that cannot be are failed and left out."""
    chunk, ready = lease.chunk, []
    with sources_of(chunk.batch) as sources:
        for item in chunk.items:
            lease.check()
            with _failing(chunk, item):
                ready.append(_prepare(chunk, item, sources, network))
    return ready


def _prepare(chunk: Chunk, item: BatchItem, sources: Sources, network: Colorizer) -> _Ready:
    batch = chunk.batch
    data = sources.read(item)
    photo = intake.read(data, upload_limits(), page=item.photo.page if item.photo else item.page)
    pixels = photo.pixels
    output.check_format(_format_of(batch), pixels.shape[1], pixels.shape[0])
    prepared = network.prepare(pixels)
    hint_set = hints_for(batch, item)
    if hint_set.references:
        owned = Photo.objects.filter(owner=batch.owner)
        references = references_among(owned, hint_set.references, chunk.model_version)
        prepared = prepared.guided_by(references, hint_set.strength)
    planes = rasterise(hint_set, prepared.height, prepared.width)
    # Of a photo of the library, people may have said more than its file does.
    known = item.photo.known if item.photo else photo.metadata
    digest = hashlib.sha256(data).hexdigest()
    return _Ready(item, digest, data if batch.keep_photos else b"", photo, known, prepared, planes)


def make_preview(preview_id: uuid.UUID) -> None:
    """Colour the sample of a preview, if somebody still waits for it."""
    requested = previews.sample_of(preview_id)
    if requested is None:
        return
    sample, model = requested
    try:
        network = colorizer_of(model)
        pixels = to_8_bits(intake.read(sample.data, previews.sample_limits()).pixels)
        hint_set = HintSet.parse(sample.hints)
        references = references_among(Photo.objects.all(), hint_set.references, model)
        inputs = network.prepare(pixels, references=references, strength=hint_set.strength)
        ab = network.predict(inputs, hint_set)
        options = output.OutputOptions(quality=PREVIEW_QUALITY)
        image = output.encode(network.apply(pixels, ab), "jpeg", options=options)
    except Exception:  # whatever it was, somebody waits for an answer
        log.exception("preview_failed", preview=str(preview_id))
        image = b""
    previews.keep_preview(preview_id=preview_id, image=image)


def _predict(network: Colorizer, ready: list[_Ready]) -> list[Array]:
    if not ready:
        return []
    return network.predict_planes([one.prepared for one in ready], [one.planes for one in ready])


def _keep(chunk: Chunk, one: _Ready, pixels: Pixels) -> None:
    """Save a result, small too, and end its photo; what nobody wants any more is deleted."""
    name, hints = _format_of(chunk.batch), hints_for(chunk.batch, one.item)
    hint_set = hints_address(chunk.batch, one.item) if hints.hints else ""
    provenance = provenance_of(chunk.model_version, hints.to_json(), hint_set=hint_set)
    mark = output.Mark.at(_place_of(chunk.batch), gettext)
    if mark is not None:
        pixels = output.draw_mark(pixels, mark)
    data = output.encode(
        pixels,
        name,
        metadata=one.metadata.carried(_carry_of(chunk.batch)),
        options=output.OutputOptions(quality=chunk.batch.quality),
        provenance=provenance,
    )
    data = signed(data, name, provenance)
    extension = output.FORMATS[name].extension
    key = result_key(chunk.batch.pk, one.item.pk, chunk.id, extension)
    outcome = Outcome(
        source_sha256=one.sha256,
        result=storage.write(key, data),
        result_sha256=hashlib.sha256(data).hexdigest(),
        result_bytes=len(data),
        width=pixels.shape[1],
        height=pixels.shape[0],
        software=provenance.software,
    )
    if chunk.batch.keep_photos and one.item.photo_id is None:
        _put_into_gallery(chunk.batch, one, hints)
    small = storage.write(thumbnail_key(key), small_jpeg(Image.fromarray(to_8_bits(pixels))))
    if not finish(chunk=chunk, item=one.item, outcome=outcome):
        default_storage.delete(key)
        default_storage.delete(small)


def _put_into_gallery(batch: Batch, one: _Ready, hints: HintSet) -> None:
    """Add a ZIP's photo to its owner's, with its hints; before it ends, so that it is done once."""
    actor = Actor(user=batch.owner)
    photo = keep_photo(actor=actor, name=one.item.name, data=one.data, decoded=one.decoded)
    BatchItem.objects.filter(pk=one.item.pk).update(photo=photo)
    if hints.hints:
        save_hints(photo=photo, hint_set=hints, revision=1)


def _format_of(batch: Batch) -> output.FormatName:
    name: output.FormatName = batch.format  # type: ignore[assignment]  # one of its choices
    return name


def _place_of(batch: Batch) -> output.Place:
    place: output.Place = batch.mark  # type: ignore[assignment]  # one of its choices
    return place


def _carry_of(batch: Batch) -> Carry:
    carry: Carry = batch.metadata  # type: ignore[assignment]  # one of its choices
    return carry


@contextmanager
def _failing(chunk: Chunk, item: BatchItem) -> Iterator[None]:
    """Fail a photo on any error of the block, with a sentence for people, and go on."""
    try:
        yield
    except (LeaseLostError, OperationalError, InterfaceError):
        raise
    except (IntakeError, FormatLimitError) as error:
        _fail(chunk, item, error.translated(gettext))
    except (SourceGoneError, QuotaExceededError) as error:
        _fail(chunk, item, str(error))
    except Exception:
        log.exception("photo_failed", batch=str(chunk.batch.pk), number=item.number)
        _fail(chunk, item, gettext("This photo could not be coloured. Please try again."))


def _fail_all(chunk: Chunk, error: str) -> None:
    for item in chunk.items:
        _fail(chunk, item, error)


def _fail(chunk: Chunk, item: BatchItem, error: str) -> None:
    finish(chunk=chunk, item=item, outcome=Outcome(error=error))
