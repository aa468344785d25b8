"""Every address of the site, asked by everybody: nobody reaches what is not theirs.

A new address fails the first test until it is put on a list here, so none is forgotten.
"""

import json
import uuid

import numpy as np
import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import get_resolver

from tests.support.laboratory import a_run, a_search, an_evaluation
from tests.support.people import as_guest, live_version, upload, user
from training.models import ModelVersion
from webapp.accounts.models import User
from webapp.asgi import application
from webapp.library.models import Photo
from webapp.studio.chroma import pack
from webapp.studio.models import Chroma, Hints, Job, Version

# Addresses of one photo and what hangs on it: their owner's alone.
PRIVATE = {
    ("GET", "photos/<uuid:photo_id>"),
    ("GET", "api/photos/<uuid:photo_id>"),
    ("PATCH", "api/photos/<uuid:photo_id>"),
    ("GET", "api/photos/<uuid:photo_id>/lightness"),
    ("GET", "api/photos/<uuid:photo_id>/original"),
    ("GET", "api/photos/<uuid:photo_id>/thumbnail"),
    ("GET", "api/photos/<uuid:photo_id>/hints"),
    ("PUT", "api/photos/<uuid:photo_id>/hints"),
    ("POST", "api/photos/<uuid:photo_id>/colorize"),
    ("GET", "api/photos/<uuid:photo_id>/versions"),
    ("GET", "api/versions/<uuid:version_id>/image"),
    ("GET", "api/jobs/<uuid:job_id>"),
    ("POST", "api/jobs/<uuid:job_id>/cancel"),
    ("DELETE", "api/photos/<uuid:photo_id>"),
}
# Addresses that show everybody the same, or each visitor their own.
OPEN = {"", "api/", "api/docs", "api/openapi.json", "api/photos", "api/models", "healthz", "readyz",
        "i18n/setlang/", "models"}  # fmt: skip
# Addresses of something that everybody may see alike; drafts and unfinished work answer 404.
OPEN_BY_NAME = {
    "models/<str:name>",
    "models/<str:name>/samples/<str:file>",
    "models/runs/<slug:name>",
    "models/searches/<slug:name>",
    "models/searches/<slug:name>.csv",
    "models/searches/<slug:name>/plots/<slug:plot>/<slug:theme>",
}
# The laboratory: staff's alone. POST where something is done; superusers alone switch the model.
STAFF = {
    ("GET", "laboratory/"),
    ("GET", "laboratory/<work:kind>/new"),
    ("POST", "laboratory/<work:kind>/new"),
    ("GET", "laboratory/<work:kind>/<uuid:work_id>"),
    ("POST", "laboratory/<work:kind>/<uuid:work_id>/cancel"),
    ("POST", "laboratory/<work:kind>/<uuid:work_id>/resume"),
    ("GET", "laboratory/searches/<uuid:work_id>/trials.csv"),
    ("GET", "laboratory/searches/<uuid:work_id>/plots/<slug:plot>/<slug:theme>"),
    ("POST", "laboratory/models/roll-back"),
    ("POST", "laboratory/models/<uuid:model_id>/<slug:action>"),
}
# The admin's first page and sign-in are for everybody; what lies behind is for staff.
ADMIN = "admin/"
BODIES = {
    "PATCH": {"title": "mine now"},
    "PUT": {"revision": 9, "hints": {"version": 1, "hints": []}},
    "POST": {},
}


