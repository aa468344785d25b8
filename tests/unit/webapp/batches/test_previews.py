"""A palette tried on a sample: in colour after a moment, its owner's alone, and kept nowhere."""

import base64
import io
import json

import numpy as np
import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from tests.support.people import upload, user
from tests.support.pictures import astronaut, encoded, grey_astronaut
from webapp.batches import previews, tasks, work
from webapp.batches.models import Batch
from webapp.common.storage import folders

SAMPLE = encoded(grey_astronaut(96, 64), "JPEG", quality=90)


def palette(color):
    return {"regions": [{"name": "all", "color": color, "place": "everywhere"}]}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ask(client, owner, model):
    client.force_login(owner)

    def send(color="#c04010", sample=SAMPLE, **body):
        body = {"sample": base64.b64encode(sample).decode(), "palette": palette(color)} | body
        return client.post("/api/batches/previews", json.dumps(body), "application/json")

    return send


def made(client, requested):
    """What comes of a preview once a worker has had it."""
    tasks.preview(requested.json()["id"])
    response = client.get(requested.json()["image_url"])
    assert response.status_code == 200, response.content
    return np.asarray(Image.open(io.BytesIO(response.content)).convert("RGB")).astype(int)


def test_the_palette_s_colours_are_seen_on_the_sample(client, ask):
    red, blue = made(client, ask("#c04010")), made(client, ask("#1040c0"))
    assert red.shape == (64, 96, 3)
    assert (red[..., 0] - red[..., 2]).mean() > 20 + (blue[..., 0] - blue[..., 2]).mean()


def test_nothing_is_shown_before_and_nothing_is_stored(client, ask, owner):
    before = folders("batches")
    requested = ask()
    waiting = client.get(requested.json()["image_url"])
    assert (waiting.status_code, waiting.content) == (202, b"")
    made(client, requested)
    assert folders("batches") == before
    assert not Batch.objects.exists()


def test_the_newest_takes_the_place_of_the_one_before(client, ask, monkeypatch):
    older, newer = ask(), ask("#1040c0")
    assert client.get(older.json()["image_url"]).status_code == 404
    monkeypatch.setattr(work, "colorizer_of", lambda version: pytest.fail("nobody waits for it"))
    tasks.preview(older.json()["id"])
    monkeypatch.undo()
    made(client, newer)


def test_it_is_its_owner_s_alone(ask):
    address = ask().json()["image_url"]
    stranger = Client()
    assert stranger.get(address).status_code == 401
    stranger.force_login(user("stranger"))
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"sample": b"no picture"}, 415, "unsupported_format"),
        ({"sample": b"x" * 600_000}, 413, "too_many_bytes"),
        ({"sample": encoded(grey_astronaut(1200, 1000), "JPEG")}, 413, "too_many_pixels"),
        ({"model": "nobody"}, 422, "unknown_model"),
        ({"palette": {"regions": []}}, 422, "invalid"),
    ],
)
def test_what_cannot_be_tried_gets_a_reason(ask, body, status, code):
    response = ask(**body)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.json()["detail"]


def test_a_sample_that_cannot_be_coloured_says_so(client, ask, monkeypatch):
    requested = ask()
    monkeypatch.setattr(work, "colorizer_of", lambda version: 1 / 0)
    tasks.preview(requested.json()["id"])
    response = client.get(requested.json()["image_url"])
    assert (response.status_code, response.json()["code"]) == (422, "not_coloured")


def test_what_has_gone_from_the_cache_harms_nobody(client, ask):
    requested = ask()
    cache.clear()
    tasks.preview(requested.json()["id"])
    assert previews.sample_of(requested.json()["id"]) is None
    assert client.get(requested.json()["image_url"]).status_code == 404


def tinted(client, name, weakened):
    """A portrait of one's own, with less of one of its channels."""
    picture = np.asarray(astronaut().resize((128, 128))).copy()
    picture[..., weakened] //= 3
    return client.post("/api/photos", {"file": upload(encoded(Image.fromarray(picture)), name)})


def test_the_colours_of_chosen_photos_are_seen_on_the_sample(client, ask):
    ids = [tinted(client, "like.png", channel).json()["id"] for channel in (2, 0)]
    warm, cold = (made(client, ask(palette=None, references=[one])) for one in ids)
    assert (warm[..., 0] - warm[..., 2]).mean() > 10 + (cold[..., 0] - cold[..., 2]).mean()


def test_references_are_seen_as_strongly_as_wanted(client, ask):
    like = tinted(client, "like.png", 2).json()["id"]
    full, half, none = (
        made(client, ask(palette=None, references=[like], strength=strength)).astype(float)
        for strength in (1, 0.5, 0)
    )
    assert np.abs(full - none).mean() > np.abs(half - none).mean() + 1
    assert ask(palette=None, references=[like], strength=1.1).status_code == 422


def test_references_that_give_nothing_are_refused(client, ask, owner):
    theirs = Client()
    theirs.force_login(user("neighbour"))
    foreign = tinted(theirs, "theirs.png", 0).json()["id"]
    grey = client.post("/api/photos", {"file": upload()}).json()["id"]
    for ids, words in (([foreign], "not there"), ([grey], "grey itself")):
        for answer in (
            ask(palette=None, references=ids),
            client.post(
                "/api/batches",
                {"photos": [grey], "hints": "references", "references": ids},
                content_type="application/json",
            ),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "references")
            assert words in answer.json()["detail"]
    assert ask(references=[grey]).json()["code"] == "preview"
    assert ask(palette=None).json()["code"] == "preview"
    assert ask(palette=None, references=[grey] * 9).status_code == 422
    assert not Batch.objects.exists()


def test_a_batch_takes_the_colours_of_chosen_photos(client, ask, owner):
    reference = tinted(client, "like.png", 2).json()["id"]
    grey = client.post("/api/photos", {"file": upload()}).json()["id"]
    body = {"photos": [grey], "hints": "references", "references": [reference]}
    body |= {"strength": 0.6}
    made_of = client.post("/api/batches", body, content_type="application/json")
    assert made_of.status_code == 201, made_of.content
    assert made_of.json()["references"] == [reference]
    assert made_of.json()["strength"] == 0.6
    batch = made_of.json()["id"]
    hints = client.get(f"/api/batches/{batch}/items/1/hints").json()["hints"]
    assert hints == {
        "version": 2, "references": [reference], "strength": 0.6, "hints": [],
    }  # fmt: skip
    none = client.post("/api/batches", body | {"hints": "none"}, content_type="application/json")
    assert (none.status_code, none.json()["code"]) == (422, "references")
