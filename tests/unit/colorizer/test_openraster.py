"""OpenRaster: read with zipfile and Pillow, by the words of its specification."""

import io
import zipfile
from functools import partial
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from colorizer.color import rgb_to_lab
from colorizer.output import encode
from colorizer.output.openraster import encode_openraster
from tests.support.pictures import astronaut

PIXELS = np.asarray(astronaut())[40:340, 100:500]
# W3C "Compositing and Blending", section 10.2: the weights of Lum.
WEIGHTS = np.array([0.3, 0.59, 0.11])


@pytest.fixture(scope="module")
def archive():
    merged = encode(PIXELS, "png")
    data = encode_openraster(
        PIXELS, partial(encode, name="png"), merged=merged, names=("색", "밝기")
    )
    return zipfile.ZipFile(io.BytesIO(data))


def layer(archive, name):
    with archive.open(name) as file:
        return np.asarray(Image.open(io.BytesIO(file.read())).convert("RGB"))


def test_the_mimetype_comes_first_and_is_not_packed(archive):
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert archive.read("mimetype") == b"image/openraster"
    archive.fp.seek(0)
    assert archive.fp.read(54)[30:] == b"mimetypeimage/openraster"
    assert archive.testzip() is None


def test_the_stack_names_two_layers_of_the_photo_s_size(archive):
    image = ElementTree.fromstring(archive.read("stack.xml"))  # noqa: S314  (our own, just made)
    assert (image.tag, image.get("w"), image.get("h")) == ("image", "400", "300")
    colors, lightness = image.findall("stack/layer")
    assert (colors.get("name"), lightness.get("name")) == ("색", "밝기")
    assert (colors.get("composite-op"), lightness.get("composite-op")) == (
        "svg:color", "svg:src-over",
    )  # fmt: skip
    for one in (colors, lightness):
        assert layer(archive, one.get("src")).shape == PIXELS.shape


def test_the_lower_layer_is_the_lightness_and_the_merged_picture_is_the_result(archive):
    grey = layer(archive, "data/lightness.png")
    assert np.ptp(grey, axis=-1).max() == 0
    assert np.abs(rgb_to_lab(grey)[..., 0] - rgb_to_lab(PIXELS)[..., 0]).max() < 0.5
    assert np.array_equal(layer(archive, "mergedimage.png"), PIXELS)


def test_the_thumbnail_has_at_most_256_pixels_a_side(archive):
    assert max(layer(archive, "Thumbnails/thumbnail.png").shape) == 256


def test_layers_composed_as_the_w3c_says_look_like_the_result(archive):
    colors, grey = (layer(archive, f"data/{name}.png") / 255 for name in ("colours", "lightness"))
    composed = colors + ((grey - colors) @ WEIGHTS)[..., None]
    lum = (composed @ WEIGHTS)[..., None]
    low, high = composed.min(-1, keepdims=True), composed.max(-1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        composed = np.where(low < 0, lum + (composed - lum) * lum / (lum - low), composed)
        composed = np.where(high > 1, lum + (composed - lum) * (1 - lum) / (high - lum), composed)
    distance = np.linalg.norm(
        rgb_to_lab(np.float32(np.clip(composed, 0, 1))) - rgb_to_lab(PIXELS), axis=-1
    )
    assert distance.mean() < 1, "0.5 when this was written"
