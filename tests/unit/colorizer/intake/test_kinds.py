"""Kinds of files that people have, each written here by another library than the one that reads."""

import io
import struct

import imagecodecs
import numpy as np
import pillow_heif
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from colorizer.intake import IntakeError, Limits
from colorizer.intake.others import decode_by_pillow
from colorizer.intake.png import make_chunk
from colorizer.intake.reading import read_here
from tests.support.pictures import astronaut, encoded

LIMITS = Limits()
GREY = np.asarray(astronaut().resize((96, 64)).convert("L"))
RGB = np.asarray(astronaut().resize((96, 64)))
DEEP = GREY.astype(np.uint16) * 257


def taken(data):
    return read_here(data, LIMITS)


def tiff(values, **options):
    sink = io.BytesIO()
    tifffile.imwrite(sink, values, **{"metadata": None, **options})
    return sink.getvalue()


def off(pixels, expected):
    """How far 8 or 16-bit pixels are from 8-bit ones, in steps of 255."""
    scale = 257 if pixels.dtype == np.uint16 else 1
    return np.abs(pixels / scale - np.asarray(expected, float)).max()


@pytest.mark.parametrize("compression", [None, "zlib", "lzw", "packbits", "zstd", "lzma",
                                         "jpeg2000", "jpegxl", "webp"])  # fmt: skip
def test_every_compression_of_tiff_is_read(compression):
    lossless = {"jpeg2000": {"level": 0}, "jpegxl": {"lossless": True}, "webp": {"lossless": True}}
    values = RGB if compression == "webp" else GREY
    options = {"photometric": "rgb"} if compression == "webp" else {}
    data = tiff(values, compression=compression, compressionargs=lossless.get(compression),
                **options)  # fmt: skip
    assert off(taken(data).pixels, values) == 0


def test_planar_samples_are_put_together():
    deep = RGB.astype(np.uint16) * 257
    data = tiff(np.moveaxis(deep, -1, 0), photometric="rgb", planarconfig="separate")
    assert np.array_equal(taken(data).pixels, deep)


