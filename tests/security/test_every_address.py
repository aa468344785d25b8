"""Every address of the site, asked by everybody: nobody reaches what is not theirs.

``table.py`` says who gets what. A new address, operation or websocket fails the first tests here
until it has a row there, so none is forgotten.
"""

import json
import re
from contextlib import contextmanager, nullcontext
from itertools import product
from urllib.parse import urlsplit

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.shortcuts import resolve_url
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import get_resolver, reverse

from tests.security.table import (
    ADMIN,
    ADMIN_PREFIX,
    ADMIN_ROWS,
    ADMIN_UNSENT,
    AWAY,
    EVERYBODY,
    OK,
    REPORTED,
    ROWS,
    SIGN_IN,
    SOCKETS,
    Row,
)
from tests.security.things import VISITORS, World
from tests.support.patience import PATIENCE_SECONDS
from webapp.api.site import api
from webapp.asgi import application, sockets
from webapp.photos.models import Photo

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
DOCUMENTS = {"api/", "api/docs", "api/openapi.json"}


def patterns(some=None, prefix=""):
    """Every address of the urlconf with its view, from the top."""
    for pattern in some if some is not None else get_resolver().url_patterns:
        address = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from patterns(pattern.url_patterns, address)
        else:
            if not address.startswith(ADMIN_PREFIX):  # some of allauth's are regular expressions
                address = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<str:\1>", address).strip("$")
                address = address.replace("^", "")
            # ninja's name for its own converter
            yield address.replace("<uuidstr:", "<uuid:"), pattern.callback


def operations():
    """Every method and address of the API, documented or not."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            address = f"api/{prefix.strip('/')}/{path.strip('/')}".replace("//", "/")
            address = address.replace("{", "<").replace("}", ">").replace("<uuidstr:", "<uuid:")
            for operation in view.operations:
                for method in operation.methods:
                    yield method, address


def listening():
    """Every address of a websocket, from what the server runs."""
    router = sockets
    while not hasattr(router, "routes"):
        steps = (getattr(router, name, None) for name in ("application", "inner", "_app"))
        router = next(step for step in steps if step is not None)
    return {str(route.pattern) for route in router.routes} - {""}  # the last one turns all away


@pytest.fixture
def world(db, settings):
    cache.clear()
    settings.PREDICTION_WAIT_SECONDS = 0.1  # no worker will answer
    return World()


def test_every_address_is_in_the_table():
    listed = {row.address for row in ROWS}
    there = {address for address, _ in patterns() if not address.startswith(ADMIN_PREFIX)}
    assert (there - listed, listed - there) == (set(), set())


def test_every_operation_of_the_api_is_in_the_table():
    listed = {
        (row.method, row.address)
        for row in ROWS
        if row.address.startswith("api/") and row.address not in DOCUMENTS
    }
    there = set(operations())
    assert (there - listed, listed - there) == (set(), set())


def test_every_websocket_is_in_the_table():
    listed = {socket.address for socket in SOCKETS}
    assert (listening() - listed, listed - listening()) == (set(), set())


def test_no_row_stands_in_the_table_twice():
    rows = [(row.method, row.address, *row.words.items()) for row in ROWS]
    assert len(set(rows)) == len(rows)


def ask(client, row, address):
    """Send what ``row`` says to ``address``; the answer, read to its end."""
    if row.form is not None:
        response = client.generic(row.method, f"/{address}", **_multipart(row.form()))
    elif isinstance(row.body, bytes) or row.body is None:
        response = client.generic(
            row.method, f"/{address}", row.body or b"", headers=dict(row.headers)
        )
    elif address.startswith("api/"):
        response = client.generic(
            row.method, f"/{address}", json.dumps(row.body), "application/json",
            headers=dict(row.headers),
        )  # fmt: skip
    else:
        response = client.generic(row.method, f"/{address}", **_multipart(dict(row.body)))
    if response.streaming:
        response.getvalue()
    return response


def _multipart(data):
    return {"data": encode_multipart(BOUNDARY, data), "content_type": MULTIPART_CONTENT}


def is_so(response, row, expected):
    """Whether a visitor got what the table says."""
    status = response.status_code
    if status in (301, 302, 303) and _asks_to_sign_in(response.headers["Location"]):
        return expected == SIGN_IN
    reached = status < 400 or status in row.fine
    return {
        OK: reached,
        REPORTED: status in (302, 303),
        AWAY: status in (302, 403, 404, 405),
    }.get(expected, status == expected)


def _asks_to_sign_in(location):
    pages = (resolve_url(settings.LOGIN_URL), reverse("admin:login"))
    return urlsplit(location).path in pages


def all_rows():
    """The table's rows, and two for each address of the admin."""
    yield from ROWS
    for address, _ in patterns():
        if address.startswith(ADMIN_PREFIX):
            plain = address.replace("^(?P<app_label>", "<").replace("(?P<url>.*)$", "nothing")
            # Of the row that is not there; some models' rows nobody adds.
            yield Row("GET", plain, ADMIN_ROWS.get(address, ADMIN), fine=(403, 404))
            if address not in ADMIN_UNSENT:
                yield Row("POST", plain, ADMIN_ROWS.get(address, ADMIN), {}, fine=(403, 404, 405))


