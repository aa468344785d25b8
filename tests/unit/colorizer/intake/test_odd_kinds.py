"""Odd depths, transparency and ends: files that are right but rare, and files that lie."""

import io
import struct

import imagecodecs
import numpy as np
import pytest
import tifffile
from PIL import Image

from colorizer.intake import IntakeError, Limits
from colorizer.intake.reading import read_here
from tests.support.pictures import astronaut, encoded

RGB = np.asarray(astronaut().resize((97, 61)))
GREY = np.asarray(astronaut().resize((97, 61)).convert("L"))
DEEP = RGB.astype(np.uint16) * 257


def taken(data):
    return read_here(data, Limits())


def off(pixels, expected):
    """How far 8 or 16-bit pixels are from what is expected, in steps of 255."""
    scale = 257 if pixels.dtype == np.uint16 else 1
    return np.abs(pixels / scale - np.asarray(expected, float)).max()


def tiff(values, **options):
    sink = io.BytesIO()
    tifffile.imwrite(sink, values, **{"metadata": None, **options})
    return sink.getvalue()


def packed_tiff(strip, bits, photometric, *, samples=1, more=(), leads_back=False):
    """A TIFF of one strip made by hand, 97 x 61; its directory may name itself as the next."""
    height, width = GREY.shape
    tags = sorted([
        (256, 4, [width]), (257, 4, [height]), (258, 3, [bits] * samples), (259, 3, [1]),
        (262, 3, [photometric]), (273, 4, [8]), (277, 3, [samples]), (278, 4, [height]),
        (279, 4, [len(strip)]), *more,
    ])  # fmt: skip
    at = 8 + len(strip) + len(strip) % 2
    entries, beyond = b"", b""
    for code, kind, values in tags:
        body = struct.pack(f"<{len(values)}{'H' if kind == 3 else 'I'}", *values)
        if len(body) > 4:
            place = at + 2 + 12 * len(tags) + 4 + len(beyond)
            beyond, body = beyond + body, struct.pack("<I", place)
        entries += struct.pack("<HHI", code, kind, len(values)) + body.ljust(4, b"\0")
    following = struct.pack("<I", at if leads_back else 0)
    directory = struct.pack("<H", len(tags)) + entries + following + beyond
    return struct.pack("<2sHI", b"II", 42, at) + strip.ljust(at - 8, b"\0") + directory


def bits_of(values, bits):
    """Samples packed bit by bit, each row beginning on a byte."""
    places = (
        values[..., None].astype(np.uint64) >> np.arange(bits - 1, -1, -1).astype(np.uint64)
    ) & 1
    return np.packbits(places.reshape(len(values), -1).astype(np.uint8), axis=1).tobytes()


@pytest.mark.parametrize("bits", [3, 6, 10, 14, 20, 24])
def test_whole_numbers_of_any_size_end_at_white(bits):
    values = GREY.astype(np.uint64) * ((1 << bits) - 1) // 255
    result = taken(packed_tiff(bits_of(values, bits), bits, 1)).pixels
    assert off(result, values * (255.0 / ((1 << bits) - 1))) <= 0.51


