"""Any file of each kind, of any size and depth that it can have, comes in as it was written."""

import io
import struct
import zlib

import imagecodecs
import numpy as np
import pillow_heif
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from colorizer.intake import Limits
from colorizer.intake.png import SIGNATURE, make_chunk
from colorizer.intake.reading import read_here
from tests.support.pictures import astronaut, encoded

LIMITS = Limits(min_side=1)
SIDES = st.integers(16, 90)
ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
         (1, 0, 2, 1))  # fmt: skip
EXAMPLES = settings(max_examples=25, deadline=None)


def picture(width, height, channels, bits):
    """A portrait of so many bits a sample: grey, with alpha, in colour, in colour with alpha."""
    image = astronaut().resize((width, height))
    colours = np.asarray(image if channels > 2 else image.convert("L"))
    colours = colours.reshape(height, width, -1)
    if channels in (2, 4):
        ramp = np.linspace(0, 255, width).astype(np.uint8) * np.ones((height, 1), np.uint8)
        colours = np.concatenate([colours, ramp[..., None]], axis=-1)
    values = colours.astype(np.uint32) * ((1 << bits) - 1) // 255
    return values.astype(np.uint8 if bits <= 8 else np.uint16)


def shown(values, bits):
    """What people should see of (H, W, C) samples, (H, W, 3) in steps of 255: on white."""
    seen = values.astype(float) * 255 / ((1 << bits) - 1)
    if seen.shape[-1] in (2, 4):
        share = seen[..., -1:] / 255
        seen = seen[..., :-1] * share + 255 * (1 - share)
    return np.broadcast_to(seen, (*seen.shape[:2], 3))


def off(data, expected):
    """How far a file's pixels are from what is expected, in steps of 255."""
    pixels = read_here(data, LIMITS).pixels
    seen = pixels / (257 if pixels.dtype == np.uint16 else 1)
    seen = seen if seen.ndim == 3 else np.repeat(seen[..., None], 3, axis=-1)
    assert seen.shape == expected.shape
    return np.abs(seen - expected).max()


def plain(values):
    """Samples as encoders take them: grey without an axis for its one channel."""
    return np.ascontiguousarray(values[..., 0] if values.shape[-1] == 1 else values)


def rows_of_png(values, bits):
    if not values.size:
        return b""
    places = (values[..., None].astype(np.uint32) >> np.arange(bits - 1, -1, -1)) & 1
    packed = np.packbits(places.reshape(len(values), -1).astype(np.uint8), axis=1)
    return b"".join(b"\0" + row.tobytes() for row in packed)


@EXAMPLES
@given(
    SIDES, SIDES, st.sampled_from([(1, 1), (1, 2), (1, 4), (1, 8), (1, 16), (2, 8), (2, 16),
                                   (3, 8), (3, 16), (4, 8), (4, 16)]), st.booleans(),
    st.integers(1, 9),
)  # fmt: skip
def test_any_png_is_read_back(width, height, kind, interlaced, pieces):
    channels, bits = kind
    values = picture(width, height, channels, bits)
    passes = (
        [values[y::down, x::across] for y, x, down, across in ADAM7] if interlaced else [values]
    )
    data = zlib.compress(b"".join(rows_of_png(one, bits) for one in passes))
    step = -(-len(data) // pieces)
    color_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, interlaced)
    body = [make_chunk(b"IDAT", data[at : at + step]) for at in range(0, len(data), step)]
    file = b"".join([SIGNATURE, make_chunk(b"IHDR", header), *body, make_chunk(b"IEND", b"")])
    assert off(file, shown(values, bits)) <= 1


