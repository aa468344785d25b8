"""Bad uploads: each is refused with the right code and a sentence."""

import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from colorizer.intake import IntakeError, Limits, reading
from colorizer.intake.reading import read_here
from tests.support.pictures import astronaut, encoded

LIMITS = Limits(max_bytes=2_000_000, max_pixels=1_000_000, min_side=16)
FRAMES = {"save_all": True, "append_images": [Image.new("RGB", (32, 32), "red")]}


def still(mode="RGB"):
    return astronaut().resize((96, 64)).convert(mode)


def refused(data, limits=LIMITS):
    with pytest.raises(IntakeError) as raised:
        read_here(data, limits)
    assert str(raised.value).endswith(".")
    return raised.value.status, raised.value.code


def test_empty():
    assert refused(b"") == (400, "empty")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_truncated(kind, share):
    data = encoded(still(), kind)
    status, code = refused(data[: int(len(data) * share)])
    assert (status, code) == (400, "damaged")


@pytest.mark.parametrize(
    "magic", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b"II*\0"]
)
def test_nothing_but_the_beginning_of_a_picture(magic):
    assert refused(magic) == (400, "damaged")
    assert refused(magic + b"\0" * 100) == (400, "damaged")


def test_too_many_bytes():
    assert refused(b"\0" * 2_000_001) == (413, "too_many_bytes")


def test_too_many_pixels_are_seen_in_the_header_alone(monkeypatch):
    data = encoded(Image.new("L", (1001, 1000)))
    monkeypatch.setattr(reading, "conversion_of", lambda _: pytest.fail("decoded"))
    assert refused(data) == (413, "too_many_pixels")


@pytest.mark.parametrize("side", [9_000, 20_000])
def test_a_decompression_bomb(side):
    data = encoded(Image.new("1", (side, side)))
    assert len(data) < 2_000_000
    assert refused(data) == (413, "too_many_pixels")


def test_a_bomb_in_a_text_chunk_is_left_out():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("k", "a" * 20_000_000, zip=True)
    data = encoded(still(), pnginfo=notes)
    assert np.array_equal(read_here(data, LIMITS).pixels, np.asarray(still()))


def test_too_small_and_too_narrow():
    assert refused(encoded(Image.new("L", (15, 100)))) == (422, "too_small")
    assert refused(encoded(Image.new("L", (1, 1)))) == (422, "too_small")
    assert refused(encoded(Image.new("L", (16, 481)))) == (422, "too_narrow")
    assert read_here(encoded(Image.new("L", (16, 480))), LIMITS).height == 480


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_animated(kind):
    data = encoded(Image.new("RGB", (32, 32), "blue"), kind, **FRAMES)
    assert refused(data) == (422, "animated")


def test_a_tiff_of_several_pages():
    data = encoded(Image.new("RGB", (32, 32), "blue"), "TIFF", **FRAMES)
    assert refused(data) == (422, "several_pages")


def test_a_tiff_with_a_preview_of_itself_is_one_picture():
    picture, preview = still(), still().resize((32, 24))
    preview.encoderinfo = {"tiffinfo": {254: 1}}
    data = encoded(picture, "TIFF", save_all=True, append_images=[preview])
    assert np.array_equal(read_here(data, LIMITS).pixels, np.asarray(picture))


def test_a_phones_second_picture_is_not_an_animation():
    picture = still()
    data = encoded(picture, "MPO", save_all=True, append_images=[picture.resize((48, 32))])
    assert Image.open(io.BytesIO(data)).n_frames == 2
    assert read_here(data, LIMITS).width == 96


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<svg onload=alert(1)>", "SVG"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "web page"),
        (b"\xef\xbb\xbf <HTML><body>", "web page"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video"),
        (b"8BPS\0\x01", "Photoshop"),
        (b"PK\x03\x04" + b"\0" * 60, "ZIP"),
    ],
)
def test_other_things_are_called_by_their_name(data, word):
    with pytest.raises(IntakeError, match=word) as raised:
        read_here(data, LIMITS)
    assert (raised.value.status, raised.value.code) == (415, "unsupported_format")


@pytest.mark.parametrize("kind", ["ICO", "PPM", "TGA", "EPS"])
def test_formats_that_are_not_on_the_list(kind):
    assert refused(encoded(still(), kind))[0] == 415


def test_plain_words():
    assert refused(b"hello, I am no picture") == (415, "unsupported_format")


def test_a_web_page_hidden_behind_a_picture_is_gone():
    data = encoded(still(), "JPEG", comment=b"<script>1</script>") + b"<script>2</script>"
    assert read_here(data, LIMITS).pixels.shape == (64, 96, 3)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"II*\0\x10\0\0\0CR\2\0", "CR2"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1", "CR3"),
        (b"FUJIFILMCCD-RAW 0201", "RAF"),
        (b"IIRO\x08\0\0\0", "ORF"),
        (b"IIU\0\x18\0\0\0", "RW2"),
    ],
)
def test_camera_raws_are_called_by_their_name(head, kind):
    with pytest.raises(IntakeError, match=kind) as raised:
        read_here(head + b"\0" * 100, LIMITS)
    assert (raised.value.status, raised.value.code) == (415, "camera_raw")
