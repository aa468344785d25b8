"""Hints, jobs and versions over HTTP."""

import uuid

import pytest

from tests.support.people import as_guest, guest
from webapp.library.access import photos_of
from webapp.studio import tasks
from webapp.studio.models import Hints, Job

DAB = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}
HINTS = {"version": 1, "hints": [DAB]}


@pytest.fixture
def visitor(client, photo):
    return as_guest(client, photo.guest_key)


@pytest.fixture
def stranger(photo):
    from django.test import Client

    return as_guest(Client(), "somebody-else")


def put(client, photo, **body):
    return client.put(f"/api/photos/{photo.pk}/hints", body, content_type="application/json")


def rendered(client, photo):
    job = client.post(f"/api/photos/{photo.pk}/colorize").json()
    tasks.render(job["id"])
    return client.get(f"/api/jobs/{job['id']}").json()


def test_a_photo_begins_without_hints(visitor, photo):
    answer = visitor.get(f"/api/photos/{photo.pk}/hints").json()
    assert answer == {"revision": 0, "hints": {"version": 1, "hints": []}}


def test_hints_are_saved_and_read_again(visitor, photo):
    assert put(visitor, photo, revision=1, hints=HINTS).json() == {"revision": 1, "hints": HINTS}
    assert visitor.get(f"/api/photos/{photo.pk}/hints").json()["hints"] == HINTS


def test_stale_hints_are_refused_with_the_newest_revision(visitor, photo):
    put(visitor, photo, revision=4, hints=HINTS)
    refused = put(visitor, photo, revision=4, hints=HINTS)
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["revision"]) == ("stale_revision", 4)


@pytest.mark.parametrize(
    "hints",
    [
        {"version": 2, "hints": []},
        {"version": 1, "hints": [DAB | {"x": 1.5}]},
        {"version": 1, "hints": [DAB | {"color": "red"}]},
        {"version": 1, "hints": [DAB] * 1001},
        {"version": 1, "hints": [{"type": "stroke", "points": [], "radius": 0.1}]},
        {},
    ],
)
def test_bad_hints_are_refused_with_a_sentence(visitor, photo, hints):
    refused = put(visitor, photo, revision=1, hints=hints)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_hints")
    assert refused.json()["detail"].endswith(".")
    assert not Hints.objects.exists()


@pytest.mark.parametrize("revision", [0, -1, 2**53, 1.5, "1", None, True])
def test_bad_revisions_are_refused(visitor, photo, revision):
    assert put(visitor, photo, revision=revision, hints=HINTS).status_code == 422


def test_not_a_number_is_not_json(visitor, photo):
    body = '{"revision": 1, "hints": {"version": 1, "hints": [{"x": NaN}]}}'
    url = f"/api/photos/{photo.pk}/hints"
    refused = visitor.put(url, body, content_type="application/json")
    assert refused.status_code in {400, 422}
    assert not Hints.objects.exists()


def test_the_full_size_result_is_asked_for_and_downloaded(visitor, photo):
    put(visitor, photo, revision=1, hints=HINTS)
    job = rendered(visitor, photo)
    assert (job["status"], job["revision"], job["kind"]) == ("done", 1, "render")
    (version,) = visitor.get(f"/api/photos/{photo.pk}/versions").json()["items"]
    assert version["id"] == job["version_id"]
    assert (version["width"], version["height"]) == (photo.width, photo.height)
    image = visitor.get(f"/api/versions/{version['id']}/image?format=jpeg")
    assert image.headers["Content-Type"] == "image/jpeg"
    assert image.headers["Content-Disposition"] == 'attachment; filename="portrait.jpg"'
    assert b"".join(image.streaming_content).startswith(b"\xff\xd8\xff")


def test_asking_twice_gives_the_same_job(visitor, photo):
    first, second = (visitor.post(f"/api/photos/{photo.pk}/colorize") for _ in range(2))
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert first.json()["version_id"] is None


def test_a_job_can_be_cancelled_and_stays_so(visitor, photo):
    job = visitor.post(f"/api/photos/{photo.pk}/colorize").json()
    cancelled = visitor.post(f"/api/jobs/{job['id']}/cancel").json()
    assert (cancelled["status"], cancelled["seq"]) == ("cancelled", 1)
    tasks.render(job["id"])
    assert visitor.get(f"/api/jobs/{job['id']}").json()["status"] == "cancelled"


def test_an_unknown_format_is_refused(visitor, photo):
    version = rendered(visitor, photo)["version_id"]
    assert visitor.get(f"/api/versions/{version}/image?format=gif").status_code == 422


def test_strangers_find_nothing(stranger, visitor, photo):
    version = rendered(visitor, photo)["version_id"]
    job = Job.objects.filter(photo=photo).first()
    assert photos_of(guest("somebody-else")).count() == 0
    requests = [
        ("get", f"/api/photos/{photo.pk}/hints"),
        ("put", f"/api/photos/{photo.pk}/hints"),
        ("post", f"/api/photos/{photo.pk}/colorize"),
        ("get", f"/api/photos/{photo.pk}/versions"),
        ("get", f"/api/jobs/{job.pk}"),
        ("post", f"/api/jobs/{job.pk}/cancel"),
        ("get", f"/api/versions/{version}/image"),
    ]
    for method, url in requests:
        body = {"revision": 9, "hints": HINTS} if method == "put" else None
        foreign = getattr(stranger, method)(url, body, content_type="application/json")
        missing = getattr(visitor, method)(
            url.replace(url.split("/")[3], str(uuid.uuid4())), body, content_type="application/json"
        )
        assert foreign.status_code == missing.status_code == 404, url
        assert foreign.json() == missing.json()
