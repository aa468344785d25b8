"""What small hostile files may cost: each took minutes or gigabytes before."""

import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer.intake import IntakeError, Limits, is_large, measure, read
from colorizer.intake.process import _current_pool
from tests.support import hostile
from tests.support.pictures import encoded, grey_astronaut


@pytest.fixture
def fresh():
    """No decoding process is left that held much before."""
    pool = _current_pool()
    while pool._idle:
        pool._idle.pop().stop()
    return pool


def peak(pool):
    """The most memory that the only decoding process held, in MB."""
    (worker,) = pool._idle
    status = Path(f"/proc/{worker._process.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


@pytest.mark.parametrize("scans", [60, 1500])
def test_a_large_photo_of_many_scans_is_refused_before_it_is_decoded(scans):
    data = hostile.jpeg_of_scans(scans)
    begun = time.monotonic()
    with pytest.raises(IntakeError) as raised:
        read(data)
    assert raised.value.code == "too_many_parts"
    assert time.monotonic() - begun < 5


def test_a_small_photo_may_have_many_scans():
    assert read(hostile.jpeg_of_scans(90, side=600)).width == 600


def test_forty_bytes_of_forty_megapixels_take_no_gigabyte(fresh):
    data = hostile.webp_of_nothing()
    assert len(data) < 100
    assert read(data).width == 16383
    assert peak(fresh) < 500


def test_a_tile_far_beyond_its_photo_fills_no_memory(fresh):
    with pytest.raises(IntakeError):
        read(hostile.tiff_of_a_wide_tile())
    read(encoded(grey_astronaut()))
    assert peak(fresh) < 400


@pytest.mark.parametrize("tag", [273, 258])
def test_a_table_of_millions_is_refused_before_it_is_read(fresh, tag):
    with pytest.raises(IntakeError) as raised:
        read(hostile.tiff_of_many_strips(tag=tag))
    assert raised.value.code == "too_many_parts"
    assert peak(fresh) < 250


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP"])
def test_a_beginning_gives_how_large_a_photo_is(kind):
    assert measure([encoded(grey_astronaut(300, 200), kind)]) == [(300, 200)]


def test_large_photos_are_distinguished_from_others():
    assert not is_large(encoded(grey_astronaut(4000, 3000), "JPEG"))
    assert is_large(hostile.webp_of_nothing())
    assert is_large(b"nobody knows"), "what is unknown counts as large"


def test_a_webp_comes_in_as_pillow_reads_it():
    for mode in ("RGB", "RGBA"):
        picture = Image.fromarray(np.asarray(grey_astronaut(90, 60))).convert(mode)
        data = encoded(picture, "WEBP", lossless=True)
        assert np.array_equal(read(data).pixels, np.asarray(picture.convert("L")))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = encoded(grey_astronaut(90, 60).convert("RGB"), "WEBP", exif=exif)
    assert (read(turned, Limits()).width, measure([turned])) == (60, [(60, 90)])
