"""Text that no database keeps is turned away at the door, wherever it comes in."""

import base64
import json

import pytest
from django.test import Client

from tests.support.people import user
from webapp.common.cleantext import is_clean
from webapp.common.websocket.consumer import MessageError, decode

pytestmark = pytest.mark.django_db

NUL, HALF = "a\0b", "a\ud800b"


@pytest.fixture
def client():
    made = Client()
    made.force_login(user("somebody"))
    return made


@pytest.mark.parametrize("value", [NUL, HALF, ["x", {"y": [NUL]}], {HALF: 1}])
def test_text_that_cannot_be_stored_is_found_wherever_it_hides(value):
    assert not is_clean(value)


def test_whole_characters_of_every_plane_are_clean():
    assert is_clean({"사진": ["할머니 👵", "\n\t"], "n": [1, None, True]})


@pytest.mark.parametrize(
    "address",
    ["/api/photos?q=a%00b", "/api/photos?tag=%00", "/api/photos?model=%00", "/?q=%00",
     "/api/photos/ids?q=%00", "/account/login/?next=%00", "/api/batches?status=%00",
     "/api/models?%00=1"],
)  # fmt: skip
def test_an_address_with_nul_is_a_bad_request(client, address):
    answer = client.get(address)
    assert answer.status_code in {400, 422}
    if address.startswith("/api/"):
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("text", [NUL, HALF])
def test_json_with_it_is_a_bad_request(client, text):
    answer = client.post(
        "/api/photos/bulk",
        data=json.dumps({"action": "tag", "ids": [], "name": text}),
        content_type="application/json",
    )
    assert answer.status_code == 400


def test_json_with_escaped_whole_characters_is_read(client):
    answer = client.post(
        "/api/photos/bulk",
        data=json.dumps({"action": "tag", "ids": [], "name": "\U0001f475"}),
        content_type="application/json",
    )
    assert answer.status_code != 400


def test_a_form_with_nul_is_a_bad_request(client):
    assert client.post("/account/preferences", {"language": NUL}).status_code in {400, 404}
    assert client.post("/i18n/setlang/", {"language": NUL, "next": "/"}).status_code == 400


def test_a_cookie_with_an_escaped_nul_is_a_bad_request(client):
    assert client.get("/", headers={"cookie": 'other="a\\000b"'}).status_code == 400


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "idna", "rot13", "no-such"])
def test_a_charset_other_than_utf8_is_not_read(client, charset):
    for address, kind in (
        ("/i18n/setlang/", "application/x-www-form-urlencoded"),
        ("/api/photos/bulk", "application/json"),
    ):
        answer = client.generic("POST", address, b"+AAA-", f"{kind}; charset={charset}")
        assert answer.status_code == 415


@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", HALF],
)
@pytest.mark.parametrize("sort", ["newest", "name", "changed"])
def test_a_cursor_that_nobody_was_given_is_refused(client, sort, value):
    text = json.dumps([sort, value, "00000000-0000-4000-8000-000000000000"])
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    answer = client.get(f"/api/photos?sort={sort}&cursor={cursor}")
    assert answer.status_code == 422 or (sort == "name" and value != HALF)


def test_a_frame_with_it_is_refused():
    for text in (NUL, HALF):
        with pytest.raises(MessageError):
            decode(json.dumps({"type": "hints", "name": text}))
