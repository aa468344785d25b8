"""The workers' side of colouring: networks and photos kept in memory, results handed to services.

The only module of the site that loads a network (and with it ONNX Runtime); workers import it.
"""

from __future__ import annotations

import io
import time
import uuid

import numpy as np
import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine import Colorizer, Prepared
from colorizer.hints import HintSet
from training.host import has_cuda
from training.models import ModelVersion
from training.registry import live_model, serve_in_full, verify
from webapp.library.models import Photo
from webapp.runtime.threads import network_threads
from webapp.studio.chroma import pack
from webapp.studio.doubt import pack_doubt
from webapp.studio.kept import Kept, Remembering
from webapp.studio.leases import Lease
from webapp.studio.opinions import Answer, Ask
from webapp.studio.services import store_chroma, store_version

log = structlog.get_logger(__name__)

Pixels = NDArray[np.uint8]

NETWORKS_KEPT = 2
"""The live one, and the one before or after it while the site switches."""
PHOTOS_KEPT = 32
PNG_LEVEL = 3
"""Twice as quick as zlib's default for some 4 % more bytes."""


_networks: Kept[Colorizer] = Kept(NETWORKS_KEPT)
_photos: Kept[Prepared] = Kept(PHOTOS_KEPT)


def colorizer_of(version: ModelVersion) -> Colorizer:
    """Return a model version's network, loaded once.

    Raises:
        training.registry.ModelUnusable: its files are missing, damaged or others.
    """
    key = (version.pk, version.sha256)
    backend = "torch" if has_cuda() else "onnx"

    def load() -> Colorizer:
        network = Colorizer.load(verify(version), backend=backend, threads=network_threads())
        return Colorizer(network.card, Remembering(network.backend))

    return _networks.get(key, load)


def prepared(photo: Photo, version: ModelVersion) -> Prepared:
    """Return what a network needs of a photo, computed once: pixels of a photo never change."""
    network = colorizer_of(version)
    key = (photo.pk, version.pk)
    return _photos.get(key, lambda: network.prepare(read_pixels(photo)))


def read_pixels(photo: Photo) -> Pixels:
    """Return a photo's own pixels: (H, W, 3), sRGB."""
    with default_storage.open(photo.original) as file, Image.open(file) as image:
        return np.asarray(image.convert("RGB"))


def colorize(lease: Lease) -> None:
    """Predict and store the chroma map of a chroma job."""
    job = lease.job
    network, inputs = colorizer_of(job.model_version), prepared(job.photo, job.model_version)
    hint_set = HintSet.parse(job.hints)
    started = time.perf_counter()
    ab = network.predict(inputs, hint_set)
    seconds = time.perf_counter() - started
    _, height, width = ab.shape
    store_chroma(job=job, data=pack(ab), width=width, height=height, seconds=seconds)


def render(lease: Lease) -> None:
    """Colour a render job's photo at its full size and store the version.

    Raises:
        webapp.studio.leases.LeaseLost: the job was cancelled or given to another worker.
    """
    job = lease.job
    network, inputs = colorizer_of(job.model_version), prepared(job.photo, job.model_version)
    ab = network.predict(inputs, HintSet.parse(job.hints))
    lease.check()
    pixels = network.apply(read_pixels(job.photo), ab)
    lease.check()
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=PNG_LEVEL)
    lease.check()
    key = f"photos/{job.photo_id}/versions/{job.pk}.png"
    image = default_storage.save(key, ContentFile(file.getvalue()))
    store_version(job=job, image=image)


def opinion(ask: Ask) -> Answer:
    """Return what the network thinks of a photo: colours for a place, or its doubt everywhere.

    Raises:
        colorizer.model.ModelError: the model has no opinions.
    """
    photo = Photo.objects.get(pk=ask.photo_id)
    version = ModelVersion.objects.get(pk=ask.model_id)
    network, inputs = colorizer_of(version), prepared(photo, version)
    hint_set = HintSet.parse(ask.hints)
    if ask.kind == "suggestions":
        found = network.suggest(inputs, hint_set, *ask.place, count=ask.count)
        colors = [{"color": one.color, "weight": round(one.weight, 4)} for one in found]
        return {"suggestions": colors}
    return pack_doubt(network.doubt(inputs, hint_set))


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
