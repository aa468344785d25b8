"""Whatever a picture is stored as, it comes in as it is meant to look."""

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms, ImageOps

from colorizer.intake import Limits
from colorizer.intake.reading import read_here
from tests.support.pictures import astronaut, encoded
from tests.unit.colorizer.intake import profiles

LIMITS = Limits(max_bytes=40 << 20, max_pixels=40_000_000, min_side=16)


def taken(data):
    return read_here(data, LIMITS)


def small(mode="RGB"):
    return astronaut().resize((96, 64)).convert(mode)


def close(pixels, picture, within):
    """Whether 8 or 16-bit pixels are the picture's, within so many steps of 255."""
    if pixels.dtype == np.uint16:
        pixels = pixels / 257
    return np.abs(pixels.astype(float) - np.asarray(picture).astype(float)).max() <= within


def png16(values):
    """A PNG of 16 bits a channel, (H, W) or (H, W, 3), which Pillow cannot write."""
    height, width = values.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    color_type = 2 if values.ndim == 3 else 0

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 16, color_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def tiff(values, **options):
    sink = io.BytesIO()
    tifffile.imwrite(sink, values, **options)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {}), ("TIFF", {}), ("WEBP", {"lossless": True})]
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_lossless_pictures_come_in_bit_by_bit(kind, options, mode):
    picture = small(mode)
    result = taken(encoded(picture, kind, **options))
    assert np.array_equal(result.pixels, np.asarray(picture))
    assert result.is_grey == (mode == "L")


def test_a_jpeg_comes_in_as_decoders_see_it():
    data = encoded(small(), "JPEG", quality=90)
    assert np.array_equal(taken(data).pixels, np.asarray(Image.open(io.BytesIO(data))))


@pytest.mark.parametrize("kind", ["TIFF", "JPEG"])
def test_cmyk_becomes_rgb(kind):
    result = taken(encoded(small("CMYK"), kind))
    assert result.pixels.shape == (64, 96, 3)
    assert close(result.pixels, small(), 2 if kind == "TIFF" else 60)


def test_deep_grey_stays_sixteen_bits():
    values = np.asarray(small("L")).astype(np.uint16) * 257
    for data in (png16(values), tiff(values), tiff(values, byteorder=">")):
        result = taken(data)
        assert result.is_grey
        assert np.array_equal(result.pixels, values)


def test_deep_grey_that_counts_from_white_is_not_a_negative():
    values = 65535 - np.asarray(small("L")).astype(np.uint16) * 257
    result = taken(tiff(values, photometric="miniswhite"))
    assert close(result.pixels, small("L"), 1)


def test_deep_colour_stays_sixteen_bits():
    values = np.asarray(small()).astype(np.uint16) * 257
    assert np.array_equal(taken(png16(values)).pixels, values)
    assert np.array_equal(taken(tiff(values, photometric="rgb")).pixels, values)


@pytest.mark.parametrize("peak", [1.0, 255.0, 65535.0])
def test_floating_point_is_scaled_by_what_white_must_be(peak):
    values = np.asarray(small("L")).astype(np.float32) / 255 * peak
    values[0, 0], values[0, 1] = peak, 0.0
    assert close(taken(tiff(values)).pixels[1:], np.asarray(small("L"))[1:], 1)


def test_floating_point_with_holes_is_clipped_to_black_and_white():
    values = np.linspace(-5, 5, 64 * 96, dtype=np.float32).reshape(64, 96)
    values[3, 3], values[4, 4] = np.nan, np.inf
    pixels = taken(tiff(values)).pixels
    assert (pixels[0, 0], pixels[-1, -1]) == (0, 65535)


def test_floating_point_of_one_value_is_no_division_by_zero():
    assert taken(tiff(np.zeros((64, 96), np.float32))).is_grey


def test_thirty_two_bit_integers_are_read():
    values = np.asarray(small("L")).astype(np.int32)
    assert close(taken(tiff(values)).pixels, small("L"), 0.01)
    assert close(taken(tiff(values * 257)).pixels, small("L"), 1)


