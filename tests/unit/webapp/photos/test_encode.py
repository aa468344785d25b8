"""What is kept of a photo."""

import io

import numpy as np
from PIL import Image
from skimage.color import rgb2lab

from colorizer.output import encode
from tests.support.pictures import astronaut
from webapp.photos.encode import lightness_jpeg


def decoded(data):
    return np.asarray(Image.open(io.BytesIO(data)))


def test_lightness_is_that_of_scikit_image():
    pixels = np.asarray(astronaut())
    expected = rgb2lab(pixels)[..., 0] * 2.55
    error = np.abs(decoded(lightness_jpeg(pixels, 4096)) - expected)
    assert error.mean() < 1.0
    assert np.quantile(error, 0.999) < 6


def test_lightness_of_every_grey_is_right_but_for_the_jpeg():
    ramp = np.repeat(np.arange(256, dtype=np.uint8)[None], 64, axis=0)
    expected = rgb2lab(np.repeat(ramp[..., None], 3, axis=-1))[..., 0] * 2.55
    assert np.abs(decoded(lightness_jpeg(ramp, 4096)) - expected).max() <= 3


def test_large_pictures_are_shrunk_for_the_browser():
    assert decoded(lightness_jpeg(np.zeros((300, 200), np.uint8), 150)).shape == (150, 100)


def test_the_stored_file_holds_pixels_and_nothing_else():
    data = encode(np.asarray(astronaut()), "png")
    chunks, at = set(), 8
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        chunks.add(data[at + 4 : at + 8])
        at += 12 + length
    assert chunks == {b"IHDR", b"sRGB", b"IDAT", b"IEND"}
    assert np.array_equal(decoded(data), np.asarray(astronaut()))