def addresses(patterns=None, prefix=""):
    """Every pattern of the urlconf, from the top."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        address = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern.url_patterns, address)
        else:
            yield address.replace("<uuidstr:", "<uuid:")  # ninja's name for its own converter


def test_every_address_is_on_one_of_the_lists():
    private = {address for _, address in PRIVATE | STAFF}
    listed = private | OPEN | OPEN_BY_NAME
    unknown = {a for a in addresses() if not a.startswith(ADMIN)} - listed
    gone = listed - set(addresses())
    assert (unknown, gone) == (set(), set())


def test_every_method_of_a_private_address_is_on_the_list(client, db):
    paths = client.get("/api/openapi.json").json()["paths"]
    documented = {
        (method.upper(), address.lstrip("/").replace("{", "<uuid:").replace("}", ">"))
        for address, methods in paths.items()
        if "{" in address
        for method in methods
    }
    assert documented == {one for one in PRIVATE if one[1].startswith("api/")}


class World:
    """A user's photo and a guest's, each with all that can hang on one, and clients for all."""

    def __init__(self):
        self.model = live_version()
        self.owner = Client()
        self.owner.force_login(user("owner"))
        self.guest = as_guest(Client(), "the-guest")
        self.clients = {
            "anonymous": Client(),
            "another guest": as_guest(Client(), "another-guest"),
            "stranger": Client(),
            "staff": Client(),
        }
        self.clients["stranger"].force_login(user("stranger"))
        self.clients["staff"].force_login(user("staff", is_staff=True, is_superuser=True))
        # Each but one has a photo of their own: having one opens no other.
        for client in (*list(self.clients.values())[1:], self.owner, self.guest):
            client.post("/api/photos", {"file": upload()})
        self.users = self.furnished(Photo.objects.get(owner__username="owner"))
        self.guests = self.furnished(Photo.objects.get(guest_key="the-guest"))

    def furnished(self, photo):
        """Give a photo hints, a chroma map, a job and a version; return its ids."""
        job = Job.objects.get(photo=photo)
        Hints.objects.create(photo=photo, revision=1, data={"version": 1, "hints": []})
        Chroma.objects.create(
            photo=photo, revision=1, job=job, model_version=self.model, width=2, height=2,
            data=pack(np.zeros((2, 2, 2), np.float32)), seconds=0.1,
        )  # fmt: skip
        key = default_storage.save(f"photos/{photo.id}/versions/v.png", ContentFile(b"version"))
        version = Version.objects.create(
            photo=photo, job=job, revision=1, hints={}, model_version=self.model, image=key,
            width=96, height=64,
        )  # fmt: skip
        return {"photo_id": photo.id, "version_id": version.id, "job_id": job.id}


@pytest.fixture
def world(db):
    return World()


def ask(client, method, address, ids):
    for name, value in ids.items():
        address = address.replace(f"<uuid:{name}>", str(value))
    assert "<" not in address
    body = BODIES.get(method)
    response = client.generic(
        method,
        f"/{address}",
        data="" if body is None else json.dumps(body),
        content_type="application/json",
    )
    if response.streaming:
        response.getvalue()
    return response


@pytest.mark.parametrize("kind", ["users", "guests"])
def test_nobody_reaches_what_is_not_theirs(world, kind):
    ids, missing = (
        getattr(world, kind),
        {name: uuid.uuid4() for name in ("photo_id", "version_id", "job_id")},
    )
    photo = Photo.objects.get(pk=ids["photo_id"])
    before = photo.title, photo.hints.revision
    for who, client in world.clients.items():
        for method, address in sorted(PRIVATE):
            answer = ask(client, method, address, ids)
            nothing = ask(client, method, address, missing)
            asked = f"{method} {address} by {who}"
            assert answer.status_code == 404, asked
            if not address.startswith("photos/"):
                assert answer.content == nothing.content, asked
    photo = Photo.objects.get(pk=ids["photo_id"])
    assert (photo.title, photo.hints.revision) == before
    assert Job.objects.get(pk=ids["job_id"]).status == "queued"


@pytest.mark.parametrize(("kind", "who"), [("users", "owner"), ("guests", "guest")])
def test_the_owner_reaches_all_of_it(world, kind, who):
    """The other half of the test above: what answers 404 there is there."""
    client, ids = getattr(world, who), getattr(world, kind)
    for method, address in sorted(PRIVATE, key=lambda one: one[0] == "DELETE"):
        response = ask(client, method, address, ids)
        assert response.status_code < 300, f"{method} {address}: {response.content[:200]}"


def test_an_owner_who_is_deactivated_reaches_nothing(world):
    User.objects.filter(username="owner").update(is_active=False)
    for method, address in sorted(PRIVATE):
        assert ask(world.owner, method, address, world.users).status_code == 404


def test_open_addresses_show_each_visitor_their_own(world):
    everyone = {**world.clients, "owner": world.owner, "guest": world.guest}
    for who, client in everyone.items():
        items = client.get("/api/photos").json()["items"]
        assert len(items) == (0 if who == "anonymous" else 1), who
    seen = [
        item["id"]
        for client in everyone.values()
        for item in client.get("/api/photos").json()["items"]
    ]
    assert len(set(seen)) == len(seen) == 5
    for address in sorted(OPEN - {"api/", "i18n/setlang/"}):
        for who, client in everyone.items():
            status = client.get(f"/{address}").status_code
            assert status == 200 or (address == "readyz" and status == 503), f"{address} by {who}"


def test_the_admin_is_for_staff(world):
    for address in addresses():
        if not address.startswith(ADMIN) or "<" in address or "(?P" in address:
            continue
        if address.rstrip("/").endswith(("login", "logout", "jsi18n")):
            continue
        for who in ("anonymous", "another guest", "stranger"):
            response = world.clients[who].get(f"/{address}")
            asked = f"{address} by {who}"
            assert response.status_code == 302, asked
            assert response.headers["Location"].startswith("/admin/login/"), asked


def test_files_have_no_address_of_their_own(world):
    photo = Photo.objects.get(pk=world.users["photo_id"])
    for prefix in ("", "media/", "static/", "static/../", "static/%2e%2e/", "data/media/"):
        assert world.owner.get(f"/{prefix}{photo.original}").status_code == 404


class Laboratory:
    """A run, a search and an evaluation that wait, a search's plot, and a model."""

    def __init__(self):
        run, search, evaluation = (
            a_run(status="queued"),
            a_search(status="queued"),
            an_evaluation(),
        )
        key = default_storage.save("laboratory/plot.svg", ContentFile(b"<svg/>"))
        type(search).objects.update(plots={"history": {"light": key}})
        self.works = {"runs": run, "searches": search, "evaluations": evaluation}
        self.model = ModelVersion.objects.create(
            name="other", sha256="1" * 64, folder="nowhere", net="unet", card={}, state="published"
        )

    def addresses(self):
        """Every method and address of the laboratory with the ids of what is there."""
        for method, pattern in sorted(STAFF):
            for kind, work in self.works.items():
                searched = "laboratory/searches/" in pattern
                ids = {
                    "<work:kind>": kind,
                    "<uuid:work_id>": str(self.works["searches"].pk if searched else work.pk),
                    "<uuid:model_id>": str(self.model.pk),
                    "<slug:action>": "retire",
                    "<slug:plot>": "history",
                    "<slug:theme>": "light",
                }
                address = pattern
                for name, value in ids.items():
                    address = address.replace(name, value)
                assert "<" not in address
                yield method, f"/{address}"

    def status(self):
        """How all of it stands, as far as the addresses could change it."""
        rows = [*self.works.values(), self.model]
        for row in rows:
            row.refresh_from_db()
        kinds = [type(work) for work in self.works.values()]
        return [*(w.status for w in self.works.values()), self.model.state,
                *(kind.objects.count() for kind in kinds)]  # fmt: skip


