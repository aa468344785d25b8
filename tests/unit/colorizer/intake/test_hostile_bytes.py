"""Whatever bytes come, intake answers with a picture or with a sentence."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.support.answers import LIMITS, answer
from tests.support.pictures import astronaut, encoded

MAGICS = [
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\0\0\0\0WEBPVP8 ",
    b"II*\0",
    b"MM\0*",
    b"GIF89a",
]

# Pillow warns of what it can read nevertheless.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def samples():
    picture = astronaut().resize((48, 40))
    exif = Image.Exif()
    exif[0x0112] = 6
    return [
        encoded(picture, "JPEG", exif=exif),
        encoded(picture, "JPEG", progressive=True),
        encoded(picture.convert("CMYK"), "JPEG"),
        encoded(picture),
        encoded(picture.quantize(16)),
        encoded(picture.convert("RGBA"), "PNG"),
        encoded(picture, "WEBP"),
        encoded(picture, "WEBP", lossless=True),
        encoded(picture, "TIFF"),
        encoded(picture, "TIFF", compression="tiff_lzw"),
        encoded(picture, "TIFF", compression="tiff_adobe_deflate"),
        encoded(picture.convert("L").convert("F"), "TIFF"),
        encoded(picture.convert("I;16"), "TIFF"),
    ]


SAMPLES = samples()


@st.composite
def mutated(draw):
    """A real file with some bytes changed, cut out, doubled, or cut off at the end."""
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 8))):
        if not data:
            break
        at = draw(st.integers(0, len(data) - 1))
        kind = draw(st.sampled_from(["set", "cut", "double", "end"]))
        if kind == "set":
            data[at] = draw(st.integers(0, 255))
        elif kind == "cut":
            del data[at : at + draw(st.integers(1, 64))]
        elif kind == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 64))]
        else:
            del data[max(at, 1) :]
    return bytes(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000))
def test_arbitrary_bytes(data):
    answer(data)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MAGICS), st.binary(max_size=2000))
def test_arbitrary_bytes_that_begin_like_a_picture(magic, data):
    answer(magic + data)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_damaged_pictures(data):
    answer(data)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["PNG", "JPEG", "WEBP", "TIFF"]),
    st.sampled_from(["L", "RGB", "1", "P", "RGBA", "CMYK", "LA"]),
    st.integers(1, 80),
    st.integers(1, 80),
)
def test_whole_pictures_are_taken_unless_they_are_too_small_or_narrow(kind, mode, width, height):
    try:
        data = encoded(astronaut().resize((width, height)).convert(mode), kind)
    except (OSError, KeyError):  # not every format has every mode
        return
    picture = answer(data)
    narrow = max(width, height) > 30 * min(width, height)
    assert (picture is None) == (min(width, height) < LIMITS.min_side or narrow)
