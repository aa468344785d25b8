"""Hints, jobs and versions over HTTP."""

import io
import uuid

import numpy as np
import pytest
from PIL import Image

from tests.support.people import as_guest, guest, upload
from tests.support.pictures import astronaut, encoded
from webapp.photos.access import photos_of
from webapp.studio import tasks
from webapp.studio.models import Hints, Job, Version

DAB = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}
HINTS = {"version": 1, "hints": [DAB]}
FENCED = {
    "version": 2,
    "reach": 0.2,
    "warmth": -0.5,
    "regions": [{"name": "shawl", "points": [[0.1, 0.1], [0.9, 0.2], [0.5, 0.9]]}],
    "hints": [DAB | {"region": 0}],
}


@pytest.fixture
def visitor(client, photo):
    return as_guest(client, photo.guest_key)


@pytest.fixture
def stranger(photo):
    from django.test import Client

    return as_guest(Client(), "somebody-else")


def put(client, photo, **body):
    return client.put(f"/api/photos/{photo.pk}/hints", body, content_type="application/json")


SQUARE = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.4]]


def fenced(*regions):
    return {"version": 2, "regions": list(regions), "hints": [DAB]}


UNUSABLE = {
    "1,000 regions": (fenced(*[{"points": SQUARE}] * 1000), "at most 100 regions, not 1000"),
    "a region that crosses itself": (
        fenced({"points": [[0, 0], [1, 1], [1, 0], [0, 1]]}), "crosses itself",
    ),
    "a region on a line": (fenced({"points": [[0, 0], [0.5, 0.5], [1, 1]]}), "no area"),
    "a region on one place": (fenced({"points": [[0.5, 0.5]] * 4}), "no area"),
    "a name of 10,000 letters": (
        fenced({"name": "가" * 10_000, "points": SQUARE}), "at most 100 letters",
    ),
    "another version": ({"version": 3, "hints": [DAB]}, "version"),
    "another version in words": ({"version": "2", "hints": [DAB]}, "version"),
    "no version": ({"hints": [DAB]}, "version"),
    "another program's": ({"strokes": [], "canvas": {"width": 9}}, "version"),
}  # fmt: skip


