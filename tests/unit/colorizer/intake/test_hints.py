"""Files of hints are read in the process that decodes, with the same result as here."""

import json

import pytest

from colorizer import hintfiles
from colorizer.hintfiles import HintFileError
from colorizer.intake.hints import match_hints

POINT = {"type": "point", "x": 0.5, "y": 0.25, "radius": 0.1, "color": "#7a4b2c"}


def hint_file(**point):
    return json.dumps({"version": 1, "hints": [POINT | point]}).encode()


def test_each_photo_gets_the_hints_of_its_file():
    photos = ["a/할머니.jpg", "b.tif", "without.png"]
    files = {
        "a/할머니.json": hint_file(x=0.125),
        "hints.json": json.dumps({"b.tif": json.loads(hint_file())}).encode(),
    }
    found = {photo: json.loads(text) for photo, text in match_hints(photos, files).items()}
    assert found == hintfiles.match_hints(photos, files, files.__getitem__)
    assert found["a/할머니.jpg"]["hints"][0]["x"] == 0.125
    assert set(found) == {"a/할머니.jpg", "b.tif"}


def test_photos_without_hints_are_none():
    assert match_hints(["a.jpg"], {}) == {}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"a.json": b"{"}, "bad_hints"),
        ({"a.json": hint_file(x=2)}, "bad_hints"),
        ({"b.json": hint_file()}, "hints_without_photo"),
    ],
)
def test_what_is_wrong_is_the_same_error_as_here(files, code):
    with pytest.raises(HintFileError) as here:
        hintfiles.match_hints(["a.jpg"], files, files.__getitem__)
    with pytest.raises(HintFileError) as there:
        match_hints(["a.jpg"], files)
    assert (there.value.code, str(there.value)) == (code, str(here.value))
    assert there.value.values == here.value.values
