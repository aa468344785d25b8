"""Marks that results wear for all to see."""

import io

import numpy as np
import pytest
import tifffile
from babel.messages.pofile import read_po
from PIL import Image, ImageFont

from colorizer.output import FormatLimitError, Mark, OutputOptions, draw_mark, encode
from colorizer.output.mark import FONT, MARK_TEXT, UNKNOWN_TEXT
from scripts.messages import LOCALE
from tests.support.pictures import astronaut

RGB = np.asarray(astronaut().resize((360, 240)))
DEEP = RGB.astype(np.uint16) * 257
TEXTS = [MARK_TEXT, "모델이 색을 입힌 사진"]


@pytest.mark.parametrize("pixels", [RGB, DEEP], ids=["8 bits", "16 bits"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_mark_in_the_corner_leaves_all_other_pixels(pixels, text):
    marked = draw_mark(pixels, Mark("corner", text))
    assert (marked.shape, marked.dtype) == (pixels.shape, pixels.dtype)
    changed = (marked != pixels).any(axis=-1)
    rows, columns = changed.any(axis=1).nonzero()[0], changed.any(axis=0).nonzero()[0]
    assert rows.min() > 0.85 * 240, "low"
    assert columns.min() > 0.3 * 360, "and on the right"
    assert columns.max() < 359
    assert rows.max() < 239
    assert changed.mean() < 0.06
    end = np.iinfo(pixels.dtype).max
    assert marked[changed].max() > 0.85 * end, "letters are white"
    assert marked[changed].min() < 0.4 * end, "on dark"


@pytest.mark.parametrize("pixels", [RGB, DEEP], ids=["8 bits", "16 bits"])
def test_a_caption_stands_below_the_whole_photo(pixels):
    captioned = draw_mark(pixels, Mark("caption", MARK_TEXT))
    assert np.array_equal(captioned[:240], pixels)
    strip = captioned[240:]
    assert 12 < len(strip) < 40
    end = np.iinfo(pixels.dtype).max
    assert strip[0].min() == strip[:, 0].min() == end, "white around"
    assert strip.min() < 0.2 * end, "black letters"


@pytest.mark.parametrize("place", ["corner", "caption"])
def test_a_grey_picture_is_marked_too(place):
    grey = RGB[..., 0]
    colored = np.repeat(grey[..., None], 3, axis=-1)
    mark = Mark(place, MARK_TEXT)
    assert np.array_equal(draw_mark(grey, mark), draw_mark(colored, mark))


@pytest.mark.parametrize("size", [(16, 16), (16, 480), (480, 16), (40, 30), (3000, 2000)])
@pytest.mark.parametrize("place", ["corner", "caption"])
def test_marks_fit_photos_of_every_size(size, place):
    pixels = np.full((size[1], size[0], 3), 128, np.uint8)
    marked = draw_mark(pixels, Mark(place, TEXTS[0]))
    assert marked.shape[1] == size[0]
    assert (marked != 128).any()


def test_the_font_has_the_letters_of_every_translation():
    font, missing = ImageFont.truetype(str(FONT), 40), []
    for path in LOCALE.glob("*/LC_MESSAGES/django.po"):
        catalogue = read_po(io.BytesIO(path.read_bytes()))
        texts = [str(catalogue[one].string) for one in (MARK_TEXT, UNKNOWN_TEXT)]
        assert all(texts)
        text = "".join(texts).replace(" ", "")
        nothing = font.getmask("\U0010ffff")
        missing += [letter for letter in text if bytes(font.getmask(letter)) == bytes(nothing)]
    assert not missing, "run scripts/mark_font.py"


@pytest.mark.parametrize("place", ["corner", "caption"])
def test_marks_come_in_every_format_at_its_depth(place):
    options = OutputOptions(mark=Mark(place, TEXTS[1]))
    expected = draw_mark(DEEP, options.mark)
    assert np.array_equal(
        tifffile.imread(io.BytesIO(encode(DEEP, "tiff", options=options))), expected
    )
    for name in ("png", "jpeg", "webp"):
        with Image.open(io.BytesIO(encode(RGB, name, options=options))) as image:
            assert image.size == (expected.shape[1], expected.shape[0])


def test_a_caption_counts_where_a_format_has_a_limit():
    pixels = np.zeros((16_383, 600, 3), np.uint8)
    assert encode(pixels, "webp", options=OutputOptions(quality=1))
    with pytest.raises(FormatLimitError):
        encode(pixels, "webp", options=OutputOptions(mark=Mark("caption", MARK_TEXT)))
