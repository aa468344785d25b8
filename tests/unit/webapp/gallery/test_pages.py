"""The pages hand the frontend what it needs."""

import json
import re

import pytest
from django.test import Client

from tests.support.people import as_guest, upload
from webapp.photos.models import Photo


@pytest.fixture
def visitor(client, live):
    return as_guest(client)


@pytest.fixture
def photo(visitor):
    return visitor.post("/api/photos", {"file": upload(name="script><b>.png")}).json()


def test_the_first_page_greets_a_newcomer_and_gives_a_csrf_token(client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert response.context["photos"] == []
    assert client.cookies["rehue_csrf"].value


def test_the_first_page_shows_the_newest_photos(visitor, photo):
    response = visitor.get("/")
    assert [str(one.id) for one in response.context["photos"]] == [photo["id"]]
    assert f"/photos/{photo['id']}" in response.content.decode()


def test_the_studio_gets_everything_as_json(visitor, photo):
    page = visitor.get(photo["url"]).content.decode()
    found = re.search(r'<script id="studio-config" type="application/json">(.*?)</script>', page)
    config = json.loads(found[1])
    assert config["photo"] == {
        "id": photo["id"],
        "title": "script><b>",
        "width": 96,
        "height": 64,
        "is_grey": True,
        "starred": False,
        "bits": 8,
        "page": 1,
        "pages": 1,
        "metadata": {},
    }
    assert config["urls"]["socket"] == f"/ws/photos/{photo['id']}"
    assert config["limits"]["max_hints"] == 1000
    assert config["language"] == "en"
    assert "<b>" not in page.split("<body")[1]


def test_a_foreign_photos_page_is_not_found(client, photo):
    assert as_guest(Client(), "another").get(photo["url"]).status_code == 404
    assert Photo.objects.count() == 1


def test_pages_are_not_cached(visitor, photo):
    for address in ("/", photo["url"]):
        assert "no-store" in visitor.get(address).headers["Cache-Control"]


def test_the_language_follows_the_browser_and_the_switch(client, db):
    assert 'lang="ko"' in client.get("/", headers={"accept-language": "ko"}).content.decode()
    assert client.post("/i18n/setlang/", {"language": "ko", "next": "/"}).status_code == 302
    assert 'lang="ko"' in client.get("/").content.decode()


def test_the_language_switch_leads_nowhere_else(client, db):
    response = client.post("/i18n/setlang/", {"language": "ko", "next": "https://evil.example/"})
    assert response.headers["Location"] == "/"
