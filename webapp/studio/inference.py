"""The workers' side of colouring: networks and photos kept in memory, results handed to services.

The only module of the site that loads a network (and with it ONNX Runtime); workers import it.
"""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Sequence
from functools import partial

import numpy as np
import structlog
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from PIL import Image

from colorizer import output
from colorizer.color import Pixels, lab_to_rgb, to_uint8
from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.prepared import Prepared, shrink
from colorizer.reference import NoColorsError, Reference
from training.models import ModelVersion
from training.registry.cuda import has_cuda
from training.registry.versions import live_model, serve_in_full, verify
from webapp.common.storage import write
from webapp.common.threads import network_threads
from webapp.photos.addresses import photo_address, public_address
from webapp.photos.files import small_key
from webapp.photos.models import Photo
from webapp.photos.services import read_pixels
from webapp.photos.thumbnails import jpeg
from webapp.studio.caching import LRUCache
from webapp.studio.chroma import pack
from webapp.studio.leases import Lease
from webapp.studio.predictions import Answer, PredictionRequest
from webapp.studio.services import store_chroma, store_version
from webapp.studio.uncertainty import pack_uncertainty
from webapp.studio.versions import carry_of, provenance_of

log = structlog.get_logger(__name__)

CACHED_NETWORKS = 2
"""The live one, and the one before or after it while the site switches."""
CACHED_REFERENCES = 32

_networks: LRUCache[Colorizer] = LRUCache(CACHED_NETWORKS)
_photos: LRUCache[Prepared] = LRUCache(settings.PHOTO_CACHE_BYTES, lambda one: one.nbytes)
_references: LRUCache[Reference | None] = LRUCache(CACHED_REFERENCES)


def colorizer_of(version: ModelVersion) -> Colorizer:
    """Return a model version's network, loaded once.

    Raises:
        training.registry.versions.ModelUnusableError: its files are missing, damaged or others.
    """
    key = (version.pk, version.sha256)
    backend = "torch" if has_cuda() else "onnx"

    def load() -> Colorizer:
        return Colorizer.load(verify(version), backend=backend, threads=network_threads())

    return _networks.get(key, load)


def prepared(photo: Photo, version: ModelVersion, hint_set: HintSet = HintSet.empty) -> Prepared:
    """Return what a network needs of a photo, computed once: pixels of a photo never change.

    Its references are those of the hint set, as far as they are there still.
    """
    network = colorizer_of(version)
    key = (photo.pk, version.pk)
    alone = _photos.get(key, lambda: network.prepare(_small_pixels(photo, network.card.size)))
    if not hint_set.references:
        return alone
    guided = (*key, hint_set.references, hint_set.strength)
    beside = Photo.objects.filter(owner=photo.owner_id, guest_key=photo.guest_key)
    references = partial(references_among, beside, hint_set.references, version)
    return _photos.get(guided, lambda: alone.guided_by(references(), hint_set.strength))


def references_among(
    photos: QuerySet[Photo], ids: Sequence[str], version: ModelVersion
) -> list[Reference]:
    """Return what those of ``photos`` give that are named; one that is gone gives nothing."""
    network = colorizer_of(version)
    found = []
    for other in sorted(photos.filter(pk__in=ids), key=lambda one: ids.index(str(one.pk))):
        make = partial(_reference, network, other)
        found.append(_references.get((other.pk, version.pk), make))
    return [reference for reference in found if reference is not None]


def _reference(network: Colorizer, photo: Photo) -> Reference | None:
    try:
        return network.reference(_small_pixels(photo, network.card.size))
    except NoColorsError:
        return None


def _small_pixels(photo: Photo, side: int) -> Pixels:
    """Return a photo's pixels at a network's size: what was kept as it came in, or made now."""
    key = small_key(photo.pk, side)
    try:
        with default_storage.open(key) as file, Image.open(file, formats=["PNG"]) as image:
            return np.asarray(image.convert("RGB"))
    except FileNotFoundError:
        small = shrink(read_pixels(photo), side)
        write(key, output.encode(small, "png"))
        return small


def colorize(lease: Lease) -> None:
    """Predict and store the chroma map of a chroma job."""
    job = lease.job
    hint_set = HintSet.parse(job.hints)
    network = colorizer_of(job.model_version)
    inputs = prepared(job.photo, job.model_version, hint_set)
    started = time.perf_counter()
    ab = network.predict(inputs, hint_set)
    seconds = time.perf_counter() - started
    _, height, width = ab.shape
    store_chroma(job=job, data=pack(ab), width=width, height=height, seconds=seconds)


def render(lease: Lease) -> None:
    """Colour a render job's photo at its full size and store the version.

    Raises:
        webapp.studio.leases.LeaseLostError: the job was cancelled or given to another worker.
    """
    job = lease.job
    hint_set = HintSet.parse(job.hints)
    network = colorizer_of(job.model_version)
    ab = network.predict(prepared(job.photo, job.model_version, hint_set), hint_set)
    lease.check()
    pixels = network.apply(read_pixels(job.photo), ab)
    lease.check()
    data = output.encode(
        pixels,
        "png",
        metadata=job.photo.known.carried(carry_of(job.photo)),
        provenance=provenance_of(
            job.model_version,
            job.hints or HintSet.empty.to_json(),
            hint_set=public_address(photo_address("api:get_version_hints", job.pk)),
        ),
    )
    lease.check()
    key = f"photos/{job.photo_id}/versions/{job.pk}.png"
    image = default_storage.save(key, ContentFile(data))
    store_version(job=job, image=image)


def prediction(request: PredictionRequest) -> Answer:
    """Return colours for a place, the thing at it, or the uncertainty everywhere.

    Raises:
        colorizer.model.ModelError: the model has no predictions.
    """
    photo = Photo.objects.get(pk=request.photo_id)
    version = ModelVersion.objects.get(pk=request.model_id)
    hint_set = HintSet.parse(request.hints)
    network, inputs = colorizer_of(version), prepared(photo, version, hint_set)
    if request.kind == "suggestions":
        suggested = network.suggest(inputs, hint_set, *request.place, count=request.count)
        colors = [{"color": one.color, "weight": round(one.weight, 4)} for one in suggested]
        return {"suggestions": colors}
    if request.kind == "outline":
        return {"points": network.outline(inputs, *request.place, size=request.size)}
    if request.kind == "trial":
        return _trial(network, inputs, hint_set)
    return pack_uncertainty(network.uncertainty(inputs, hint_set))


def _trial(network: Colorizer, inputs: Prepared, hint_set: HintSet) -> Answer:
    """Colour a photo at the network's size, as a picture of it and the seconds that it took."""
    started = time.perf_counter()
    ab = network.predict(inputs, hint_set)
    seconds = time.perf_counter() - started
    lab = np.stack([100 * inputs.cropped, *ab], axis=-1)
    picture = jpeg(Image.fromarray(to_uint8(lab_to_rgb(lab))))
    return {"data": base64.b64encode(picture).decode("ascii"), "seconds": round(seconds, 4)}


def warm_up() -> uuid.UUID:
    """Load the live model and run it once, so that the first stroke need not wait.

    A worker with a GPU first sees that the live model is the one to have there.

    Returns:
        The id of the model version that is warm.
    """
    if has_cuda():
        serve_in_full()
    version = live_model()
    network = colorizer_of(version)
    blank = np.full((192, 256, 3), 128, np.uint8)
    network.predict(network.prepare(blank), HintSet.empty)
    log.info("model_warm", model=version.name)
    return version.pk