def test_a_palette_becomes_its_colours():
    picture = small().quantize(32)
    assert np.array_equal(taken(encoded(picture)).pixels, np.asarray(picture.convert("RGB")))


def test_a_palette_with_a_transparent_entry_stands_on_white():
    picture = Image.new("P", (32, 32))
    picture.putpalette([200, 0, 0, 0, 0, 200])
    picture.paste(1, (0, 0, 16, 32))
    pixels = taken(encoded(picture, transparency=1)).pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[0, 31].tolist() == [200, 0, 0]


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_stands_on_white(mode):
    picture = small(mode)
    picture.putalpha(Image.linear_gradient("L").resize(picture.size))
    result = taken(encoded(picture))
    assert result.is_grey == (mode == "LA")
    white = Image.new("RGBA", picture.size, "white")
    expected = Image.alpha_composite(white, picture.convert("RGBA"))
    assert close(result.pixels, expected.convert("L" if mode == "LA" else "RGB"), 1)
    assert result.pixels[0].min() >= 250


def test_line_art_of_one_bit_becomes_grey():
    picture = small("1")
    assert np.array_equal(taken(encoded(picture)).pixels, np.asarray(picture.convert("L")))


def test_a_lab_tiff_becomes_srgb():
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    picture = ImageCms.profileToProfile(small(), srgb, lab, outputMode="LAB")
    assert close(taken(encoded(picture, "TIFF")).pixels, small(), 12)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_a_picture_taken_on_its_side_stands_upright(orientation, kind):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(small(), kind, exif=exif)
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    result = taken(data)
    assert np.array_equal(result.pixels, np.asarray(expected))
    assert (result.width, result.height) == ((64, 96) if orientation > 4 else (96, 64))


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_nonsense_in_exif_is_left_out():
    data = encoded(small(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 40)
    assert taken(data).width == 96


def test_an_embedded_profile_is_honoured():
    picture = Image.new("RGB", (32, 32), (255, 0, 0))
    data = encoded(picture, icc_profile=profiles.swapped_red_and_blue())
    assert np.abs(taken(data).pixels[0, 0].astype(int) - (0, 0, 255)).max() <= 3


def test_a_grey_profile_is_honoured_and_the_picture_stays_grey():
    picture = Image.new("L", (32, 32), 128)
    result = taken(encoded(picture, icc_profile=profiles.linear_grey()))
    assert result.is_grey
    assert abs(int(result.pixels[0, 0]) - 188) <= 1


def test_a_grey_picture_in_a_colour_profile_is_read_as_equal_parts():
    picture = Image.new("L", (32, 32), 128)
    result = taken(encoded(picture, icc_profile=profiles.swapped_red_and_blue()))
    assert result.is_grey
    assert abs(int(result.pixels[0, 0]) - 129) <= 3


@pytest.mark.parametrize("profile", [b"nonsense", profiles.linear_grey(), b"\0" * 400])
def test_a_profile_that_does_not_fit_is_left_out(profile):
    data = encoded(small(), icc_profile=profile)
    assert np.array_equal(taken(data).pixels, np.asarray(small()))


def test_srgb_itself_changes_nothing():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.array_equal(taken(encoded(small(), icc_profile=profile)).pixels, np.asarray(small()))


def test_grey_stored_in_three_channels_is_grey():
    picture = small("L").convert("RGB")
    for data in (encoded(picture), encoded(picture, "JPEG", quality=95)):
        assert taken(data).is_grey


def test_a_sepia_print_is_not_grey():
    sepia = ImageOps.colorize(small("L"), "#1a0f06", "#fff4dc")
    result = taken(encoded(sepia))
    assert not result.is_grey
    assert np.array_equal(result.pixels, np.asarray(sepia))


def test_one_coloured_pixel_makes_a_picture_coloured():
    picture = small("L").convert("RGB")
    picture.putpixel((95, 63), (200, 100, 100))
    assert not taken(encoded(picture)).is_grey
