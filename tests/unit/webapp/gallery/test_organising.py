"""Stars, tags, collections, the trash, and the same for many photos at once, over HTTP."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.support.gallery import many_photos
from tests.support.people import as_guest, guest, user
from tests.support.pictures import encoded, grey_astronaut
from webapp.accounts.actor import Actor
from webapp.audit.models import Entry
from webapp.gallery import trash
from webapp.gallery.labels import ensure_label, give_labels, put_label
from webapp.photos.models import Label, Photo
from webapp.studio.models import Job, Version


@pytest.fixture
def visitor(client, live):
    return as_guest(client)


@pytest.fixture
def photos(live):
    return many_photos(guest(), 6, model=live, tags=0)


@pytest.fixture
def strangers(live):
    return many_photos(guest("another"), 2, model=live, tags=0)


def bulk(client, action, photos, **more):
    ids = [str(photo.pk) for photo in photos]
    body = {"action": action, "ids": ids, **more}
    return client.post("/api/photos/bulk", body, content_type="application/json")


def code(response, status):
    assert response.status_code == status, response.content
    return response.json()["code"]


def rendered(photo, model, *, picture=b"png", revision=0):
    job = Job.objects.create(
        photo=photo, kind="render", revision=revision, model_version=model, status="done"
    )
    key = f"photos/{photo.pk}/versions/{job.pk}.png"
    default_storage.save(key, ContentFile(picture))
    return Version.objects.create(
        id=job.pk, photo=photo, job=job, revision=revision,
        hints={"version": 1, "hints": []}, model_version=model, image=key, width=96, height=64,
    )  # fmt: skip


def test_many_are_starred_and_strangers_photos_are_missing(visitor, photos, strangers):
    answer = bulk(visitor, "star", [*photos[:3], *strangers]).json()
    assert len(answer["done"]) == 3
    assert set(answer["missing"]) == {str(photo.pk) for photo in strangers}
    assert Photo.objects.filter(starred=True).count() == 3
    bulk(visitor, "unstar", photos[:1])
    assert visitor.get("/api/photos?starred=true").json()["count"] == 2


def test_tags_and_collections_are_given_and_taken(visitor, photos):
    bulk(visitor, "tag", photos[:4], name="  Sea\nside ")
    bulk(visitor, "tag", photos[3:], name="sea SIDE")
    bulk(visitor, "collect", photos[:2], name="여름")
    labels = visitor.get("/api/labels").json()["items"]
    assert [(one["kind"], one["name"], one["count"]) for one in labels] == [
        ("tag", "Sea side", 6),
        ("collection", "여름", 2),
    ]
    one = visitor.get(f"/api/photos/{photos[0].pk}").json()
    assert [tag["name"] for tag in one["tags"]] == ["Sea side"]
    assert [tag["name"] for tag in one["collections"]] == ["여름"]
    bulk(visitor, "untag", photos[:5], name="Sea side")
    bulk(visitor, "uncollect", photos, name="여름")
    labels = visitor.get("/api/labels").json()["items"]
    assert [one["count"] for one in labels] == [1, 0]
    assert code(bulk(visitor, "tag", photos, name=" \n"), 422) == "empty_name"


def test_a_photo_takes_its_tags_and_collections_at_once(visitor, photos):
    address = f"/api/photos/{photos[0].pk}"
    body = {"tags": ["a", "b"], "collections": ["c"], "starred": True, "title": "new"}
    changed = visitor.patch(address, body, content_type="application/json").json()
    assert [one["name"] for one in changed["tags"]] == ["a", "b"]
    assert ([one["name"] for one in changed["collections"]], changed["starred"]) == (["c"], True)
    changed = visitor.patch(address, {"tags": ["b"]}, content_type="application/json").json()
    assert [one["name"] for one in changed["tags"]] == ["b"]
    assert (changed["title"], changed["starred"]) == ("new", True)
    bad = visitor.patch(address, {"title": "x", "tags": ["", "d"]}, content_type="application/json")
    assert code(bad, 422) == "empty_name"
    assert visitor.get(address).json()["title"] == "new", "half of a change was kept"


def test_labels_are_made_renamed_and_deleted(visitor, photos, settings):
    made = visitor.post(
        "/api/labels", {"kind": "tag", "name": "Sea"}, content_type="application/json"
    )
    assert made.status_code == 201
    again = visitor.post(
        "/api/labels", {"kind": "tag", "name": "sea"}, content_type="application/json"
    )
    assert again.json()["id"] == made.json()["id"]
    other = visitor.post(
        "/api/labels", {"kind": "tag", "name": "Hill"}, content_type="application/json"
    ).json()
    address = f"/api/labels/{other['id']}"
    taken = visitor.patch(address, {"name": "SEA"}, content_type="application/json")
    assert code(taken, 409) == "name_taken"
    renamed = visitor.patch(address, {"name": "언덕"}, content_type="application/json")
    assert renamed.json()["name"] == "언덕"
    stranger = as_guest(Client(), "another")
    missing = stranger.patch(address, {"name": "x"}, content_type="application/json")
    assert (code(missing, 404), code(stranger.delete(address), 404)) == ("not_found",) * 2
    assert visitor.delete(address).status_code == 204
    assert visitor.get("/api/labels?kind=tag").json()["count"] == 1
    settings.LABELS_PER_ACTOR = 1
    assert code(bulk(visitor, "tag", photos, name="one more"), 422) == "too_many_labels"


def test_into_the_trash_and_back_with_all_it_had(visitor, photos, live):
    photo = photos[0]
    rendered(photo, live)
    bulk(visitor, "star", [photo])
    assert len(bulk(visitor, "trash", [photo]).json()["done"]) == 1
    for address in ("", "/hints", "/versions", "/lightness", "/original"):
        assert visitor.get(f"/api/photos/{photo.pk}{address}").status_code == 404
    assert visitor.get(f"/photos/{photo.pk}").status_code == 404
    assert visitor.get("/api/photos").json()["count"] == 5
    listed = visitor.get("/api/photos?trash=true").json()
    assert [one["id"] for one in listed["items"]] == [str(photo.pk)]
    assert visitor.get(listed["items"][0]["thumbnail_url"]).status_code == 200
    assert bulk(visitor, "delete", photos[1:]).json()["done"] == [], "it was not in the trash"
    assert bulk(visitor, "restore", [photo]).json()["missing"] == []
    back = visitor.get(f"/api/photos/{photo.pk}").json()
    assert (back["starred"], back["trashed_at"]) == (True, None)
    assert visitor.get(f"/api/photos/{photo.pk}/versions").json()["count"] == 1


def test_nobody_else_empties_a_trash(visitor, photos):
    bulk(visitor, "trash", photos[:3])
    stranger = as_guest(Client(), "another")
    assert stranger.delete("/api/trash").json() == {"count": 0}
    assert bulk(stranger, "restore", photos).json()["done"] == []
    assert visitor.delete("/api/trash").json() == {"count": 3}
    assert Photo.objects.count() == 3


def test_deletion_for_good_is_in_the_audit_log(client, live):
    somebody = user()
    client.force_login(somebody)
    one, two = many_photos(Actor(user=somebody), 2, model=live, tags=0)
    bulk(client, "trash", [one])
    assert not Entry.objects.exists(), "nothing is gone yet"
    bulk(client, "delete", [one])
    client.delete(f"/api/photos/{two.pk}?for_good=true")
    entries = Entry.objects.filter(action=Entry.Action.PHOTO_DELETED)
    assert {(one.actor, one.subject) for one in entries} == {
        (somebody, str(one.pk)),
        (somebody, str(two.pk)),
    }
    assert not Photo.objects.exists()


def test_the_trash_is_emptied_in_time(visitor, photos, settings):
    bulk(visitor, "trash", photos[:2])
    old = timezone.now() - timedelta(days=settings.TRASH_DAYS, seconds=1)
    Photo.objects.filter(pk=photos[0].pk).update(trashed_at=old)
    assert trash.purge_trash() == 1
    assert set(Photo.objects.all()) == set(photos[1:])


def test_many_are_coloured_again_with_the_live_model(visitor, photos):
    Job.objects.update(revision=9)  # their colours are of other hints
    assert len(bulk(visitor, "colorize", photos[:2]).json()["done"]) == 2
    assert Job.objects.filter(status="queued", kind="chroma").count() == 2


def test_full_size_results_are_requested_once(visitor, photos, live):
    rendered(photos[0], live)
    ids = [str(photo.pk) for photo in photos[:3]]
    body = {"ids": ids}
    for _ in range(2):
        answer = visitor.post("/api/photos/renders", body, content_type="application/json").json()
        assert (answer["ready"], set(answer["waiting"])) == (ids[:1], set(ids[1:]))
    assert Job.objects.filter(kind="render", status="queued").count() == 2
    Job.objects.filter(kind="render", status="queued").update(status="failed")
    answer = visitor.post("/api/photos/renders", body, content_type="application/json").json()
    assert set(answer["failed"]) == set(ids[1:])
    body = {"ids": ids, "retry": True}
    answer = visitor.post("/api/photos/renders", body, content_type="application/json").json()
    assert set(answer["waiting"]) == set(ids[1:])


def download(client, photos, **more):
    body = {"ids": [str(photo.pk) for photo in photos], **more}
    response = client.post("/api/photos/archive", body)
    assert response.headers["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def test_a_zip_of_results_names_those_that_lack_one(visitor, photos, strangers, live):
    picture = encoded(grey_astronaut(96, 64))
    for photo in photos[:2]:
        Photo.objects.filter(pk=photo.pk).update(title="../해변/바다")
        rendered(photo, live, picture=picture)
    rendered(strangers[0], live, picture=picture)
    archive = download(visitor, [*photos[:3], *strangers])
    names = ["..-해변-바다.png", "..-해변-바다 (2).png", "missing.txt"]
    assert sorted(archive.namelist()) == sorted(name.lstrip(". ") for name in names)
    assert archive.testzip() is None
    assert "photo 00002" in archive.read("missing.txt").decode()
    jpegs = download(visitor, photos[:1], format="jpeg")
    with jpegs.open(jpegs.namelist()[0]) as file:
        assert Image.open(file).format == "JPEG"


def test_a_zip_of_originals(visitor, photos):
    archive = download(visitor, photos, what="originals")
    assert len(archive.namelist()) == 6
    assert archive.testzip() is None


def test_more_than_may_be_chosen_and_nothing(visitor, photos, settings):
    settings.BULK_MAX_PHOTOS = 2
    assert code(bulk(visitor, "star", photos), 422) == "too_many_photos"
    assert code(bulk(visitor, "star", []), 422) == "invalid"
    assert code(bulk(visitor, "explode", photos[:1]), 422) == "invalid"


def test_a_guests_tags_go_to_the_account(live, photos):
    somebody = user()
    for actor, number in ((guest(), 0), (Actor(user=somebody), 1)):
        put_label(
            label=ensure_label(actor=actor, kind=Label.Kind.TAG, name=("sea", "Sea")[number]),
            photos=photos[number : number + 1],
        )
    ensure_label(actor=guest(), kind=Label.Kind.COLLECTION, name="sea")
    give_labels(guest_key=guest().guest_key, user=somebody)
    assert Label.objects.filter(owner=None).count() == 0
    assert {(one.kind, one.name, one.photos.count()) for one in Label.objects.all()} == {
        ("tag", "Sea", 2),
        ("collection", "sea", 0),
    }


def test_a_version_goes_with_its_files_and_is_made_anew(
    visitor, photos, live, django_capture_on_commit_callbacks
):
    version = rendered(photos[0], live, picture=encoded(grey_astronaut(600, 300)))
    address = f"/api/versions/{version.pk}"
    small = visitor.get(f"{address}/thumbnail")
    assert Image.open(io.BytesIO(small.content)).size == (320, 160)
    assert visitor.get(f"{address}/hints").json()["hints"] == {"version": 1, "hints": []}
    with django_capture_on_commit_callbacks(execute=True):
        assert visitor.delete(address).status_code == 204
    folder = f"photos/{photos[0].pk}"
    assert default_storage.listdir(f"{folder}/versions")[1] == []
    assert default_storage.listdir(f"{folder}/thumbnails")[1] == []
    assert visitor.get(f"{address}/image").status_code == 404
    job = visitor.post(f"/api/photos/{photos[0].pk}/renders").json()
    assert job["status"] == "queued"
