"""Batches over HTTP: made, read, steered, downloaded and deleted."""

import csv
import hashlib
import io
import json
import uuid
import zipfile

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext

from tests.support.people import upload, user
from tests.support.zips import portraits, zipped
from webapp.accounts.actor import Actor
from webapp.batches import bundle, tasks
from webapp.batches.models import Batch
from webapp.common import archives, storage
from webapp.photos.services import add_photo

PALETTE = {"regions": [{"name": "sky", "color": "#87a7c7", "place": "top"}]}


@pytest.fixture
def http(client, owner, model):
    client.force_login(owner)
    return client


@pytest.fixture
def post(http):
    def send(path, body=None):
        return http.post(path, json.dumps(body or {}), content_type="application/json")

    return send


def work_off(batch_id):
    while Batch.objects.get(pk=batch_id).status in Batch.WORKING:
        tasks.work_on(str(batch_id))


@pytest.fixture
def done(post, uploaded):
    """A batch of five portraits, of which the third is none, coloured with a palette."""
    body = {
        "upload": str(uploaded(portraits(5, bad={3}))),
        "format": "jpeg",
        "hints": "palette",
        "palette": PALETTE,
    }
    batch_id = post("/api/batches", body).json()["id"]
    work_off(batch_id)
    return batch_id


def test_a_batch_is_made_of_an_upload(post, uploaded):
    answer = post("/api/batches", {"upload": str(uploaded(portraits(2))), "name": "Family"})
    assert answer.status_code == 201
    batch = answer.json()
    facts = {key: batch[key] for key in ("name", "status", "total", "done", "failed", "model")}
    assert facts == {
        "name": "Family", "status": "queued", "total": 2, "done": 0, "failed": 0, "model": None,
    }  # fmt: skip
    assert batch["url"] == f"/batches/{batch['id']}"
    assert batch["remaining"] is None


def test_a_batch_is_made_of_photos(post, owner):
    photo = add_photo(actor=Actor(user=owner), upload=upload())
    answer = post("/api/batches", {"photos": [str(photo.pk)], "model": "rehue-4"})
    assert (answer.status_code, answer.json()["model"]) == (201, "rehue-4")


