"""Photos over HTTP."""

import io

import numpy as np
import pytest
from django.test import Client
from PIL import Image

from tests.support.pdfs import Page, image, pdf, scan
from tests.support.people import as_guest, upload
from tests.support.pictures import astronaut, encoded, grey_astronaut
from training.models import ModelVersion
from webapp.photos.models import Photo
from webapp.studio.chroma import pack
from webapp.studio.models import Chroma, Hints, Job

PROBLEM = "application/problem+json"


@pytest.fixture
def visitor(client, live):
    return as_guest(client)


@pytest.fixture
def photo(visitor):
    return add(visitor).json()


def add(client, **facts):
    return client.post("/api/photos", {"file": upload(**facts)})


def problem(response, status, code):
    assert response.status_code == status
    assert response.headers["Content-Type"] == PROBLEM
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"]
    assert body["detail"].endswith((".", "!"))
    return body


def coloured(photo_id, *, revision=1, ab=(40, 60)):
    job = Job.objects.filter(photo=photo_id).first()
    planes = np.ones((2, 8, 12), np.float32) * np.array(ab, np.float32)[:, None, None]
    Chroma.objects.update_or_create(
        photo_id=photo_id,
        defaults={
            "revision": revision,
            "job": job,
            "model_version": job.model_version,
            "width": 12,
            "height": 8,
            "data": pack(planes),
            "seconds": 0.1,
        },
    )


def test_a_newcomer_uploads_without_an_account(client, live):
    response = add(client, name="사진.png")
    assert response.status_code == 201
    body = response.json()
    assert (body["title"], body["width"], body["height"]) == ("사진", 96, 64)
    assert (body["is_grey"], body["revision"]) == (True, 0)
    assert client.get(body["url"]).status_code == 200
    lightness = client.get(body["lightness_url"])
    assert Image.open(io.BytesIO(lightness.getvalue())).format == "JPEG"
    assert [one["id"] for one in client.get("/api/photos").json()["items"]] == [body["id"]]


def test_the_original_comes_back_pixel_by_pixel(visitor):
    body = add(visitor, data=encoded(astronaut()), name="a/b “c”.png").json()
    response = visitor.get(body["original_url"])
    assert response.headers["Content-Disposition"].startswith("attachment")
    data = response.getvalue()
    assert len(data) == int(response.headers["Content-Length"])
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), np.asarray(astronaut()))


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "empty"),
        (encoded(grey_astronaut())[:2000], 400, "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_format"),
        (b"%PDF-1.7", 400, "damaged"),
        (b"<!doctype html>", 415, "unsupported_format"),
        (encoded(Image.new("1", (20_000, 12_000))), 413, "too_many_pixels"),
        (encoded(Image.new("L", (8, 8))), 422, "too_small"),
    ],
)
def test_a_bad_upload_is_answered_with_a_sentence_and_leaves_nothing(visitor, data, status, code):
    problem(add(visitor, data=data), status, code)
    assert not Photo.objects.exists()


def test_too_many_bytes(visitor, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    problem(add(visitor), 413, "too_many_bytes")


def test_the_name_and_the_declared_type_are_not_believed(visitor):
    file = upload(data=encoded(grey_astronaut(), "JPEG"), name="a.svg")
    file.content_type = "image/svg+xml"
    assert visitor.post("/api/photos", {"file": file}).status_code == 201


def test_uploads_that_are_no_uploads(visitor):
    problem(visitor.post("/api/photos"), 422, "invalid")
    problem(visitor.post("/api/photos", {"file": "text"}), 422, "invalid")
    problem(visitor.post("/api/photos", {"other": upload()}), 422, "invalid")
    garbage = visitor.post(
        "/api/photos", data=b"garbage", content_type="multipart/form-data; boundary="
    )
    problem(garbage, 400, "bad_request")
    problem(visitor.post("/api/photos", data="{", content_type="application/json"), 422, "invalid")


def test_one_photo_too_many(visitor, settings):
    settings.GUEST_PHOTOS_PER_DAY = 1
    add(visitor)
    problem(add(visitor), 429, "quota")


def test_without_a_model_the_upload_says_so(client, db):
    problem(add(client), 503, "no_live_model")
    assert not Photo.objects.exists()


def test_the_list_is_paged_and_searched(visitor):
    for name in ("sea one.png", "sea two.png", "hill.png"):
        add(visitor, name=name)
    assert visitor.get("/api/photos?limit=2").json()["count"] == 3
    titles = [
        [one["title"] for one in visitor.get(f"/api/photos?{query}").json()["items"]]
        for query in ("limit=2", "limit=2&offset=2", "q=SEA", "q=two+sea", "q=%25")
    ]
    assert titles == [
        ["hill", "sea two"],
        ["sea one"],
        ["sea two", "sea one"],
        ["sea two"],
        [],
    ]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "offset=-1", "offset=9999999999999999999", "limit=x"]
)
def test_a_page_that_cannot_be(visitor, query):
    assert problem(visitor.get(f"/api/photos?{query}"), 422, "invalid")["errors"]