@pytest.mark.parametrize(("hints", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_hints_are_refused_with_a_sentence_and_change_nothing(
    visitor, photo, hints, words
):
    assert put(visitor, photo, revision=1, hints=HINTS).status_code == 200
    jobs = list(Job.objects.order_by("pk").values())
    answer = put(visitor, photo, revision=2, hints=hints)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_hints")
    assert words in answer.json()["detail"]
    assert visitor.get(f"/api/photos/{photo.pk}/hints").json() == {"revision": 1, "hints": HINTS}
    assert list(Job.objects.order_by("pk").values()) == jobs


def test_a_result_deleted_in_two_windows_is_missing_in_the_second(visitor, photo):
    address = f"/api/versions/{rendered(visitor, photo)['version_id']}"
    assert visitor.delete(address).status_code == 204
    late = visitor.delete(address)
    assert (late.status_code, late.json()["code"]) == (404, "version_not_found")
    assert "another window" in late.json()["detail"]
    named = visitor.patch(address, {"name": "late"}, content_type="application/json")
    assert named.status_code == 404
    assert visitor.get(f"{address}/hints").status_code == 404
    assert visitor.get(f"{address}/layers").status_code == 404


def test_results_name_their_parent_and_no_name_is_endless(visitor, photo):
    first = rendered(visitor, photo)["version_id"]
    assert put(visitor, photo, revision=1, hints=HINTS).status_code == 200
    second = rendered(visitor, photo)["version_id"]
    items = visitor.get(f"/api/photos/{photo.pk}/versions").json()["items"]
    assert {one["id"]: one["parent"] for one in items} == {first: None, second: first}
    assert [one["session_end"] for one in items] == [None, None]
    endless = {"name": "a" * 10_000}
    answer = visitor.patch(f"/api/versions/{first}", endless, content_type="application/json")
    assert answer.status_code == 422
    assert not Version.objects.exclude(name="").exists()


def rendered(client, photo):
    job = client.post(f"/api/photos/{photo.pk}/renders").json()
    tasks.render(job["id"])
    return client.get(f"/api/jobs/{job['id']}").json()


def test_a_photo_begins_without_hints(visitor, photo):
    answer = visitor.get(f"/api/photos/{photo.pk}/hints").json()
    assert answer == {"revision": 0, "hints": {"version": 1, "hints": []}}


@pytest.mark.parametrize("hints", [HINTS, FENCED])
def test_hints_are_saved_and_read_again(visitor, photo, hints):
    assert put(visitor, photo, revision=1, hints=hints).json() == {"revision": 1, "hints": hints}
    assert visitor.get(f"/api/photos/{photo.pk}/hints").json()["hints"] == hints
    assert rendered(visitor, photo)["status"] == "done"


def test_stale_hints_are_refused_with_the_newest_revision(visitor, photo):
    put(visitor, photo, revision=4, hints=HINTS)
    refused = put(visitor, photo, revision=4, hints=HINTS)
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["revision"]) == ("stale_revision", 4)


@pytest.mark.parametrize(
    "hints",
    [
        {"version": 3, "hints": []},
        {"version": 1, "hints": [DAB | {"x": 1.5}]},
        HINTS | {"reach": 0.2},
        FENCED | {"warmth": 2},
        FENCED | {"regions": []},
        FENCED | {"regions": [{"points": [[0, 0], [1, 1], [1, 0], [0, 1]]}]},
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


def test_the_full_size_result_is_requested_and_downloaded(visitor, photo):
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
    first, second = (visitor.post(f"/api/photos/{photo.pk}/renders") for _ in range(2))
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert first.json()["version_id"] is None


def test_the_old_address_sends_on_with_method_and_body(visitor, photo):
    old = visitor.post(f"/api/photos/{photo.pk}/colorize")
    assert (old.status_code, old.headers["Location"]) == (308, f"/api/photos/{photo.pk}/renders")
    assert not Job.objects.filter(kind="render").exists()
    followed = visitor.post(f"/api/photos/{photo.pk}/colorize", follow=True)
    assert followed.status_code == 202
    assert followed.json() == visitor.post(f"/api/photos/{photo.pk}/renders").json()


def test_a_job_can_be_cancelled_and_stays_so(visitor, photo):
    job = visitor.post(f"/api/photos/{photo.pk}/renders").json()
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
        ("post", f"/api/photos/{photo.pk}/renders"),
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


def referring(*ids, **more):
    return {"version": 2, "references": [str(one) for one in ids], **more, "hints": []}


def test_references_are_stored_and_those_that_give_nothing_are_refused(visitor, photo):
    colored = visitor.post("/api/photos", {"file": upload(encoded(astronaut()))}).json()["id"]

    saved = put(visitor, photo, revision=1, hints=referring(colored, strength=0.4))
    assert saved.status_code == 200
    assert saved.json()["hints"]["references"] == [colored]
    for bad, word in [
        (referring(photo.id), "grey itself"),
        (referring(uuid.uuid4()), "not there"),
        (referring("nonsense"), "id of a photo"),
        (referring(colored, strength=2), "strength"),
        (referring(*[uuid.uuid4()] * 9), "at most 8"),
    ]:
        refused = put(visitor, photo, revision=2, hints=bad)
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_hints")
        assert word in refused.json()["detail"]


def test_nobody_takes_colours_of_a_strangers_photo(visitor, stranger, photo):
    theirs = stranger.post("/api/photos", {"file": upload(encoded(astronaut()))}).json()["id"]
    assert put(visitor, photo, revision=1, hints=referring(theirs)).status_code == 422


def test_a_preview_has_the_uploads_own_colours(visitor, photo):
    colored = visitor.post("/api/photos", {"file": upload(encoded(astronaut()))}).json()["id"]
    answer = visitor.get(f"/api/photos/{colored}/preview")
    assert answer["Content-Type"] == "image/jpeg"
    small = np.asarray(Image.open(io.BytesIO(answer.content)))
    assert max(small.shape) <= 320
    assert np.ptp(small.astype(int), axis=-1).mean() > 10
