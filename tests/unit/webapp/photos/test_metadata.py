"""What is known about a photo: read from its file, changed, searched, and carried into results."""

import numpy as np
import pytest

from colorizer import output
from colorizer.metadata.fields import Metadata
from tests.support.people import as_guest, upload

KNOWN = Metadata(
    title="Harbour", caption="Boats before the storm", taken="1943-05-12", people=("Kim Sun-ja",),
    city="Busan", country="Korea", latitude=35.1, longitude=129.04, make="Epson", model="V850",
)  # fmt: skip


def scan(known=KNOWN, *, bits=8):
    """A small grey TIFF that says what is known."""
    ramp = np.linspace(0, 255 if bits == 8 else 65535, 96 * 64).reshape(64, 96)
    return output.encode(ramp.astype(f"uint{bits}"), "tiff", metadata=known)


def add(client, known=KNOWN, name="scan.tif", **facts):
    response = client.post("/api/photos", {"file": upload(scan(known, **facts), name)})
    assert response.status_code == 201, response.content
    return response.json()


def change(client, photo, **metadata):
    body = {"metadata": metadata}
    return client.patch(f"/api/photos/{photo['id']}", body, content_type="application/json")


def titles_of(client, query):
    return [photo["title"] for photo in client.get(f"/api/photos?{query}").json()["items"]]


@pytest.fixture
def visitor(client, live):
    return as_guest(client)


def test_metadata_of_the_file_is_returned(visitor):
    known = add(visitor)["metadata"]
    assert (known["title"], known["caption"]) == ("Harbour", "Boats before the storm")
    assert (known["taken"], known["people"]) == ("1943-05-12", ["Kim Sun-ja"])
    assert (known["city"], known["latitude"], known["model"]) == ("Busan", 35.1, "V850")


def test_a_photo_of_sixteen_bits_says_so(visitor):
    assert (add(visitor, bits=16)["bits"], add(visitor)["bits"]) == (16, 8)


def test_fields_that_are_given_change_and_the_others_stay(visitor):
    photo = add(visitor)
    answer = change(visitor, photo, caption=" 부산항 ", taken="1943", people=[], latitude=None)
    known = answer.json()["metadata"]
    assert (known["caption"], known["taken"], known["people"]) == ("부산항", "1943", [])
    assert (known["title"], known["latitude"], known["longitude"]) == ("Harbour", None, 129.04)
    assert visitor.get(f"/api/photos/{photo['id']}").json()["metadata"] == known


@pytest.mark.parametrize("taken", ["12.5.1943", "1943-13", "1943-02-30", "May", "194"])
def test_a_date_that_is_none_is_refused_and_nothing_changes(visitor, taken):
    photo = add(visitor)
    refused = change(visitor, photo, taken=taken, caption="other")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_date")
    assert visitor.get(f"/api/photos/{photo['id']}").json()["metadata"] == photo["metadata"]


def test_what_the_camera_says_cannot_be_changed(visitor):
    photo = add(visitor)
    assert change(visitor, photo, model="Leica").json()["metadata"]["model"] == "V850"


def test_words_of_the_metadata_find_a_photo(visitor):
    add(visitor, name="a.tif")
    add(visitor, Metadata(), name="b.tif")
    for words in ("busan", "storm", "sun-ja", "harbour boats"):
        assert titles_of(visitor, f"q={words}") == ["a"], words


def test_photos_stand_by_when_they_were_taken_and_those_without_a_date_last(visitor):
    for name, taken in {"c": "1950", "a": "1943-05-12", "none": "", "b": "1943-06"}.items():
        add(visitor, Metadata(taken=taken), name=f"{name}.tif")
    assert titles_of(visitor, "sort=taken_oldest") == ["a", "b", "c", "none"]
    assert titles_of(visitor, "sort=taken_newest") == ["c", "b", "a", "none"]
    pages, cursor = [], ""
    while cursor is not None:
        page = visitor.get(f"/api/photos?sort=taken_oldest&limit=1&cursor={cursor}").json()
        pages += [photo["title"] for photo in page["items"]]
        cursor = page["next"]
    assert pages == ["a", "b", "c", "none"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("taken_since=1943-06", ["b", "year", "c"]),
        ("taken_until=1943-05", ["year", "a"]),
        ("taken_until=1943", ["year", "a", "b"]),
        ("taken_since=1944&taken_until=1950", ["c"]),
    ],
)
def test_photos_are_found_by_when_they_were_taken(visitor, query, names):
    dates = {"c": "1950", "a": "1943-05-12", "none": "", "b": "1943-06-01", "year": "1943"}
    for name, taken in dates.items():
        add(visitor, Metadata(taken=taken), name=f"{name}.tif")
    assert sorted(titles_of(visitor, query)) == sorted(names)


def test_dates_of_a_search_are_dates(visitor):
    assert visitor.get("/api/photos?taken_since=May").status_code == 422
