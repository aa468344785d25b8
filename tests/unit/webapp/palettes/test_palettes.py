"""Palettes: kept by name, changed, shared by a link, copied, and bounded."""

import json

import pytest
from django.test import Client

from tests.support.people import as_guest, user
from webapp.palettes.models import NAME_LENGTH, Palette

pytestmark = pytest.mark.django_db

COLORS = ["#c87f89", "#e2ca76"]


def client_of(someone):
    client = Client()
    client.force_login(someone)
    return client


@pytest.fixture
def owner():
    return client_of(user("owner"))


def send(client, method, path="", **body):
    return client.generic(
        method, f"/api/palettes{path}", json.dumps(body), content_type="application/json"
    )


def add(client, name="Wedding", colors=COLORS):
    return send(client, "POST", name=name, colors=colors)


def names(client):
    return [one["name"] for one in client.get("/api/palettes").json()["palettes"]]


def test_a_palette_belongs_to_the_account(owner):
    answer = add(owner, "  Wedding ", ["#C87F89", "#e2ca76"])
    assert answer.status_code == 201
    made = answer.json()
    assert (made["name"], made["colors"], made["url"]) == ("Wedding", COLORS, None)
    other_device = client_of(Palette.objects.get().owner)
    assert other_device.get("/api/palettes").json()["palettes"] == [made]


def test_palettes_are_listed_by_name_and_only_to_their_owner(owner):
    for name in ("coast", "Barn", "army"):
        add(owner, name)
    assert names(owner) == ["army", "Barn", "coast"]
    assert names(client_of(user("other"))) == []


def test_a_palette_is_renamed_filled_and_deleted(owner):
    path = f"/{add(owner).json()['id']}"
    assert send(owner, "PATCH", path, name="Feast").json()["colors"] == COLORS
    changed = send(owner, "PATCH", path, colors=[*COLORS, "#3b638c"]).json()
    assert (changed["name"], changed["colors"]) == ("Feast", [*COLORS, "#3b638c"])
    assert send(owner, "DELETE", path).status_code == 204
    assert send(owner, "DELETE", path).status_code == 404
    assert names(owner) == []


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": " \t"},
        {"name": "n" * 10_000},
        {"name": "n" * (NAME_LENGTH + 1)},
        {"name": "x", "colors": ["red"]},
        {"name": "x", "colors": ["#12345"]},
        {"name": "x", "colors": ["#123456\n"]},
        {"name": "x", "colors": [[0, 0, 300]]},
        {"name": "x", "colors": ["#123456"] * 65},
    ],
    ids=lambda body: str(body)[:40],
)
def test_what_is_no_palette_is_refused(owner, body):
    assert send(owner, "POST", **body).status_code == 422
    path = f"/{add(owner).json()['id']}"
    assert send(owner, "PATCH", path, **body).status_code == 422
    assert Palette.objects.get().colors == COLORS


def test_a_name_is_had_once_in_whatever_case(owner):
    add(owner, "Coast")
    path = f"/{add(owner, 'Barn').json()['id']}"
    for answer in (add(owner, "coast"), send(owner, "PATCH", path, name="COAST")):
        assert answer.status_code == 409
        assert answer.json()["code"] == "name_taken"
    assert names(owner) == ["Barn", "Coast"]
    assert add(client_of(user("other")), "Coast").status_code == 201


def test_there_is_a_limit(owner, settings):
    settings.PALETTES_PER_USER = 1
    add(owner)
    answer = add(owner, "another")
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_palettes")
    assert "1 palettes" in answer.json()["detail"]


def test_a_guest_stores_no_palette_and_is_led_to_sign_up():
    visitor = as_guest(Client())
    assert names(visitor) == []
    answer = add(visitor)
    assert (answer.status_code, answer.json()["code"]) == (409, "sign_up")


def test_a_link_shows_the_colours_until_it_is_taken_back(owner, client):
    path = f"/{add(owner).json()['id']}"
    url = send(owner, "POST", f"{path}/share").json()["url"].removeprefix("http://testserver")
    assert send(owner, "POST", f"{path}/share").json()["url"].endswith(url), "a link stays"
    page = client.get(url)
    assert page.status_code == 200
    assert all(color in page.content.decode() for color in COLORS)
    assert "noindex" in page["X-Robots-Tag"]
    assert send(owner, "DELETE", f"{path}/share").status_code == 204
    for address in (url, f"{url}x", "/p/None"):
        gone = client.get(address)
        assert (gone.status_code, "opens nothing" in gone.content.decode()) == (404, True)
    assert send(owner, "POST", f"{path}/share").json()["url"] != f"http://testserver{url}"


def test_who_follows_a_link_can_keep_a_copy(owner, settings):
    path = f"/{add(owner).json()['id']}"
    url = send(owner, "POST", f"{path}/share").json()["url"].removeprefix("http://testserver")
    assert "/account/login/" in Client().post(f"{url}/copy")["Location"]
    other = client_of(user("other"))
    for _ in range(2):
        assert other.post(f"{url}/copy").status_code == 302
    assert names(other) == ["Wedding", "Wedding (2)"]
    settings.PALETTES_PER_USER = 2
    answer = other.post(f"{url}/copy", follow=True)
    assert "You have 2 palettes" in answer.content.decode()
    send(owner, "DELETE", path)
    assert other.post(f"{url}/copy").status_code == 404
    assert len(names(other)) == 2


def test_a_copy_s_name_is_no_longer_than_a_name(owner):
    path = f"/{add(owner, 'n' * NAME_LENGTH).json()['id']}"
    url = send(owner, "POST", f"{path}/share").json()["url"].removeprefix("http://testserver")
    owner.post(f"{url}/copy")
    assert names(owner)[0] == "n" * (NAME_LENGTH - 4) + " (2)"
    assert len(names(owner)) == 2


def test_a_closed_account_s_links_open_nothing(owner, client):
    path = f"/{add(owner).json()['id']}"
    url = send(owner, "POST", f"{path}/share").json()["url"].removeprefix("http://testserver")
    someone = Palette.objects.get().owner
    someone.is_active = False
    someone.save()
    assert client.get(url).status_code == 404
