"""Hints that come as files find their photos, or say why not."""

import json

import pytest

from colorizer.hintfiles import HintFileError, match_hints

DAB = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}
HINTS = {"version": 1, "hints": [DAB]}
FENCED = {
    "version": 2,
    "vividness": 1.5,
    "regions": [{"name": "", "points": [[0.1, 0.1], [0.9, 0.2], [0.5, 0.9]]}],
    "hints": [DAB | {"region": 0}],
}
EMPTY = {"version": 1, "hints": []}


def match(photos, files):
    content = {
        path: one if isinstance(one, bytes) else json.dumps(one).encode()
        for path, one in files.items()
    }
    return match_hints(photos, content, content.__getitem__)


def refusal(photos, files):
    with pytest.raises(HintFileError) as caught:
        match(photos, files)
    return caught.value


def test_a_file_beside_a_photo_is_for_it():
    photos = ["a/1.jpg", "a/2.jpg", "b/1.jpg"]
    assert match(photos, {"a/1.json": HINTS}) == {"a/1.jpg": HINTS}
    assert match(photos, {"a/2.jpg.json": HINTS}) == {"a/2.jpg": HINTS}
    assert match(photos, {"a/2.jpg.json": FENCED}) == {"a/2.jpg": FENCED}


def test_one_file_for_all_names_photos_from_its_own_folder():
    files = {"a/hints.json": {"1.jpg": HINTS, "deep/2.jpg": EMPTY}}
    assert match(["a/1.jpg", "a/deep/2.jpg", "b.jpg"], files) == {
        "a/1.jpg": HINTS,
        "a/deep/2.jpg": EMPTY,
    }


def test_a_photo_called_hints_may_have_hints():
    assert match(["hints.jpg"], {"hints.json": HINTS}) == {"hints.jpg": HINTS}


def test_a_byte_order_mark_does_no_harm():
    assert match(["1.jpg"], {"1.json": b"\xef\xbb\xbf" + json.dumps(EMPTY).encode()})


def test_hints_for_a_photo_that_is_not_there_are_refused_by_name():
    error = refusal(["1.jpg"], {"1.json": HINTS, "2.json": HINTS})
    assert error.code == "hints_without_photo"
    assert "“2”" in str(error)
    error = refusal(["1.jpg"], {"hints.json": {"1.jpg": HINTS, "away.jpg": HINTS}})
    assert "“away.jpg”" in str(error)


def test_of_many_missing_photos_a_few_are_named():
    error = refusal(["1.jpg"], {"hints.json": {f"no{n}.jpg": HINTS for n in range(100)}})
    assert len(str(error)) < 200


def test_hints_for_two_photos_of_one_name_are_refused():
    error = refusal(["1.jpg", "1.png"], {"1.json": HINTS})
    assert error.code == "hints_ambiguous"
    assert "1.jpg.json" in str(error)


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff\xfe", b"[" * 100_000, b'{"version": 3, "hints": []}', b'{"hints": NaN}', b"7",
     b'{"version": 1, "hints": [{"type": "point", "x": 2, "y": 0}]}'],
)  # fmt: skip
def test_broken_hints_are_refused_with_their_file(content):
    error = refusal(["1.jpg"], {"1.json": content})
    assert error.code == "bad_hints"
    assert "1.json" in str(error)
