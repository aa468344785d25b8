"""Links to photos: seen by whoever has them, ended, taken back, and never guessed."""

import io
import json
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.support.people import as_guest, guest, upload, user
from tests.support.pictures import encoded, grey_astronaut
from training.registry.versions import ensure_shipped_model
from webapp.accounts.actor import Actor
from webapp.photos.services import add_photo
from webapp.shares.models import Share
from webapp.shares.services import TRIES
from webapp.studio import tasks
from webapp.studio.models import Job
from webapp.studio.requests import request_render

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    ensure_shipped_model()
    return user("owner")


@pytest.fixture
def photo(owner):
    """A coloured photo of a user."""
    photo = add_photo(actor=Actor(user=owner), upload=upload(encoded(grey_astronaut(300, 200))))
    tasks.colorize(str(Job.objects.get(photo=photo).pk))
    return photo


@pytest.fixture
def signed_in(owner):
    client = Client()
    client.force_login(owner)
    return client


def share(client, photo, **body):
    return client.post(
        f"/api/photos/{photo.pk}/shares", json.dumps(body), content_type="application/json"
    )


def path_of(answer):
    return answer.json()["url"].removeprefix("http://testserver")


def test_a_link_shows_the_photo_beside_its_colours_to_anybody(signed_in, photo, client):
    made = share(signed_in, photo)
    assert made.status_code == 201
    assert made.json()["expires_at"]
    path = path_of(made)
    page = client.get(path)
    assert page.status_code == 200
    assert "interpretation" in page.content.decode()
    for answer in (page, client.get(f"{path}/original.jpg"), client.get(f"{path}/colors.jpg")):
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer["Cache-Control"]
    chroma = {}
    for which in ("original", "colors"):
        content = client.get(f"{path}/{which}.jpg").content
        pixels = np.asarray(Image.open(io.BytesIO(content))).astype(int)
        assert pixels.shape == (200, 300, 3)
        chroma[which] = np.ptp(pixels, axis=-1).mean()
    assert chroma["original"] < 1 < chroma["colors"]
    assert client.get(f"/photos/{photo.pk}").status_code == 404, "a link opens nothing else"
    assert client.get(f"{path}/hints.jpg").status_code == 404


def test_links_that_are_guessed_ended_taken_back_or_of_trash_open_nothing(signed_in, photo, client):
    path = path_of(share(signed_in, photo, days=7))
    assert client.get("/s/" + "A" * 32).status_code == 404
    assert client.get("/s/" + "A" * 10_000).status_code == 404
    assert client.get(path).status_code == 200

    row = Share.objects.get()
    Share.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    gone = client.get(path)
    assert gone.status_code == 404
    assert "ended" in gone.content.decode()
    assert client.get(f"{path}/colors.jpg").status_code == 404
    Share.objects.update(expires_at=None)
    signed_in.delete(f"/api/photos/{photo.pk}")
    assert client.get(path).status_code == 404
    photo.trashed_at = None
    photo.save()
    assert client.get(path).status_code == 200

    address = f"/api/photos/{photo.pk}/shares/{row.pk}"
    assert signed_in.delete(address).status_code == 204
    assert signed_in.delete(address).status_code == 404, "taken back twice"
    assert client.get(path).status_code == 404


def test_a_password_is_requested_and_cannot_be_tried_for_ever(signed_in, photo, client):
    path = path_of(share(signed_in, photo, days=None, password="open sesame"))
    assert "password" in client.get(path).content.decode()
    assert client.get(f"{path}/colors.jpg").status_code == 404
    assert client.post(path, {"password": "wrong"}).status_code == 403
    assert client.post(path, {"password": "open sesame"}).status_code == 302
    assert client.get(f"{path}/colors.jpg").status_code == 200
    stranger = Client()
    for _ in range(TRIES):
        last = stranger.post(path, {"password": "guess"})
    assert last.status_code in {403, 429}
    assert stranger.post(path, {"password": "open sesame"}).status_code == 429
    assert "open sesame" not in Share.objects.get().password


def test_links_are_listed_in_the_account_and_taken_back_there(signed_in, photo, client):
    path = path_of(share(signed_in, photo))
    page = signed_in.get("/account/shares").content.decode()
    assert path in page
    row = Share.objects.get()
    other = Client()
    other.force_login(user("other"))
    assert path not in other.get("/account/shares").content.decode()
    assert other.post(f"/account/shares/{row.pk}/revoke").status_code == 404
    assert signed_in.post(f"/account/shares/{row.pk}/revoke").status_code == 302
    assert client.get(path).status_code == 404


def test_guests_limits_and_bad_input_are_clear_sentences(signed_in, photo, client, settings):
    theirs = add_photo(actor=guest(), upload=upload())
    refused = share(as_guest(client), theirs)
    assert (refused.status_code, refused.json()["code"]) == (409, "share_refused")
    assert share(client, photo).status_code == 404
    for body in ({"days": 0}, {"days": 10**9}, {"password": "x" * 10_000}, {"days": "soon"}):
        assert share(signed_in, photo, **body).status_code == 422, body
    settings.SHARES_PER_USER = 1
    assert share(signed_in, photo).status_code == 201
    assert share(signed_in, photo).json()["code"] == "share_refused"


def test_a_link_shows_nothing_of_the_history(signed_in, photo, client):
    job = request_render(photo=photo)
    tasks.render(str(job.pk))
    version = f"/api/versions/{job.pk}"
    named = signed_in.patch(version, {"name": "Second try"}, content_type="application/json")
    assert named.status_code == 200
    path = path_of(share(signed_in, photo))
    page = client.get(path).content.decode()
    assert "Second try" not in page
    assert str(job.pk) not in page
    for address in ("thumbnail", "image", "hints", "layers"):
        assert client.get(f"{version}/{address}").status_code == 404
    assert client.get(f"/api/photos/{photo.pk}/versions").status_code == 404