@pytest.mark.parametrize("dtype", [np.int8, np.int16])
def test_signed_samples_end_at_the_end_of_their_type(dtype):
    end = np.iinfo(dtype).max
    values = (GREY.astype(np.int32) * end // 255).astype(dtype)
    assert off(taken(tiff(values)).pixels, values * (255.0 / end)) <= 0.01


def test_an_overexposed_scene_in_floating_point_is_white_and_not_black():
    values = (GREY / 255 * 3).astype(np.float32)
    assert off(taken(tiff(values)).pixels, np.clip(GREY * 3.0, 0, 255)) <= 0.01


def test_complex_numbers_are_refused_by_name():
    with pytest.raises(IntakeError, match="complex numbers"):
        taken(tiff(GREY.astype(np.complex64)))


@pytest.mark.parametrize("bits", [8, 16])
def test_a_palette_with_a_channel_of_transparency_stands_on_white(bits):
    indices = np.asarray(astronaut().resize((97, 61)).quantize(200))
    alpha = np.linspace(0, 255, 97).astype(np.uint8) * np.ones((61, 1), np.uint8)
    table = np.random.default_rng(3).integers(0, 65536, (3, 1 << bits))
    stored = np.stack([indices, alpha.astype(int) * (257 if bits == 16 else 1)], -1)
    data = packed_tiff(
        stored.astype(f"<u{bits // 8}").tobytes(), bits, 3, samples=2,
        more=[(320, 3, table.ravel().tolist()), (338, 3, [2])],
    )  # fmt: skip
    share = alpha[..., None] / 255
    assert off(taken(data).pixels, table.T[indices] / 257 * share + 255 * (1 - share)) <= 1.5


def test_directories_that_lead_back_to_the_first_are_one_photo():
    data = packed_tiff(GREY.tobytes(), 8, 1, leads_back=True)
    assert np.array_equal(taken(data).pixels, GREY)


@pytest.mark.parametrize("bits", [10, 12])
@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_xl_of_ten_and_twelve_bits_ends_at_white(bits, channels):
    deep = DEEP if channels == 3 else GREY.astype(np.uint16) * 257
    data = imagecodecs.jpegxl_encode(deep >> (16 - bits), lossless=True, bitspersample=bits)
    assert off(taken(data).pixels, deep / 257) <= 0.51


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_jpeg_xl_in_floating_point_is_white_at_one(dtype):
    data = imagecodecs.jpegxl_encode((RGB / 255).astype(dtype), lossless=True)
    assert off(taken(data).pixels, RGB) <= 0.2


@pytest.mark.parametrize("bits", [1, 4, 10, 12])
def test_jpeg_2000_of_any_depth_ends_at_white(bits):
    values = (GREY.astype(np.uint16) * 257) >> (16 - bits)
    values = values.astype(np.uint8 if bits <= 8 else np.uint16)
    data = imagecodecs.jpeg2k_encode(values, level=0, bitspersample=bits)
    assert off(taken(data).pixels, values * (255.0 / ((1 << bits) - 1))) <= 0.51


def test_signed_samples_of_jpeg_2000_are_refused_by_name():
    signed = (GREY.astype(np.int16) - 128) * 100
    with pytest.raises(IntakeError, match="signed samples"):
        taken(imagecodecs.jpeg2k_encode(signed, level=0))


@pytest.mark.parametrize("options", [{}, {"subsampling": 0}, {"restart_marker_rows": 2}])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_jpeg_that_ends_too_early_is_damaged_though_it_says_that_it_ends(options, share):
    data = encoded(astronaut().resize((320, 240)), "JPEG", quality=90, **options)
    with pytest.raises(IntakeError) as raised:
        taken(data[: int(len(data) * share)] + b"\xff\xd9")
    assert raised.value.code == "damaged"


def test_a_jpeg_that_says_it_is_higher_than_it_is_is_damaged():
    data = bytearray(encoded(astronaut().resize((96, 64)), "JPEG"))
    at = data.find(b"\xff\xc0") + 5
    data[at : at + 2] = struct.pack(">H", 640)
    with pytest.raises(IntakeError) as raised:
        taken(bytes(data))
    assert raised.value.code == "damaged"
    data[at : at + 2] = bytes(2)
    with pytest.raises(IntakeError, match="height stands behind"):
        taken(bytes(data))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_jpeg_with_a_border_of_one_grey_is_whole(value, progressive):
    framed = np.full((120, 160, 3), value, np.uint8)
    framed[20:-20, 20:-20] = np.asarray(astronaut().resize((120, 80)))
    data = encoded(Image.fromarray(framed), "JPEG", quality=90, progressive=progressive)
    expected = np.asarray(Image.open(io.BytesIO(data)))
    for more in (b"", b"what a program leaves behind" * 9):
        result = taken(data + more)
        assert (result.note, np.array_equal(result.pixels, expected)) == ("", True)