def filled(world, row, things):
    """The row's addresses with ids in them; the admin's with those of nothing."""
    if not row.address.startswith(ADMIN_PREFIX):
        found = world.addresses(row.address, things, row.words)
        # What only users can have is not walked for a guest's things.
        assert found or things is world.guests, f"{row}: say in things.py what its address names"
        return found
    address = row.address
    for part in ("<path:object_id>", "<path:content_type_id>", "<id>"):
        address = address.replace(part, "1")
    return [address.split("<")[0] + "library/" if "<" in address else address]


@contextmanager
def undone():
    """Let what is done here happen, and take it back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything():
    """All rows of all tables but the sessions: reading a page may begin one."""
    return {
        model._meta.label: sorted(map(repr, model._base_manager.values_list()))
        for model in apps.get_models()
        if model is not Session
    }


def wrongs(world, who, role, rows, things):
    """Ask for all ``rows`` as ``who``: what answered otherwise than the table says for ``role``.

    What is reached is undone, so that no row depends on another; whoever is turned away must have
    changed nothing by it.
    """
    before, wrong = everything(), []
    for row in rows:
        expected = row.access.of(role)
        for address in filled(world, row, things):
            with undone() if expected == OK else nullcontext():
                answer = ask(world.client(who), row, address)
            if not is_so(answer, row, expected):
                reported = f"{answer.status_code} {answer.headers.get('Location', '')}".strip()
                wrong.append(f"{row.method} /{address}: {who} got {reported}, not {expected}")
    assert everything() == before
    return wrong


@pytest.mark.parametrize("who", VISITORS)
def test_everybody_gets_what_the_table_says(world, who):
    assert wrongs(world, who, who, all_rows(), world.users) == []


@pytest.mark.parametrize("who", [*VISITORS, "the guest"])
def test_a_guest_s_things_are_the_guest_s_alone(world, who):
    """The same over what a guest has: users and other guests are strangers to it."""
    role = {"the guest": "owner", "owner": "stranger"}.get(who, who)
    rows = [row for row in ROWS if world.has(world.guests, row.address)]
    assert wrongs(world, who, role, rows, world.guests) == []


@pytest.mark.parametrize("kind", ["users", "guests"])
def test_what_is_somebody_else_s_answers_like_what_is_not_there(world, kind):
    things = getattr(world, kind)
    for row in ROWS:
        if not row.address.startswith("api/") or not world.has(world.users, row.address):
            continue
        for who in ("anonymous", "guest", "stranger", "staff", "superuser"):
            client = world.client(who)
            for theirs, nothing in zip(
                filled(world, row, things), world.nowhere(row.address), strict=False
            ):
                answers = [ask(client, row, theirs), ask(client, row, nothing)]
                requested = f"{row} by {who}"
                assert answers[0].status_code == answers[1].status_code >= 400, requested
                assert answers[0].content == answers[1].content, requested


def test_an_owner_who_is_deactivated_is_nobody(world):
    world.deactivate("owner")
    for row in ROWS:
        for address in filled(world, row, world.users):
            with undone():
                answer = ask(world.client("owner"), row, address)
            # Links to the owner's photos and palettes open nothing meanwhile.
            is_link = "token>" in row.address and row.access is EVERYBODY
            expected = 404 if is_link else row.access.anonymous
            assert is_so(answer, row, expected), f"{row}: {answer.status_code}"


def test_nothing_is_done_by_a_method_that_is_not_in_the_table(world):
    """Such as following a link to what a button does."""
    listed = {(row.method, row.address) for row in ROWS}
    words = {row.address: row.words for row in ROWS}
    before = everything()
    for address, view in patterns():
        if address.startswith((ADMIN_PREFIX, *DOCUMENTS)):
            continue
        for method in METHODS:
            if (method, address) in listed:
                continue
            row = Row(method, address, EVERYBODY, words=words[address])
            for there in filled(world, row, world.users):
                for who in ("owner", "superuser"):
                    status = ask(world.client(who), row, there).status_code
                    # Other people's views are bound to change nothing; ours, to say so.
                    ours = view.__module__.split(".")[0] in ("webapp", "training", "ninja")
                    assert status == 405 or not ours, f"{method} /{there} by {who}: {status}"
    assert everything() == before


def test_open_addresses_show_each_visitor_their_own(world):
    seen = []
    for who in (*VISITORS, "the guest"):
        items = world.client(who).get("/api/photos").json()["items"]
        assert len(items) == (0 if who == "anonymous" else 1), who
        seen += [item["id"] for item in items]
    assert len(set(seen)) == len(seen) == 6


def test_files_have_no_address_of_their_own(world):
    photo = Photo.objects.get(pk=world.users["photo_id"])
    for prefix in ("", "media/", "static/", "static/../", "static/%2e%2e/", "data/media/"):
        answer = world.client("owner").get(f"/{prefix}{photo.original}")
        assert answer.status_code == 404, prefix


@pytest.mark.django_db(transaction=True)
async def test_websockets_give_everybody_what_the_table_says():
    """One world serves all: listening changes nothing, and emptying every table takes long."""
    world = await sync_to_async(World)()
    wrong = []
    for kind, who in product(("users", "guests"), (*VISITORS, "the guest")):
        role = who
        if kind == "guests":
            role = {"the guest": "owner", "owner": "stranger"}.get(who, who)
        elif who == "the guest":
            role = "guest"
        for socket in SOCKETS:
            for address in world.addresses(socket.address, getattr(world, kind), {}):
                expected = socket.access.of(role)
                reported = await heard(address, world.session(who))
                if reported != expected:
                    wrong.append(f"/{address}: {who} got {reported}, not {expected}")
    assert wrong == []


async def heard(address, session):
    """What a websocket says first: ``OK`` for something, else the code it closes with."""
    scope = {
        "type": "websocket", "path": f"/{address}", "query_string": b"", "subprotocols": [],
        "headers": [(b"host", b"localhost"), (b"origin", b"http://localhost"),
                    (b"cookie", f"rehue_session={session}".encode())],
    }  # fmt: skip
    line = ApplicationCommunicator(application, scope)
    await line.send_input({"type": "websocket.connect"})
    assert (await line.receive_output(timeout=PATIENCE_SECONDS))["type"] == "websocket.accept"
    answer = await line.receive_output(timeout=PATIENCE_SECONDS)
    await line.send_input({"type": "websocket.disconnect", "code": 1001})
    await line.wait(timeout=PATIENCE_SECONDS)
    if answer["type"] == "websocket.close":
        return answer["code"]
    assert json.loads(answer["text"])["type"] not in ("error", "revoked")
    return OK