@pytest.mark.parametrize("photometric", ["minisblack", "miniswhite"])
@pytest.mark.parametrize("bits", [1, 2, 4, 12])
def test_samples_of_odd_sizes_end_at_white(bits, photometric):
    end = (1 << bits) - 1
    values = (GREY.astype(np.uint32) * end // 255).astype(np.uint16 if bits > 8 else np.uint8)
    stored = end - values if photometric == "miniswhite" else values
    data = _packed_tiff(stored, bits, white_is_zero=photometric == "miniswhite")
    assert off(taken(data).pixels, values * (255.0 / end)) <= 0.51


def _packed_tiff(values, bits, *, white_is_zero):
    """A TIFF made by hand: samples packed bit by bit, each row beginning on a byte."""
    places = ((values[..., None] >> np.arange(bits - 1, -1, -1)) & 1).reshape(len(values), -1)
    strip = np.packbits(places.astype(np.uint8), axis=1).tobytes()
    height, width = values.shape
    tags = [(256, 4, width), (257, 4, height), (258, 3, bits), (259, 3, 1),
            (262, 3, 0 if white_is_zero else 1), (273, 4, 8), (277, 3, 1), (278, 4, height),
            (279, 4, len(strip))]  # fmt: skip
    entries = b"".join(struct.pack("<HHII", code, kind, 1, value) for code, kind, value in tags)
    at = 8 + len(strip) + len(strip) % 2
    directory = struct.pack("<H", len(tags)) + entries + bytes(4)
    return struct.pack("<2sHI", b"II", 42, at) + strip.ljust(at - 8, b"\0") + directory


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_floats_are_clipped_at_white_and_black(dtype):
    values = (GREY / 255 * 1.4 - 0.2).astype(dtype)
    assert off(taken(tiff(values)).pixels, np.clip(values.astype(float), 0, 1) * 255) < 0.2


def test_a_thumbnail_is_not_the_photo():
    sink = io.BytesIO()
    with tifffile.TiffWriter(sink) as writer:
        writer.write(GREY[::4, ::4], subfiletype=1, metadata=None)
        writer.write(GREY, metadata=None)
    assert off(taken(sink.getvalue()).pixels, GREY) == 0


def test_a_photo_below_its_thumbnail_is_found():
    sink = io.BytesIO()
    with tifffile.TiffWriter(sink) as writer:
        writer.write(GREY[::4, ::4], subfiletype=1, subifds=1, metadata=None)
        writer.write(DEEP, metadata=None)
    assert np.array_equal(taken(sink.getvalue()).pixels, DEEP)


def test_a_sensors_mosaic_is_refused_by_name():
    data = tiff(DEEP, photometric=32803, extratags=[(271, 2, 6, b"Canon\0", True)])
    with pytest.raises(IntakeError, match="camera raw") as raised:
        taken(data)
    assert raised.value.code == "camera_raw"


@pytest.mark.parametrize("extra", ["unassalpha", "assocalpha"])
def test_deep_transparency_stands_on_white(extra):
    alpha = np.linspace(0, 65535, 96).astype(np.uint16) * np.ones((64, 1), np.uint16)
    share = alpha / 65535
    grey = (DEEP * share).astype(np.uint16) if extra == "assocalpha" else DEEP
    data = tiff(np.stack([grey, alpha], -1), photometric="minisblack", planarconfig="contig",
                extrasamples=[extra])  # fmt: skip
    assert off(taken(data).pixels, GREY * share + 255 * (1 - share)) <= 0.6


def test_gamma_counts_where_no_profile_does():
    linear = np.round((np.arange(256) / 255) ** 2.2 * 255).astype(np.uint8)[GREY]
    data = encoded(Image.fromarray(linear))
    gamma = make_chunk(b"gAMA", (100_000).to_bytes(4, "big"))
    result = taken(data[:33] + gamma + data[33:]).pixels
    light = linear / 255
    expected = np.where(light > 0.0031308, 1.055 * light ** (1 / 2.4) - 0.055, 12.92 * light)
    assert off(result, expected * 255) <= 0.6


def test_a_text_with_a_wrong_checksum_does_no_harm():
    data = encoded(Image.fromarray(GREY))
    text = bytearray(make_chunk(b"tEXt", b"k\0v"))
    text[-1] ^= 1
    assert off(taken(data[:33] + bytes(text) + data[33:]).pixels, GREY) == 0


def test_a_jpeg_without_its_end_is_whole_but_half_of_one_is_not():
    data = encoded(astronaut().resize((96, 64)), "JPEG", quality=90)
    whole = taken(data)
    ended = taken(data[:-2])
    assert ended.note == "no_end"
    assert np.array_equal(ended.pixels, whole.pixels)
    with pytest.raises(IntakeError):
        taken(data[: len(data) // 2])


@pytest.mark.parametrize("deep", [False, True])
def test_heic_avif_and_jpeg_xl_keep_their_depth(deep):
    values = RGB.astype(np.uint16) * 257 if deep else RGB
    sink = io.BytesIO()
    pillow_heif.encode("RGB;16" if deep else "RGB", (96, 64), values.tobytes(), sink, quality=100)
    heic = taken(sink.getvalue())
    assert (heic.format, heic.pixels.dtype) == ("HEIC", values.dtype)
    assert np.abs(heic.pixels / (257 if deep else 1) - RGB).mean() < 4  # half-size colour planes
    jxl = taken(imagecodecs.jpegxl_encode(values, lossless=True))
    assert np.array_equal(jxl.pixels, values)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(16, 90), st.integers(16, 90), st.sampled_from([np.uint8, np.uint16, np.float32]),
    st.sampled_from([1, 3]), st.sampled_from(["contig", "separate"]),
    st.sampled_from([None, (16, 16), (32, 48)]), st.sampled_from([None, "zlib", "lzw"]),
    st.sampled_from(["<", ">"]), st.booleans(),
)  # fmt: skip
def test_any_layout_is_read_back(width, height, dtype, channels, planar, tile, pack, order, big):
    rgb = np.asarray(astronaut().resize((width, height)))
    seen = rgb if channels == 3 else rgb[..., 0]
    scale = {np.uint8: 1, np.uint16: 257, np.float32: 1 / 255}[dtype]
    stored = (seen.astype(np.float64) * scale).astype(dtype)
    options = {"photometric": "rgb", "planarconfig": planar} if channels == 3 else {}
    if channels == 3 and planar == "separate":
        stored = np.moveaxis(stored, -1, 0)
    data = tiff(stored, tile=tile, compression=pack, byteorder=order, bigtiff=big, **options)
    pixels = taken(data).pixels
    if pixels.ndim == 2 and seen.ndim == 3:
        pixels = np.repeat(pixels[..., None], 3, -1)
    assert off(pixels, seen) <= 1


def test_pillow_s_own_limit_of_pixels_is_out_of_force():
    small = encoded(Image.new("P", (20, 20)), "GIF")
    large = small.replace(struct.pack("<HH", 20, 20), struct.pack("<HH", 14_000, 14_000))
    with pytest.raises(OSError, match="truncated"):  # and no word of a bomb
        decode_by_pillow(memoryview(large), "GIF", LIMITS)