def test_a_list_asks_the_database_no_more_for_many_photos(visitor, django_assert_num_queries):
    for _ in range(5):
        body = add(visitor).json()
        Hints.objects.create(photo_id=body["id"], revision=3, data={})
    visitor.get("/api/photos?limit=1")
    with django_assert_num_queries(4):  # session, photos with their hints, labels, count
        items = visitor.get("/api/photos").json()["items"]
    assert [one["revision"] for one in items] == [3] * 5
    with django_assert_num_queries(3):
        visitor.get("/")


def test_renaming(visitor, photo):
    address = f"/api/photos/{photo['id']}"
    renamed = visitor.patch(address, {"title": " new name "}, content_type="application/json")
    assert renamed.json()["title"] == "new name" == visitor.get(address).json()["title"]
    for body in ({}, {"title": None}, {"title": "x" * 201}, []):
        problem(visitor.patch(address, body, content_type="application/json"), 422, "invalid")
    problem(visitor.patch(address, "{", content_type="application/json"), 400, "bad_request")


def test_deleting(visitor, photo):
    address = f"/api/photos/{photo['id']}"
    assert visitor.delete(address).status_code == 204
    problem(visitor.get(address), 404, "not_found")
    problem(visitor.delete(address), 404, "not_found")


def test_a_missing_and_a_foreign_photo_look_the_same(photo):
    client = as_guest(Client(), "another")
    missing = "00000000-0000-4000-8000-000000000000"
    for end in ("", "/lightness", "/original", "/thumbnail"):
        foreign = client.get(f"/api/photos/{photo['id']}{end}")
        none = client.get(f"/api/photos/{missing}{end}")
        assert foreign.content == none.content
        problem(foreign, 404, "not_found")


def test_a_file_lost_from_the_storage_is_no_crash(visitor, photo):
    Photo.objects.update(lightness="photos/gone.jpg", original="photos/gone.png")
    for end in ("lightness", "original", "thumbnail"):
        problem(visitor.get(f"/api/photos/{photo['id']}/{end}"), 404, "not_found")


def test_a_thumbnail_shows_the_newest_colours(visitor, photo):
    first = visitor.get(photo["thumbnail_url"])
    grey = np.asarray(Image.open(io.BytesIO(first.content)).convert("RGB")).astype(int)
    assert np.abs(grey[..., 0] - grey[..., 2]).max() <= 2
    same = visitor.get(photo["thumbnail_url"], headers={"if-none-match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")

    coloured(photo["id"])
    again = visitor.get(photo["thumbnail_url"], headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 200
    colour = np.asarray(Image.open(io.BytesIO(again.content))).astype(int)
    assert (colour[..., 0] - colour[..., 2]).mean() > 40
    assert colour.shape == (64, 96, 3)


def test_a_thumbnail_of_a_large_photo_is_small(visitor):
    body = add(visitor, data=encoded(grey_astronaut(1200, 600))).json()
    picture = Image.open(io.BytesIO(visitor.get(body["thumbnail_url"]).content))
    assert picture.size == (320, 160)


def test_models_are_listed_with_the_live_one_first(client, live):
    facts = {"sha256": "1" * 64, "folder": "x", "net": "unet", "card": {"size": 256}}
    ModelVersion.objects.create(name="newer", state="published", **facts)
    ModelVersion.objects.create(name="draft", state="draft", **facts)
    models = client.get("/api/models").json()["items"]
    assert [(one["name"], one["live"]) for one in models] == [
        ("rehue-test", True),
        ("newer", False),
    ]
    assert models[1]["card"] == {"size": 256}


def scanned(*values):
    return pdf(*(scan(image(np.full((48, 64), value, np.uint8))) for value in values), Page("f"))


def test_a_page_of_a_pdf_is_a_photo_and_stays_that_page(visitor):
    data = scanned(80, 160)
    first = add(visitor, data=data, name="album.pdf").json()
    second = visitor.post(
        "/api/photos", {"file": upload(data=data, name="a.pdf"), "page": 2}
    ).json()
    assert (first["format"], first["page"], first["pages"]) == ("PDF", 1, 3)
    assert (second["page"], second["pages"]) == (2, 3)
    for photo, value in ((first, 80), (second, 160)):
        image_of = visitor.get(f"/api/photos/{photo['id']}/image").content
        assert np.asarray(Image.open(io.BytesIO(image_of))).mean() == value
        preview = visitor.get(f"/api/photos/{photo['id']}/preview").content
        assert np.asarray(Image.open(io.BytesIO(preview))).mean() == pytest.approx(value, abs=1)
    response = visitor.get(second["original_url"])
    assert b"".join(response) == data
    assert response.headers["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(("page", "status", "code"), [
    (3, 422, "no_scan"), (4, 422, "no_such_page"), (0, 422, "invalid"),
])  # fmt: skip
def test_a_page_without_a_scan_leaves_nothing(visitor, page, status, code):
    answer = visitor.post("/api/photos", {"file": upload(data=scanned(80, 160)), "page": page})
    problem(answer, status, code)
    assert not Photo.objects.exists()
