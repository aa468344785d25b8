"""A POST sent again with the same key is answered again and done once."""

import threading
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.support.patience import PATIENCE_SECONDS
from tests.support.people import a_token, as_guest, live_version, portrait, upload, user
from webapp.api.idempotency import forget_answers
from webapp.api.models import IdempotencyRecord
from webapp.ops.tasks import clean_up
from webapp.photos import services
from webapp.photos.models import Photo
from webapp.uploads.models import Upload

KEY = {"idempotency-key": "k-1"}


@pytest.fixture
def program(db):
    cache.clear()
    live_version()
    secret = a_token(user("owner"))[1]
    return Client(headers={"authorization": f"Bearer {secret}"})


def send(client, key="k-1", **facts):
    return client.post("/api/photos", {"file": upload(**facts)}, headers={"idempotency-key": key})


def test_the_same_upload_again_gives_the_same_photo(program):
    first, again = send(program), send(program)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert Photo.objects.count() == 1


def test_without_a_key_or_with_another_it_is_done_again(program):
    send(program)
    send(program, key="k-2")
    program.post("/api/photos", {"file": upload()})
    assert Photo.objects.count() == 3


@pytest.mark.parametrize("other", [{"name": "other.png"}, {"data": portrait() + b"\0"}])
def test_a_key_that_comes_with_another_request_is_refused(program, other):
    send(program)
    response = send(program, **other)
    assert (response.status_code, response.json()["code"]) == (422, "key_reused")
    assert Photo.objects.count() == 1


def test_a_key_belongs_to_one_address(program):
    photo = send(program).json()
    response = program.post(f"/api/photos/{photo['id']}/renders", headers=KEY)
    assert response.status_code == 422


def test_keys_of_different_callers_do_not_meet(program):
    send(program)
    for name in ("guest-one", "guest-two"):
        assert send(as_guest(Client(), name)).status_code == 201
    assert Photo.objects.count() == 3
    assert send(as_guest(Client(), "guest-one")).headers["Idempotency-Replayed"] == "true"


def test_what_failed_may_be_tried_again_with_the_same_key(program):
    broken = SimpleUploadedFile("a.png", b"no picture")
    refused = program.post("/api/photos", {"file": broken}, headers=KEY)
    assert refused.status_code == 415
    assert send(program).status_code == 201


def test_an_unexpected_error_leaves_no_key_behind(program, monkeypatch):
    program.raise_request_exception = False

    def fail(**_):
        raise RuntimeError

    monkeypatch.setattr("webapp.photos.services.add_photo", fail)
    assert send(program).status_code == 500
    monkeypatch.undo()
    assert send(program).status_code == 201


def test_requests_without_a_body_are_distinguished_by_their_headers(program):
    headers = KEY | {"tus-resumable": "1.0.0", "upload-length": "9"}
    first = program.post("/api/uploads", headers=headers)
    again = program.post("/api/uploads", headers=headers)
    assert first.headers["Location"] == again.headers["Location"]
    assert Upload.objects.count() == 1
    other = program.post("/api/uploads", headers=headers | {"upload-length": "10"})
    assert other.status_code == 422


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_a_key_that_cannot_be_one_is_refused(program, key):
    response = send(program, key=key)
    assert (response.status_code, response.json()["code"]) == (400, "bad_key")


def test_a_key_opens_nothing_to_a_bad_token(program):
    send(program)
    bad = Client(headers={"authorization": "Bearer rehue_bad"})
    assert send(bad).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_a_second_request_while_the_first_runs_has_to_wait(program, monkeypatch):
    begun, go_on = threading.Event(), threading.Event()
    answers = []
    add_photo = services.add_photo

    def waiting(**facts):
        begun.set()
        assert go_on.wait(PATIENCE_SECONDS)
        return add_photo(**facts)

    monkeypatch.setattr(services, "add_photo", waiting)
    first = threading.Thread(target=lambda: answers.append(_in_thread(program)))
    first.start()
    assert begun.wait(PATIENCE_SECONDS)
    second = send(program)
    go_on.set()
    first.join(20)
    assert (second.status_code, second.json()["code"]) == (409, "in_progress")
    assert int(second.headers["Retry-After"]) >= 1
    assert answers == [201]
    assert send(program).headers["Idempotency-Replayed"] == "true"


def _in_thread(program):
    try:
        return send(program).status_code
    finally:
        connection.close()


def test_a_request_whose_process_died_can_be_sent_again(program):
    send(program)
    IdempotencyRecord.objects.update(status=None, created=timezone.now() - timedelta(minutes=6))
    assert send(program).status_code == 201
    assert Photo.objects.count() == 2


def test_responses_are_stored_for_a_day(program):
    send(program)
    assert forget_answers(now=timezone.now()) == 0
    IdempotencyRecord.objects.update(created=timezone.now() - timedelta(hours=25))
    assert "Idempotency-Replayed" not in send(program).headers
    IdempotencyRecord.objects.update(created=timezone.now() - timedelta(hours=25))
    clean_up()
    assert not IdempotencyRecord.objects.exists()


def test_answers_go_with_the_account(program):
    send(program)
    Photo.objects.all().delete()
    IdempotencyRecord.objects.get().owner.delete()
    assert not IdempotencyRecord.objects.exists()
