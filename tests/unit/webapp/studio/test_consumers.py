"""The websocket of a photo: what it takes, what it tells, and what it does not put up with."""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.support.people import as_guest
from tests.support.sockets import dialled
from webapp.common.websocket import consumer as base
from webapp.common.websocket.messages import SERVER_MESSAGE
from webapp.photos.services import delete_photo
from webapp.studio import tasks
from webapp.studio.models import Hints
from webapp.studio.requests import request_render

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = b"http://localhost:8000"
DAB = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.1, "color": "#aa3300"}


def hints(revision, *dabs):
    return {
        "type": "hints",
        "revision": revision,
        "hints": {"version": 1, "hints": list(dabs)},
    }


@pytest.fixture
def cookie(photo):
    client = as_guest(Client(), photo.guest_key)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def dial(photo, cookie):
    """Open a line to the photo's socket."""

    def connect(*, session=cookie, origin=ORIGIN, path=None, headers=()):
        path = path or f"/ws/photos/{photo.pk}"
        return dialled(path, session, SERVER_MESSAGE, origin=origin, headers=headers)

    return connect


async def test_a_new_client_gets_a_snapshot(dial, photo, job):
    async with dial() as line:
        snapshot = await line.hear()
    assert snapshot["type"] == "snapshot"
    assert snapshot["photo"]["id"] == str(photo.pk)
    assert (snapshot["revision"], snapshot["chroma"]) == (0, None)
    assert snapshot["job"]["job"] == str(job.pk)


async def test_hints_are_saved_confirmed_and_coloured(dial, photo, job):
    async with dial() as line:
        await line.hear("snapshot")
        await line.say(hints(1, DAB))
        queued = await line.hear("job")
        assert (queued["status"], queued["revision"]) == ("queued", 1)
        await sync_to_async(tasks.colorize)(str(job.pk))
        assert (await line.hear("job"))["status"] == "running"
        chroma = await line.hear("chroma")
        assert (chroma["revision"], chroma["job"]) == (1, str(job.pk))
        assert (await line.hear("job"))["status"] == "done"
    assert (await Hints.objects.aget()).revision == 1


async def test_other_windows_get_the_hints_and_the_sender_does_not(dial):
    async with dial() as mine, dial() as other:
        await mine.hear("snapshot")
        await other.hear("snapshot")
        await mine.say(hints(1, DAB))
        seen = await other.hear()
        assert (seen["type"], seen["revision"]) == ("snapshot", 1)
        assert seen["hints"]["hints"] == [DAB]
        assert (await other.hear())["type"] == "job"
        assert (await mine.hear())["type"] == "job"
        assert await mine.silent()


async def test_stale_hints_are_refused_and_answered_with_how_things_stand(dial):
    async with dial() as line:
        await line.hear("snapshot")
        await line.say(hints(5, DAB))
        await line.hear("job")
        await line.say(hints(5))
        error = await line.hear()
        assert (error["type"], error["code"], error["revision"]) == ("error", "stale_revision", 5)
        assert (await line.hear("snapshot"))["hints"]["hints"] == [DAB]


async def test_a_finished_full_size_result_is_reported(dial, photo):
    async with dial() as line:
        await line.hear("snapshot")
        job = await sync_to_async(request_render)(photo=photo)
        await sync_to_async(tasks.render)(str(job.pk))
        version = await line.hear("version")
        assert (version["id"], version["width"]) == (str(job.pk), photo.width)


async def test_hints_that_came_just_before_the_window_closed_are_saved(dial):
    async with dial() as line:
        await line.hear("snapshot")
        for revision in range(1, 20):
            await line.say(hints(revision, DAB))
    assert (await Hints.objects.aget()).revision == 19


async def test_a_deleted_photo_revokes_its_windows(dial, photo):
    async with dial() as line:
        await line.hear("snapshot")
        await sync_to_async(delete_photo)(photo=photo)
        assert (await line.hear())["type"] == "revoked"
        assert await line.hear() == {"type": "closed", "code": 4401}


async def test_an_ended_session_is_noticed(dial, monkeypatch):
    monkeypatch.setattr(base, "REVALIDATE_SECONDS", 0.1)
    async with dial() as line:
        await line.hear("snapshot")
        await Session.objects.all().adelete()
        assert (await line.hear("revoked"))["type"] == "revoked"
        assert await line.hear() == {"type": "closed", "code": 4401}


