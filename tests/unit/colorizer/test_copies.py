"""Copies coloured elsewhere: found at known places and sizes, refused where they are none."""

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from colorizer.apply import apply_colors
from colorizer.color import rgb_to_lab
from colorizer.copies import NoMatchError, colors_of_copy, place
from colorizer.reference import NoColorsError
from tests.support.pictures import FOLDER, astronaut

GREY = np.asarray(astronaut().convert("L"))


def bordered(picture, left, top, right, bottom):
    canvas = Image.new(
        "RGB", (picture.width + left + right, picture.height + top + bottom), "white"
    )
    canvas.paste(picture, (left, top))
    return canvas


def recolored(size):
    """The portrait as another program may have it: of another size, vividness and contrast."""
    picture = ImageEnhance.Color(astronaut().resize(size, Image.Resampling.LANCZOS)).enhance(1.6)
    return ImageEnhance.Contrast(picture).enhance(0.7)


@pytest.mark.parametrize(
    ("size", "border"),
    [
        ((512, 512), (0, 0, 0, 0)),
        ((200, 200), (0, 0, 0, 0)),
        ((1200, 1200), (0, 0, 0, 0)),
        ((512, 512), (37, 12, 5, 90)),
        ((300, 300), (60, 60, 60, 60)),
        ((700, 700), (0, 250, 0, 0)),
    ],
)
def test_a_copy_of_known_shift_and_scale_is_found(size, border):
    copy = np.asarray(bordered(recolored(size), *border))
    found = place(GREY, copy)
    edges = found.left, found.top, found.left + found.width, found.top + found.height
    true = border[0], border[1], border[0] + size[0], border[1] + size[1]
    error = np.abs(np.subtract(edges, true)).max() * 512 / size[0]
    assert error < 1, f"{error:.2f} pixels of the photo"


def test_a_copy_that_lacks_a_thin_edge_is_found():
    copy = np.asarray(recolored((512, 512)).crop((6, 6, 506, 506)))
    found = place(GREY, copy)
    assert (found.left, found.top) == pytest.approx((-6, -6), abs=1)
    assert colors_of_copy(GREY, copy).shape == (2, 512, 512)


def test_the_colours_are_the_copy_s_and_the_lightness_is_the_photo_s():
    copy = np.asarray(
        bordered(astronaut().resize((640, 640), Image.Resampling.LANCZOS), 30, 8, 3, 0)
    )
    result = apply_colors(GREY, colors_of_copy(GREY, copy))
    lab, true = rgb_to_lab(result), rgb_to_lab(np.asarray(astronaut()))
    grey = rgb_to_lab(np.repeat(GREY[..., None], 3, axis=-1))
    assert np.abs(lab[..., 0] - grey[..., 0]).max() < 1
    # What is left are the edges of things, which two resizings have softened.
    distance = np.hypot(*(lab - true)[..., 1:].transpose(2, 0, 1))
    assert np.median(distance) < 2
    assert distance.mean() < 4


def test_sixteen_bits_stay_sixteen_bits():
    deep = GREY.astype(np.uint16) * 257
    ab = colors_of_copy(deep, np.asarray(astronaut()))
    assert apply_colors(deep, ab).dtype == np.uint16


@pytest.mark.parametrize(
    "other",
    [
        lambda: Image.open(FOLDER / "coffee.png").convert("RGB"),
        lambda: astronaut().transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        lambda: astronaut().transpose(Image.Transpose.ROTATE_90),
        lambda: astronaut().crop((0, 0, 512, 300)),
        lambda: Image.new("RGB", (300, 300), "red"),
    ],
    ids=["another photo", "mirrored", "turned", "half", "flat"],
)  # fmt: skip
def test_what_is_no_copy_is_refused(other):
    with pytest.raises((NoMatchError, NoColorsError)):
        colors_of_copy(GREY, np.asarray(other()))


def test_the_other_view_of_a_stereo_pair_is_refused():
    left, right = (
        np.asarray(Image.open(FOLDER / f"motorcycle_{side}.png").convert("RGB"))
        for side in ("left", "right")
    )
    assert place(left, left).correlation > 0.9
    with pytest.raises(NoMatchError):
        colors_of_copy(left, right)


def test_a_grey_copy_is_refused():
    with pytest.raises(NoColorsError):
        colors_of_copy(GREY, np.repeat(GREY[..., None], 3, axis=-1))
