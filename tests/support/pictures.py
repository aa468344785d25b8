"""Real photographs for tests: NASA's public-domain ones, from scikit-image's wheel."""

import io
from functools import cache
from pathlib import Path

import numpy as np
import skimage
from PIL import Image

FOLDER = Path(skimage.__file__).parent / "data"


@cache
def astronaut() -> Image.Image:
    """Eileen Collins (NASA, public domain), 512 x 512, in colour."""
    return Image.open(FOLDER / "astronaut.png").convert("RGB")


def grey_astronaut(width: int = 512, height: int = 512) -> Image.Image:
    """The portrait in grey, cut from the middle to the aspect asked for, then resized."""
    source = astronaut().convert("L")
    scale = min(source.width / width, source.height / height)
    w, h = width * scale, height * scale
    left, top = (source.width - w) / 2, (source.height - h) / 2
    box = (round(left), round(top), round(left + w), round(top + h))
    return source.crop(box).resize((width, height), Image.Resampling.LANCZOS)


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """The picture as a file's bytes."""
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


def pixels(data: bytes) -> np.ndarray:
    """The uint8 (H, W, 3) pixels of an encoded picture."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