@EXAMPLES
@given(
    SIDES, SIDES, st.sampled_from([1, 2, 4, 8]), st.booleans(), st.randoms(use_true_random=False)
)
def test_any_png_with_a_palette_is_read_back(width, height, bits, clear, random):
    indices = picture(width, height, 1, bits)[..., 0]
    table = np.array(
        [[random.randrange(256) for _ in range(4)] for _ in range(1 << bits)], np.uint8
    )
    header = struct.pack(">IIBBBBB", width, height, bits, 3, 0, 0, 0)
    notes = [make_chunk(b"PLTE", table[:, :3].tobytes())]
    if clear:
        notes.append(make_chunk(b"tRNS", table[:, 3].tobytes()))
    pixels = make_chunk(b"IDAT", zlib.compress(rows_of_png(indices, bits)))
    file = b"".join(
        [SIGNATURE, make_chunk(b"IHDR", header), *notes, pixels, make_chunk(b"IEND", b"")]
    )
    assert off(file, shown(table[:, : 4 if clear else 3][indices], 8)) <= 1


@EXAMPLES
@given(SIDES, SIDES, st.integers(1, 4), st.sampled_from([8, 10, 12, 16]), st.booleans())
def test_any_jpeg_xl_is_read_back(width, height, channels, bits, boxed):
    values = picture(width, height, channels, bits)
    data = imagecodecs.jpegxl_encode(
        plain(values), lossless=True, bitspersample=bits, usecontainer=boxed
    )
    assert off(data, shown(values, bits)) <= 1


@EXAMPLES
@given(SIDES, SIDES, st.sampled_from([1, 3]), st.sampled_from([1, 2, 4, 8, 10, 12, 16]),
       st.sampled_from(["jp2", "j2k"]))  # fmt: skip
def test_any_jpeg_2000_is_read_back(width, height, channels, bits, codec):
    values = picture(width, height, channels, bits)
    data = imagecodecs.jpeg2k_encode(plain(values), level=0, bitspersample=bits, codecformat=codec)
    assert off(data, shown(values, bits)) <= 1


@EXAMPLES
@given(SIDES, SIDES, st.sampled_from([3, 4]))
def test_any_lossless_webp_is_read_back(width, height, channels):
    values = picture(width, height, channels, 8)
    data = encoded(Image.fromarray(values), "WEBP", lossless=True, exact=True)
    assert off(data, shown(values, 8)) <= 1


@EXAMPLES
@given(SIDES, SIDES, st.sampled_from(["BMP", "GIF"]), st.sampled_from(["1", "L", "P", "RGB"]))
def test_any_bmp_and_gif_is_read_back(width, height, kind, mode):
    image = astronaut().resize((width, height))
    image = (
        image.quantize(256)
        if mode == "P" or (kind, mode) == ("GIF", "RGB")
        else image.convert(mode)
    )
    expected = np.asarray(image.convert("RGB"), float)
    assert off(encoded(image, kind), expected) <= 1


@EXAMPLES
@given(SIDES, SIDES, st.sampled_from([1, 3]), st.sampled_from([8, 12, 16]))
def test_any_lossless_jpeg_is_read_back(width, height, channels, bits):
    values = picture(width, height, channels, bits)
    options = {"bitspersample": bits, "lossless": True}
    if channels == 3:
        options |= {"colorspace": "rgb", "outcolorspace": "rgb"}
    assert off(imagecodecs.jpeg8_encode(plain(values), **options), shown(values, bits)) <= 1


@EXAMPLES
@given(SIDES, SIDES, st.sampled_from([8, 10, 12]))
def test_any_avif_without_loss_is_read_back(width, height, bits):
    values = picture(width, height, 3, bits)
    data = imagecodecs.avif_encode(plain(values), level=100, bitspersample=bits)
    assert off(data, shown(values, bits)) <= 1


@EXAMPLES
@given(SIDES, SIDES, st.sampled_from([8, 10, 12]), st.sampled_from([3, 4]))
def test_any_heic_without_loss_is_read_back(width, height, bits, channels):
    values = picture(width, height, channels, bits)
    mode = "RGBA"[:channels] + ("" if bits == 8 else f";{bits}")
    sink = io.BytesIO()
    pillow_heif.encode(mode, (width, height), values.tobytes(), sink, quality=-1, chroma=444,
                       matrix_coefficients=0)  # fmt: skip
    assert off(sink.getvalue(), shown(values, bits)) <= 1
