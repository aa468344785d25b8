"""What every answer says to the browser."""

import re

import pytest
from django.conf import settings as django_settings

from tests.support.people import as_guest, live_version, upload


@pytest.fixture
def photo(client, db):
    live_version()
    as_guest(client)
    return client.post("/api/photos", {"file": upload()}).json()


@pytest.mark.parametrize("address", ["/", "/api/photos", "/api/docs", "/nothing", "/admin/login/"])
def test_pages_may_load_nothing_from_elsewhere_and_run_nothing_inline(client, db, address):
    response = client.get(address)
    policy = response.headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == directives["style-src"] == "'self'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    assert "unsafe" not in policy
    assert "*" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_our_pages_hold_no_inline_script_or_style(client, photo):
    for address in ("/", photo["url"], "/nothing"):
        page = client.get(address).content.decode()
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page), address
        for tag in re.findall(r"<script[^>]*>", page):
            assert "src=" in tag or 'type="application/json"' in tag, tag


def test_pictures_are_nothing_but_pictures(client, photo):
    for name in ("lightness", "thumbnail", "original"):
        response = client.get(photo[f"{name}_url"])
        if response.streaming:
            response.getvalue()
        assert response.headers["Content-Type"] in ("image/jpeg", "image/png")
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"].startswith("private")
        assert "Cookie" in response.headers["Vary"]


def test_cookies_are_closed_to_scripts_and_other_sites(client, photo):
    client.get("/")
    client.logout()
    fresh = client.post("/api/photos", {"file": upload()})
    session = fresh.cookies[django_settings.SESSION_COOKIE_NAME]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert not session["domain"]


def test_a_host_that_is_not_ours_is_turned_away(client, db):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert b"evil.example" not in response.content


def test_a_guests_key_is_sent_to_nobody(client, photo):
    key = client.session["guest_key"]
    for address in ("/", photo["url"], "/api/photos", f"/api/photos/{photo['id']}"):
        assert key not in client.get(address).content.decode()