def test_the_laboratory_is_for_staff(world):
    laboratory = Laboratory()
    before = laboratory.status()
    for method, address in laboratory.addresses():
        for who in ("anonymous", "another guest"):
            response = world.clients[who].generic(method, address)
            assert response.status_code == 302, f"{method} {address} by {who}"
            assert response.headers["Location"].startswith("/admin/login/"), address
        for who, client in (("stranger", world.clients["stranger"]), ("owner", world.owner)):
            response = client.generic(method, address)
            assert response.status_code == 404, f"{method} {address} by {who}"
    assert laboratory.status() == before


def test_staff_reach_all_of_the_laboratory(world):
    """The other half of the test above: what answers 404 there is there."""
    for method, address in Laboratory().addresses():
        response = world.clients["staff"].generic(method, address)
        expected = {"GET": {200}, "POST": {302, 422}}[method]
        assert response.status_code in expected, f"{method} {address}: {response.status_code}"


def test_nothing_of_the_laboratory_is_done_by_following_a_link(world):
    laboratory = Laboratory()
    before = laboratory.status()
    reading = {address for method, address in laboratory.addresses() if method == "GET"}
    for method, address in laboratory.addresses():
        if method == "POST" and address not in reading:
            assert world.clients["staff"].get(address).status_code == 405, address
    assert laboratory.status() == before


@pytest.mark.parametrize("who", ["anonymous", "another guest", "stranger", "staff"])
@pytest.mark.django_db(transaction=True)
async def test_the_laboratory_s_websockets_are_for_staff(who):
    world, laboratory = await sync_to_async(_world_and_laboratory)()
    client = world.clients[who]
    session = client.cookies["sessionid"].value if "sessionid" in client.cookies else ""
    for kind, work in zip(("run", "search", "evaluation"), laboratory.works.values(), strict=True):
        headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"),
                   (b"cookie", f"sessionid={session}".encode())]  # fmt: skip
        path = f"/ws/laboratory/{kind}/{work.pk}"
        scope = {"type": "websocket", "path": path, "query_string": b"", "subprotocols": [],
                 "headers": headers}  # fmt: skip
        line = ApplicationCommunicator(application, scope)
        await line.send_input({"type": "websocket.connect"})
        assert (await line.receive_output(timeout=10))["type"] == "websocket.accept"
        answer = await line.receive_output(timeout=10)
        if who == "staff":
            assert json.loads(answer["text"])["id"] == str(work.pk)
        else:
            assert (answer["type"], answer["code"]) == ("websocket.close", 4404)
        await line.send_input({"type": "websocket.disconnect", "code": 1001})
        await line.wait(timeout=10)


def _world_and_laboratory():
    return World(), Laboratory()
