"""Every error of the API is problem details; errors of pages are pages."""

import json

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from webapp.common.problems import CONTENT_TYPE, ApiMiddleware, ProblemError, problem_response

KEYS = {"type", "title", "status", "detail", "code"}


def problem(response, status, code):
    assert response.status_code == status
    assert response.headers["Content-Type"] == CONTENT_TYPE
    body = response.json()
    assert set(body) >= KEYS
    assert (body["status"], body["code"]) == (status, code)
    return body


@pytest.mark.parametrize("address", ["/api/nothing", "/api/photos/no-uuid", "/api/"])
def test_an_address_that_is_not_there(client, db, address):
    problem(client.get(address), 404, "not_found")


def test_a_method_that_is_not_taken(client, db):
    response = client.put("/api/photos")
    problem(response, 405, "method_not_allowed")
    assert set(response.headers["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}


def test_a_request_without_a_csrf_token(db):
    client = Client(enforce_csrf_checks=True)
    for response in (
        client.post("/api/photos"),
        client.delete("/api/photos/00000000-0000-4000-8000-000000000000"),
        client.put("/api/photos/00000000-0000-4000-8000-000000000000/hints", "{}"),
    ):
        problem(response, 403, "csrf_failed")
    page = client.post("/i18n/setlang/", {"language": "ko"})
    assert page.status_code == 403
    assert page.headers["Content-Type"].startswith("text/html")


def test_a_csrf_token_from_the_first_page_is_enough(db):
    client = Client(enforce_csrf_checks=True)
    client.get("/")
    token = client.cookies["rehue_csrf"].value
    problem(client.post("/api/photos", headers={"x-csrftoken": token}), 422, "invalid")


def test_an_unexpected_error_is_reported_without_its_secrets(client, db, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("webapp.gallery.api.photos.page_of", fail)
    client.raise_request_exception = False
    response = client.get("/api/photos")
    problem(response, 500, "server_error")
    assert b"hunter2" not in response.content


def test_a_body_beyond_all_measure(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = client.patch(
        "/api/photos/00000000-0000-4000-8000-000000000000",
        data=b"{" + b" " * 200 + b"}",
        content_type="application/json",
    )
    problem(response, 413, "too_large")


def test_errors_are_reported_in_the_readers_language(client, db):
    # What is promised here is the mechanism; that every sentence has a translation, elsewhere.
    response = client.get("/api/nothing", headers={"accept-language": "ko"})
    assert response.headers["Content-Language"] == "ko"


def test_pages_are_not_reshaped():
    middleware = ApiMiddleware(lambda request: HttpResponse("sorry", status=404))
    assert middleware(RequestFactory().get("/photos/1")).content == b"sorry"
    assert middleware(RequestFactory().get("/api/x")).headers["Content-Type"] == CONTENT_TYPE


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 413, 418, 422, 429, 500, 503])
def test_every_status_has_a_title_a_sentence_and_a_word(status):
    body = json.loads(problem_response(status).content)
    assert body["status"] == status
    assert all(body[key] for key in KEYS)


def test_a_problem_carries_what_it_is_given():
    error = ProblemError(409, "stale_revision", "Newer hints are saved.", revision=7)
    assert (error.status, error.code, error.extra) == (409, "stale_revision", {"revision": 7})
    assert str(error) == "Newer hints are saved."


def test_the_documentation_is_a_page_of_the_site(client, db):
    page = client.get("/api/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert 'src="http' not in text
    assert "site-header" in text
    assert "<code>/api/photos/{photo_id}/hints</code>" in text
    schema = client.get("/api/openapi.json").json()
    assert "/api/photos/{photo_id}/hints" in schema["paths"]
    answers = schema["paths"]["/api/photos"]["post"]["responses"]
    assert CONTENT_TYPE in answers["default"]["content"]
    assert set(schema["components"]["schemas"]["Problem"]["required"]) == KEYS


def test_responses_are_not_cached_unless_they_say_so(client, db):
    for address in ("/api/photos", "/api/models", "/api/nothing", "/api/openapi.json"):
        assert client.get(address).headers["Cache-Control"] == "no-store"
