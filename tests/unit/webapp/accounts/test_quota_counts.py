"""What counts for a quota, and for whom: nothing is kept for nothing, and sessions buy nothing."""

import pytest
from django.core.cache import cache
from django.test import Client

from colorizer.hints import HintSet
from colorizer.model import ModelFolder
from colorizer.models import SHIPPED
from tests.support.people import live_version, upload, user
from tests.support.tus import TUS, begin, send
from webapp.accounts.actor import Actor, network_of
from webapp.accounts.quota import quotas_of
from webapp.photos.services import add_photo
from webapp.studio import tasks
from webapp.studio.models import Job
from webapp.studio.requests import request_render
from webapp.studio.services import save_hints

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def model():
    cache.clear()
    return live_version(sha256=ModelFolder.open(SHIPPED).sha256)


@pytest.fixture
def owner():
    return Actor(user=user("owner"))


def used(actor):
    return quotas_of(actor).bytes.used


def test_a_new_session_buys_no_new_day(settings):
    settings.GUEST_PHOTOS_PER_DAY = 2
    codes = [Client().post("/api/photos", {"file": upload()}).status_code for _ in range(3)]
    assert codes == [201, 201, 429]
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert elsewhere.post("/api/photos", {"file": upload()}).status_code == 201


def test_a_deleted_photo_still_counts_for_the_day(settings):
    settings.GUEST_PHOTOS_PER_DAY = 1
    client = Client()
    photo = client.post("/api/photos", {"file": upload()}).json()
    assert client.delete(f"/api/photos/{photo['id']}?for_good=1").status_code == 204
    assert client.post("/api/photos", {"file": upload()}).status_code == 429


def test_full_size_results_of_guests_count_by_network(settings):
    settings.GUEST_JOBS_PER_DAY = 1
    codes = []
    for _ in range(2):
        client = Client()
        photo = client.post("/api/photos", {"file": upload()}).json()
        codes.append(client.post(f"/api/photos/{photo['id']}/renders").status_code)
    assert codes == [202, 429]


def test_a_network_is_a_household_and_no_address_is_stored():
    assert network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("2001:db8::1") == network_of("2001:db8::2:3")
    assert network_of("2001:db8::1") != network_of("2001:db8:0:1::1")
    assert "192" not in network_of("192.0.2.1")
    assert network_of("unix:") == ""


def test_hints_and_their_copies_count(owner):
    photo = add_photo(actor=owner, upload=upload())
    before = used(owner)
    dab = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}
    hint_set = HintSet.parse({"version": 1, "hints": [dab] * 900})
    save_hints(photo=photo, hint_set=hint_set, revision=1)
    saved = used(owner) - before
    assert saved > 900 * 60
    job = request_render(photo=photo)
    tasks.render(str(job.pk))
    result = photo.versions.get()
    assert used(owner) - before - saved == result.bytes + result.hints_bytes
    assert result.hints_bytes == saved
    assert Job.objects.get(pk=job.pk).hints is None, "the version has them"


def test_what_has_arrived_of_an_upload_counts_and_more_than_there_is_room_for_is_refused(settings):
    settings.QUOTA_BYTES = 10_000
    client = Client()
    person = user("person")
    client.force_login(person)
    actor = Actor(user=person)
    address = begin(client, 6000, filename="a.png").headers["Location"]
    assert send(client, address, 0, b"x" * 5000).status_code == 204
    assert used(actor) == 5000
    assert begin(client, 6000, filename="b.png").status_code == 429
    other = begin(client, 4000, filename="c.png").headers["Location"]
    assert send(client, other, 0, b"x" * 3000).status_code == 204
    third = begin(client, 1500, filename="d.png")
    assert third.status_code == 201
    assert send(client, third.headers["Location"], 0, b"x" * 1500).status_code == 204
    assert send(client, address, 5000, b"x" * 1000).status_code == 429
    assert client.delete(other, headers=TUS).status_code == 204
    assert send(client, address, 5000, b"x" * 1000).status_code == 204


def test_stored_responses_count_and_end_where_the_storage_does(settings):
    settings.GUEST_BYTES = 1 << 20
    client = Client()
    photo = client.post("/api/photos", {"file": upload()}).json()
    actor = Actor(guest_key=client.session["guest_key"])
    before = used(actor)
    body = {"action": "tag", "ids": [photo["id"]], "name": "x"}
    done = client.post(
        "/api/photos/bulk", body, "application/json", headers={"Idempotency-Key": "one"}
    )
    assert done.status_code == 200, done.content
    grown = used(actor) - before
    assert grown > 0
    settings.GUEST_BYTES = before + grown
    refused = client.post(
        "/api/photos/bulk", body, "application/json", headers={"Idempotency-Key": "two"}
    )
    assert (refused.status_code, refused.json()["code"]) == (429, "quota")


def test_a_disk_without_room_is_reported_and_takes_nothing(settings):
    client = Client()
    settings.DISK_RESERVE_BYTES = 1 << 60
    refused = client.post("/api/photos", {"file": upload()})
    assert (refused.status_code, refused.json()["code"]) == (507, "disk_full")
    assert begin(client, 100, filename="a.png").status_code == 507
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"]["disk"] != "ok"
    settings.DISK_RESERVE_BYTES = 1
    assert client.post("/api/photos", {"file": upload()}).status_code == 201