async def test_a_chroma_map_whose_event_was_lost_is_sent_all_the_same(
    dial, photo, job, monkeypatch
):
    monkeypatch.setattr(base, "REVALIDATE_SECONDS", 0.3)
    async with dial() as line:
        await line.hear("snapshot")
        with monkeypatch.context() as deaf:
            deaf.setattr("webapp.photos.events.send_event", lambda group, event: None)
            await sync_to_async(tasks.colorize)(str(job.pk))
        assert (await line.hear("snapshot"))["chroma"]["job"] == str(job.pk)
        assert await line.silent()


async def test_a_full_size_result_whose_event_was_lost_is_reported_all_the_same(
    dial, photo, monkeypatch
):
    monkeypatch.setattr(base, "REVALIDATE_SECONDS", 0.3)
    async with dial() as line:
        await line.hear("snapshot")
        with monkeypatch.context() as deaf:
            deaf.setattr("webapp.photos.events.send_event", lambda group, event: None)
            job = await sync_to_async(request_render)(photo=photo)
            await sync_to_async(tasks.render)(str(job.pk))
        assert (await line.hear("version"))["job"] == str(job.pk)
        assert (await line.hear("job"))["status"] == "done"
        assert await line.silent()


async def test_a_window_that_was_away_while_a_render_ended_hears_of_it(dial, photo):
    job = await sync_to_async(request_render)(photo=photo)
    await sync_to_async(tasks.render)(str(job.pk))
    async with dial() as line:
        assert (await line.hear("version"))["job"] == str(job.pk)
        assert (await line.hear("job"))["status"] == "done"


async def test_nothing_is_painted_after_signing_out(dial, photo, monkeypatch):
    monkeypatch.setattr(base, "TRUST_SECONDS", 0)
    async with dial() as line:
        await line.hear("snapshot")
        await Session.objects.all().adelete()
        await line.say(hints(1, DAB))
        assert (await line.hear("revoked"))["type"] == "revoked"
    assert not await Hints.objects.filter(photo=photo).aexists()


async def test_who_sends_far_too_much_is_hung_up_on_though_some_of_it_is_taken(dial, settings):
    """At 500 messages a second some pass the limit of 60 between those that do not."""
    settings.WS_MESSAGES_PER_SECOND, settings.WS_MESSAGE_BURST = 60, 60
    async with dial() as line:
        await line.hear("snapshot")
        for _ in range(500):
            await line.say({"type": "ping"})
            await asyncio.sleep(0.002)
        assert await line.hear("closed") == {"type": "closed", "code": 4408}


async def test_strangers_and_missing_photos_look_the_same(dial, photo):
    for path in (None, "/ws/photos/00000000-0000-4000-8000-000000000000"):
        async with dial(session="nobody", path=path) as line:
            assert await line.hear() == {"type": "closed", "code": 4404}


async def test_other_sites_cannot_connect(dial):
    async with dial(origin=b"http://evil.example") as line:
        assert not line.accepted


async def test_an_unknown_address_is_denied(dial):
    async with dial(path="/ws/nothing") as line:
        assert not line.accepted


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "bad_json"),
        ("{", "bad_json"),
        ("[" * 100_000, "bad_json"),
        ('{"type": "hints", "revision": NaN, "hints": {}}', "bad_json"),
        ('{"type": "ping", "n": ' + "1" * 5000 + "}", "bad_json"),
        ("null", "bad_message"),
        ("[]", "bad_message"),
        ('{"type": "snapshot"}', "bad_message"),
        ('{"type": "ping", "more": 1}', "bad_message"),
        ('{"type": "hints", "revision": 0, "hints": {}}', "bad_message"),
        ('{"type": "hints", "revision": 1.0, "hints": {}}', "bad_message"),
        ('{"type": "hints", "revision": 9007199254740992, "hints": {}}', "bad_message"),
        ('{"type": "hints", "revision": 1, "hints": []}', "bad_message"),
        ('{"type": "hints", "revision": 1, "hints": {}}', "bad_hints"),
        ('{"type": "hints", "revision": 1, "hints": {"version": 3, "hints": []}}', "bad_hints"),
    ],
)
async def test_what_is_wrong_with_a_frame_is_stated_and_the_line_stays_open(dial, frame, code):
    async with dial() as line:
        await line.hear("snapshot")
        await line.say(frame)
        error = await line.hear()
        assert (error["type"], error["code"]) == ("error", code)
        await line.say({"type": "ping"})
        assert (await line.hear())["type"] == "pong"


