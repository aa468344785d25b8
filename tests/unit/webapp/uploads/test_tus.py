"""Resumable uploads as tus 1.0 says, and what the site does not put up with."""

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.test import Client

from tests.support.pdfs import image, pdf, scan
from tests.support.people import as_guest, user
from tests.support.pictures import encoded, grey_astronaut
from tests.support.tus import TUS, ask, begin, metadata, send, upload_all
from webapp.photos.models import Photo
from webapp.uploads import services
from webapp.uploads.models import Piece, Upload

PICTURE = encoded(grey_astronaut(96, 64))


def problem(response, status, code):
    assert response.status_code == status, response.content
    assert response.json()["code"] == code
    assert response.json()["detail"].endswith(".")
    return response


def test_the_site_says_what_it_speaks(client, db, settings):
    response = client.options("/api/uploads")
    assert response.status_code == 204
    assert response.headers["Tus-Version"] == "1.0.0"
    assert set(response.headers["Tus-Extension"].split(",")) == {
        "creation",
        "expiration",
        "termination",
    }
    assert response.headers["Tus-Max-Size"] == str(settings.UPLOAD_ARCHIVE_MAX_BYTES)


def test_a_file_in_pieces_becomes_a_photo(visitor):
    begun = begin(visitor, len(PICTURE), filename="바다.png")
    assert begun.status_code == 201
    address = begun.headers["Location"]
    assert begun.headers["Tus-Resumable"] == "1.0.0"
    assert begun.headers["Upload-Expires"].endswith("GMT")
    half = len(PICTURE) // 2
    first = send(visitor, address, 0, PICTURE[:half])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    requested = ask(visitor, address)
    assert requested.headers["Upload-Offset"] == str(half)
    assert requested.headers["Upload-Length"] == str(len(PICTURE))
    assert requested.headers["Upload-Metadata"] == metadata(filename="바다.png")
    assert requested.headers["Cache-Control"] == "no-store"
    assert send(visitor, address, half, PICTURE[half:]).status_code == 204

    made = visitor.post(f"{address}/photo")
    assert made.status_code == 201
    assert (made.json()["title"], made.json()["width"]) == ("바다", 96)
    again = visitor.post(f"{address}/photo")
    assert again.json()["id"] == made.json()["id"]
    assert Photo.objects.count() == 1


def test_a_page_is_named_when_the_photo_is_made(visitor):
    pages = [scan(image(np.full((48, 64), value, np.uint8))) for value in (80, 160)]
    address = upload_all(visitor, pdf(*pages))
    problem(visitor.post(f"{address}/photo?page=3"), 422, "no_such_page")
    made = visitor.post(f"{address}/photo?page=2")
    assert (made.status_code, made.json()["page"]) == (201, 2)


def test_the_pieces_are_deleted_once_the_photo_is_made(visitor, django_capture_on_commit_callbacks):
    address = upload_all(visitor, PICTURE)
    keys = list(Piece.objects.values_list("key", flat=True))
    assert all(default_storage.exists(key) for key in keys)
    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(f"{address}/photo")
    assert not any(default_storage.exists(key) for key in keys)


def test_a_piece_for_another_place_is_refused_and_changes_nothing(visitor):
    address = begin(visitor, 100).headers["Location"]
    send(visitor, address, 0, b"x" * 40)
    for offset in (0, 39, 41):
        response = problem(send(visitor, address, offset, b"y" * 20), 409, "conflict")
        assert response.headers["Tus-Resumable"] == "1.0.0"
    assert ask(visitor, address).headers["Upload-Offset"] == "40"
    assert Piece.objects.count() == 1


def test_of_two_pieces_for_one_place_one_is_stored(visitor):
    begin(visitor, 100)
    seen = Upload.objects.get()
    services.append(upload=Upload.objects.get(), offset=0, data=b"a" * 10)
    with pytest.raises(services.UploadConflictError):
        services.append(upload=seen, offset=0, data=b"b" * 10)
    folder = services.upload_folder(seen.pk)
    assert len(default_storage.listdir(folder)[1]) == 1


def test_more_bytes_than_were_promised(visitor):
    address = begin(visitor, 10).headers["Location"]
    problem(send(visitor, address, 0, b"x" * 11), 413, "too_many_bytes")
    assert ask(visitor, address).headers["Upload-Offset"] == "0"


def test_a_piece_beyond_the_limit(visitor, settings):
    settings.UPLOAD_PIECE_MAX_BYTES = 10
    address = begin(visitor, 100).headers["Location"]
    problem(send(visitor, address, 0, b"x" * 11), 413, "too_large_piece")