def test_the_same_batch_posted_twice_is_made_once(post, uploaded):
    body = {"upload": str(uploaded(portraits(1)))}
    assert [post("/api/batches", body).status_code for _ in range(2)] == [201, 404]
    assert Batch.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "source"),
        ({"photos": [], "upload": str(uuid.uuid4())}, 422, "source"),
        ({"photos": []}, 422, "photos_missing"),
        ({"photos": [str(uuid.uuid4())]}, 422, "photos_missing"),
        ({"upload": str(uuid.uuid4())}, 404, "not_found"),
        ({"photos": [], "model": "nobody"}, 422, "unknown_model"),
        ({"photos": [], "format": "gif"}, 422, "invalid"),
        ({"photos": [], "palette": {"regions": []}}, 422, "invalid"),
        ({"photos": ["x"]}, 422, "invalid"),
    ],
)
def test_what_makes_no_batch_is_reported(post, body, status, code):
    answer = post("/api/batches", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Batch.objects.exists()


def test_a_refused_zip_is_reported_with_the_file_s_name(post, uploaded):
    answer = post("/api/batches", {"upload": str(uploaded(zipped({"../x.jpg": b"x"})))})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_path")
    assert "../x.jpg" in answer.json()["detail"]


def test_guests_are_sent_to_sign_in(db):
    body = json.dumps({"photos": []})
    answers = [
        Client().get("/api/batches"),
        Client().post("/api/batches", body, content_type="application/json"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (401, "sign_in"),
        (401, "sign_in"),
    ]


def test_batches_are_listed_page_by_page(http, post, owner):
    photo = add_photo(actor=Actor(user=owner), upload=upload())
    for n in range(3):
        post("/api/batches", {"photos": [str(photo.pk)], "name": str(n)})
    page = http.get("/api/batches?limit=2&offset=1").json()
    assert (page["count"], [one["name"] for one in page["items"]]) == (3, ["1", "0"])


def test_photos_of_a_batch_are_listed_with_their_reasons(http, done):
    page = http.get(f"/api/batches/{done}/items?status=failed").json()
    assert page["count"] == 1
    (failed,) = page["items"]
    assert (failed["number"], failed["name"], failed["image_url"]) == (3, "scans/0003.jpg", None)
    assert "not a picture" in failed["error"]
    assert http.get(f"/api/batches/{done}/items?limit=2").json()["count"] == 5


def test_one_result_can_be_downloaded(http, done):
    item = http.get(f"/api/batches/{done}/items?status=done").json()["items"][0]
    answer = http.get(item["image_url"])
    content = answer.getvalue()
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert "0001.jpg" in answer.headers["Content-Disposition"]
    assert hashlib.sha256(content).hexdigest() == item["result_sha256"]
    for nothing in ("3", "99", "4294967296000"):
        assert http.get(f"/api/batches/{done}/items/{nothing}/image").status_code == 404


def test_a_batch_is_paused_resumed_cancelled_and_taken_up_again(post, uploaded):
    batch_id = post("/api/batches", {"upload": str(uploaded(portraits(2)))}).json()["id"]
    for action, status in (
        ("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled"), ("retry", "queued"),
    ):  # fmt: skip
        answer = post(f"/api/batches/{batch_id}/{action}")
        assert (answer.status_code, answer.json()["status"]) == (200, status)
    refused = post(f"/api/batches/{batch_id}/resume")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_status")


def test_a_deleted_batch_is_gone(http, done):
    assert http.delete(f"/api/batches/{done}").status_code == 204
    assert http.get(f"/api/batches/{done}").status_code == 404


def test_somebody_else_s_batch_answers_like_none(done, owner):
    other = Client()
    other.force_login(user("other"))
    for path in ("", "/items", "/archive", "/items/1/image"):
        theirs = other.get(f"/api/batches/{done}{path}")
        nothing = other.get(f"/api/batches/{uuid.uuid4()}{path}")
        assert theirs.status_code == nothing.status_code == 404
        assert theirs.content == nothing.content


def opened(content):
    return zipfile.ZipFile(io.BytesIO(content))


def test_the_archive_holds_the_results_and_a_manifest_of_all_files(http, done, model):
    answer = http.get(f"/api/batches/{done}/archive")
    content = b"".join(answer.streaming_content)
    assert int(answer.headers["Content-Length"]) == len(content)
    assert answer.headers["Content-Type"] == "application/zip"
    archive = opened(content)
    assert archive.testzip() is None
    results = [name for name in archive.namelist() if name.startswith("photos/")]
    assert results == [f"photos/scans/000{n}.jpg" for n in (1, 2, 4, 5)]
    manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["version"], manifest["total"], manifest["failed"]) == (1, 5, 1)
    assert manifest["palette"]["regions"][0]["name"] == "sky"
    saved = [manifest[key] for key in ("format", "quality", "metadata", "mark")]
    assert saved == ["jpeg", 95, "all", "none"]
    with opened(portraits(5, bad={3})) as sources:
        for row in manifest["files"]:
            source = sources.read(row["file"])
            assert row["model"] == model.name
            assert row["model_sha256"] == model.sha256
            assert row["hints"] == "palette"
            assert row["hints_count"] == 6
            if row["status"] == "failed":
                assert row["result"] is None
                assert "not a picture" in row["error"]
                continue
            assert row["source_sha256"] == hashlib.sha256(source).hexdigest()
            result = archive.read(f"photos/{row['result']}")
            assert row["result_sha256"] == hashlib.sha256(result).hexdigest()
    table = csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig")))
    assert [row["file"] for row in table] == [row["file"] for row in manifest["files"]]


def test_a_name_that_a_spreadsheet_would_run_is_quoted_in_the_csv(http, post, uploaded):
    body = {"upload": str(uploaded(zipped({'=cmd("x").jpg': b"x"})))}
    batch_id = post("/api/batches", body).json()["id"]
    answer = http.get(f"/api/batches/{batch_id}/archive")
    table = opened(b"".join(answer.streaming_content)).read("manifest.csv").decode("utf-8-sig")
    assert "'=cmd" in table


def test_results_are_read_one_by_one_while_they_are_sent(done, monkeypatch):
    opened_keys = []

    def noted(key):
        opened_keys.append(key)
        yield from storage.pieces_of(key)

    monkeypatch.setattr(archives, "pieces_of", noted)
    pieces = iter(bundle.bundle_of(Batch.objects.get(pk=done)))
    seen = {len(opened_keys) for _ in pieces}
    assert seen == {0, 1, 2, 3, 4}


@pytest.mark.django_db(transaction=True)
async def test_the_server_streams_the_archive(done, owner):
    client = AsyncClient()
    await sync_to_async(client.force_login)(owner)
    answer = await client.get(f"/api/batches/{done}/archive")
    content = b"".join([piece async for piece in answer.streaming_content])
    assert len(opened(content).namelist()) == 6


def test_the_number_of_queries_does_not_grow_with_the_batch(http, post, uploaded):
    counts = []
    for size in (2, 20):
        batch_id = post("/api/batches", {"upload": str(uploaded(portraits(size)))}).json()["id"]
        pages = (f"/api/batches/{batch_id}/items", f"/batches/{batch_id}", "/batches/")
        for page in pages:
            with CaptureQueriesContext(connection) as requested:
                http.get(page)
            counts.append(len(requested))
    assert counts[:3] == counts[3:]


def test_no_more_batches_are_in_work_than_may_be(client, make, uploaded, settings):
    settings.BATCHES_IN_WORK_PER_USER = 1
    first = make(1)
    body = {"upload": str(uploaded(portraits(1)))}
    refused = client.post("/api/batches", body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_batches")
    assert int(refused.headers["Retry-After"]) > 0
    assert Batch.objects.count() == 1
    client.post(f"/api/batches/{first.pk}/cancel")
    assert client.post("/api/batches", body, content_type="application/json").status_code == 201
    again = client.post(f"/api/batches/{first.pk}/retry")
    assert (again.status_code, again.json()["code"]) == (429, "too_many_batches")