@pytest.mark.parametrize(
    ("region", "words"),
    [
        ({"points": [[0, 0], [1, 1], [1, 0], [0, 1]]}, "crosses itself"),
        ({"points": [[0, 0], [0.5, 0.5], [1, 1]]}, "no area"),
        ({"name": "x" * 10_000, "points": [[0, 0], [1, 0], [1, 1]]}, "at most 100 letters"),
    ],
)
async def test_an_unusable_region_is_refused_and_the_hints_before_stay(dial, photo, region, words):
    unusable = {"version": 2, "hints": [DAB], "regions": [region]}
    async with dial() as line:
        await line.hear("snapshot")
        await line.say(hints(1, DAB))
        await line.hear("job")
        await line.say({"type": "hints", "revision": 2, "hints": unusable})
        error = await line.hear("error")
        assert error["code"] == "bad_hints"
        assert words in error["message"]
    assert (await Hints.objects.aget()).revision == 1


async def test_bytes_are_no_message(dial):
    async with dial() as line:
        await line.hear("snapshot")
        await line.communicator.send_input({"type": "websocket.receive", "bytes": b"\x00\x01"})
        assert (await line.hear())["code"] == "bad_message"


async def test_errors_are_in_the_language_of_the_user(dial):
    async with dial(headers=[(b"accept-language", b"ko-KR,ko;q=0.9")]) as line:
        await line.hear("snapshot")
        await line.say("{")
        korean = (await line.hear())["message"]
    assert any("가" <= letter <= "힣" for letter in korean), korean


async def test_a_frame_that_is_too_large_closes_the_line(dial, settings):
    settings.WS_MAX_BYTES = 1000
    async with dial() as line:
        await line.hear("snapshot")
        await line.say("x" * 1001)
        assert (await line.hear())["code"] == "too_large"
        assert await line.hear() == {"type": "closed", "code": 1009}


async def test_a_flood_is_warned_and_then_closed(dial, settings):
    settings.WS_MESSAGES_PER_SECOND, settings.WS_MESSAGE_BURST = 2, 5
    async with dial() as line:
        await line.hear("snapshot")
        for _ in range(40):
            await line.say({"type": "ping"})
        assert (await line.hear("error"))["code"] == "too_many"
        assert await line.hear("closed") == {"type": "closed", "code": 4408}


async def test_too_many_windows_are_refused_and_room_is_made_when_one_closes(dial, settings):
    settings.WS_CONNECTIONS_PER_ACTOR = 2
    async with dial() as first:
        await first.hear("snapshot")
        async with dial() as second:
            await second.hear("snapshot")
            async with dial() as third:
                assert (await third.hear())["code"] == "too_many_connections"
                assert await third.hear() == {"type": "closed", "code": 4408}
        async with dial() as fourth:
            assert (await fourth.hear())["type"] == "snapshot"


async def test_a_connection_that_breaks_while_it_opens_leaves_nothing_behind(dial, monkeypatch):
    def broken(photo):
        raise RuntimeError("the database went away")

    monkeypatch.setattr("webapp.studio.consumers.snapshot_of", broken)
    with pytest.raises(RuntimeError, match="went away"):
        async with dial():
            pass
    assert not base.Consumer.connections._open


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "revision", "hints", "version", "x"]), inner)
    ),
    max_leaves=12,
)
FRAMES = st.one_of(
    st.text(max_size=200),
    ANYTHING.map(json.dumps),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["hints", "ping", "job", ""])},
        optional={"revision": ANYTHING, "hints": ANYTHING},
    ).map(json.dumps),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15
)
@given(frames=st.lists(FRAMES, max_size=20))
@example(frames=['{"type": "hints", "revision": 1, "hints": {"version": 1, "hints": "\\ud800"}}'])
def test_no_frame_ends_the_line(dial, frames):
    async def talk():
        async with dial() as line:
            await line.hear("snapshot")
            for frame in frames:
                await line.say(frame)
            await line.say({"type": "ping"})
            while (heard := await line.hear())["type"] != "pong":
                assert heard["type"] in {"error", "job", "snapshot", "pong"}, heard
                assert heard.get("code") != "server_error"

    asyncio.run(talk())
