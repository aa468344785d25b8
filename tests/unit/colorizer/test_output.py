"""Results say what is known of the photo and how they came to be; exiftool reads it."""

import json
import os
import shutil
import subprocess

import numpy as np
import pytest

from colorizer.intake import read
from colorizer.metadata.fields import Metadata
from colorizer.metadata.xmp import SOURCE_TYPE, Provenance
from colorizer.output import FORMATS, FormatLimitError, check_format, encode

KNOWN = Metadata.of(
    {
        "title": "Wedding", "caption": "할머니 und Großmutter",
        "taken": "1943-05-12T10:30:00+09:00",
        "people": ["Kim", "Lee"], "keywords": ["harbour"], "creator": ["Jürgen X"],
        "copyright": "© the archive", "city": "서울", "country": "Korea", "latitude": 37.5665,
        "longitude": -126.978, "altitude": 38.5, "make": "Epson", "model": "V700", "iso": 400,
        "dpi": (600, 600),
    }
)  # fmt: skip
MADE = Provenance(software="Rehue 1.0", model="rehue-test", hints=3, hint_set="https://a.b/hints")
PIXELS = np.random.default_rng(2).integers(0, 65535, (40, 60, 3), np.uint16)


@pytest.mark.parametrize("name", FORMATS)
def test_known_fields_come_back_from_every_format(name):
    result = read(encode(PIXELS, name, metadata=KNOWN, provenance=MADE))
    assert result.metadata == KNOWN
    if FORMATS[name].deep:
        assert np.array_equal(result.pixels, PIXELS)


@pytest.mark.skipif(
    not shutil.which("exiftool") and "CI" not in os.environ, reason="exiftool is not installed"
)
@pytest.mark.parametrize("name", FORMATS)
def test_exiftool_reads_what_was_carried_and_what_was_made_true(name, tmp_path):
    path = tmp_path / f"result.{FORMATS[name].extension}"
    path.write_bytes(encode(PIXELS, name, metadata=KNOWN, provenance=MADE))
    stated = subprocess.run(["exiftool", "-json", "-n", str(path)], capture_output=True, check=True)
    tags = json.loads(stated.stdout)[0]
    assert tags["DateTimeOriginal"] == "1943:05:12 10:30:00"
    assert tags["Orientation"] == 1
    assert tags["ColorSpace"] == 1
    assert (tags["ImageWidth"], tags["ImageHeight"]) == (60, 40)
    assert tags["GPSLatitude"] == pytest.approx(37.5665, abs=1e-5)
    assert tags["GPSLongitude"] == pytest.approx(-126.978, abs=1e-5)
    assert tags["PersonInImage"] == ["Kim", "Lee"]
    assert tags["City"] == "서울"
    assert tags["DigitalSourceType"] == SOURCE_TYPE
    assert "ThumbnailImage" not in tags
    assert "Warning" not in tags


def test_the_place_or_all_can_be_left_out():
    assert KNOWN.carried("no_place").to_json().keys().isdisjoint({"city", "latitude", "country"})
    assert KNOWN.carried("no_place").people == ("Kim", "Lee")
    assert KNOWN.carried("none") == Metadata(dpi=(600.0, 600.0))


def test_what_a_format_cannot_hold_is_stated_before_the_work():
    with pytest.raises(FormatLimitError, match="16383"):
        check_format("webp", 20_000, 1000)
    check_format("tiff", 20_000, 1000)