def test_the_wrong_words(visitor):
    address = begin(visitor, 10).headers["Location"]
    wrong = visitor.head(address, headers={"Tus-Resumable": "0.2.2"})
    assert (wrong.status_code, wrong.headers["Tus-Version"]) == (412, "1.0.0")
    problem(visitor.post("/api/uploads"), 412, "tus_version")
    headers = {**TUS, "Upload-Offset": "0"}
    plain = visitor.patch(address, b"x", content_type="text/plain", headers=headers)
    problem(plain, 415, "unsupported_media_type")
    for length in ({}, {"Upload-Length": "-1"}, {"Upload-Length": "x"}):
        response = visitor.post("/api/uploads", headers=TUS | length)
        problem(response, 422, "invalid")
    for words in ("filename !", "filename 44 44", "a " + "A" * 5000):
        headers = {**TUS, "Upload-Length": "10", "Upload-Metadata": words}
        problem(visitor.post("/api/uploads", headers=headers), 400, "bad_metadata")
    problem(begin(visitor, 10, purpose="virus"), 422, "bad_purpose")


def test_how_large_and_how_many(visitor, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    problem(begin(visitor, 1001), 413, "too_many_bytes")
    problem(begin(visitor, 0), 400, "empty")
    settings.UPLOADS_OPEN_PER_ACTOR = 2
    assert [begin(visitor, 10).status_code for _ in range(2)] == [201, 201]
    refused = begin(visitor, 10)
    problem(refused, 429, "too_many_uploads")
    assert int(refused.headers["Retry-After"]) > 0
    settings.UPLOADS_OPEN_PER_ACTOR = 9
    settings.GUEST_PHOTOS_PER_DAY = 0
    problem(begin(visitor, 10), 429, "quota")


def test_archives_are_for_users_and_may_be_larger(visitor, settings):
    settings.UPLOAD_MAX_BYTES = 10
    problem(begin(visitor, 100, purpose="archive"), 401, "sign_in")
    visitor.force_login(user())
    assert begin(visitor, 100, purpose="archive").status_code == 201
    settings.UPLOAD_ARCHIVE_MAX_BYTES = 50
    problem(begin(visitor, 100, purpose="archive"), 413, "too_many_bytes")


def test_an_upload_that_is_given_up_is_gone(visitor, django_capture_on_commit_callbacks):
    address = begin(visitor, 10).headers["Location"]
    send(visitor, address, 0, b"x" * 5)
    key = Piece.objects.get().key
    with django_capture_on_commit_callbacks(execute=True):
        assert visitor.delete(address, headers=TUS).status_code == 204
    assert ask(visitor, address).status_code == 404
    assert not default_storage.exists(key)


def test_nobody_else_sees_an_upload(visitor):
    address = upload_all(visitor, PICTURE)
    other = as_guest(Client(), "another")
    assert ask(other, address).status_code == 404
    problem(send(other, address, 0, b"x"), 404, "not_found")
    problem(other.delete(address, headers=TUS), 404, "not_found")
    problem(other.post(f"{address}/photo"), 404, "not_found")
    assert ask(visitor, address).status_code == 200


def test_an_incomplete_upload_is_no_photo(visitor):
    address = begin(visitor, 10).headers["Location"]
    problem(visitor.post(f"{address}/photo"), 409, "conflict")


def test_what_is_no_picture_says_so_and_can_be_requested_again(visitor):
    address = upload_all(visitor, b"PK\x03\x04 and so on")
    for _ in range(2):
        problem(visitor.post(f"{address}/photo"), 415, "unsupported_format")
    assert not Photo.objects.exists()


def test_a_photo_that_is_there_already_is_named(visitor):
    first = visitor.post(f"{upload_all(visitor, PICTURE)}/photo").json()
    assert first["same_as"] is None
    second = visitor.post(f"{upload_all(visitor, PICTURE, filename='copy.png')}/photo").json()
    assert second["same_as"] == {k: first[k] for k in ("id", "title", "url")}
    assert Photo.objects.count() == 2


@pytest.mark.parametrize("name", ["", ".", "..", "folder/", "..\\.."])
def test_a_file_without_a_name_becomes_a_photo(visitor, name):
    made = visitor.post(f"{upload_all(visitor, PICTURE, filename=name)}/photo")
    assert made.status_code == 201


def test_a_file_without_a_word_about_it_becomes_a_photo(visitor):
    begun = visitor.post("/api/uploads", headers={**TUS, "Upload-Length": str(len(PICTURE))})
    address = begun.headers["Location"]
    assert send(visitor, address, 0, PICTURE).status_code == 204
    assert visitor.post(f"{address}/photo").status_code == 201
