"""Small pictures for lists, in the photo's newest colours."""

from __future__ import annotations

import io

import numpy as np
from django.core.files.storage import default_storage
from PIL import Image

from colorizer.color import lab_to_rgb, to_uint8
from webapp.library.encode import LIGHTNESS_SCALE
from webapp.library.models import Photo
from webapp.studio.chroma import unpack
from webapp.studio.models import Chroma

MAX_SIDE = 320
_QUALITY = 85


def thumbnail_etag(photo: Photo) -> str:
    """Return a mark that changes whenever the thumbnail looks different."""
    job = Chroma.objects.filter(pk=photo.pk).values_list("job_id", flat=True).first()
    return f'"{photo.pk}-{job or "grey"}"'


def make_thumbnail(photo: Photo) -> bytes:
    """Return a JPEG of at most 320 pixels a side; grey until the photo has been coloured."""
    with default_storage.open(photo.lightness) as file, Image.open(file) as image:
        image.draft("L", (MAX_SIDE, MAX_SIDE))
        image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
        lightness = np.asarray(image, np.float32) / LIGHTNESS_SCALE
    lab = np.zeros((*lightness.shape, 3), np.float32)
    lab[..., 0] = lightness
    chroma = Chroma.objects.filter(pk=photo.pk).first()
    if chroma is not None:
        planes = unpack(bytes(chroma.data), width=chroma.width, height=chroma.height)
        size = (lightness.shape[1], lightness.shape[0])
        for index, plane in enumerate(planes, start=1):
            enlarged = Image.fromarray(plane).resize(size, Image.Resampling.BILINEAR)
            lab[..., index] = np.asarray(enlarged)
    buffer = io.BytesIO()
    Image.fromarray(to_uint8(lab_to_rgb(lab))).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
