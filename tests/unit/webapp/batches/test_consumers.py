"""The websocket of a batch: where it stands, then what happens to it."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.test import Client

from tests.support.people import user
from webapp.asgi import application
from webapp.batches import services, tasks
from webapp.batches.models import Batch
from webapp.common.websocket.messages import BATCH_SERVER_MESSAGE

pytestmark = pytest.mark.django_db(transaction=True)


class Line:
    """A socket's other end."""

    def __init__(self, communicator):
        self.communicator = communicator

    async def say(self, message):
        await self.communicator.send_input(
            {"type": "websocket.receive", "text": json.dumps(message)}
        )

    async def hear(self):
        """The next message, checked against the schema."""
        output = await self.communicator.receive_output(timeout=20)
        if output["type"] == "websocket.close":
            return {"type": "closed", "code": output["code"]}
        message = json.loads(output["text"])
        BATCH_SERVER_MESSAGE.validate_python(message)
        return message


def session_of(person):
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@asynccontextmanager
async def dial(batch, session):
    scope = {
        "type": "websocket",
        "path": f"/ws/batches/{batch.pk}",
        "query_string": b"",
        "subprotocols": [],
        "headers": [
            (b"host", b"localhost"),
            (b"origin", b"http://localhost"),
            (b"cookie", f"rehue_session={session}".encode()),
        ],
    }
    communicator = ApplicationCommunicator(application, scope)
    await communicator.send_input({"type": "websocket.connect"})
    assert (await communicator.receive_output(timeout=10))["type"] == "websocket.accept"
    yield Line(communicator)
    await communicator.send_input({"type": "websocket.disconnect", "code": 1001})
    await communicator.wait(timeout=10)


async def test_a_batch_is_told_first_and_then_photo_by_photo(batch, owner):
    session = await sync_to_async(session_of)(owner)
    async with dial(batch, session) as line:
        snapshot = await line.hear()
        assert (snapshot["type"], snapshot["status"], snapshot["total"]) == (
            "snapshot",
            "queued",
            4,
        )
        work = asyncio.create_task(sync_to_async(tasks.work_on)(str(batch.pk)))
        heard = [await line.hear()]
        while heard[-1]["status"] != "done":
            heard.append(await line.hear())
        await work
    seqs = [snapshot["seq"], *(one["seq"] for one in heard)]
    assert seqs == sorted(set(seqs)), "seq did not rise with each message"
    assert [len(one["items"]) for one in heard] == [4, 1, 1, 1, 1]
    assert [one["done"] for one in heard] == [0, 1, 2, 3, 4]
    assert {item["status"] for item in heard[0]["items"]} == {"running"}
    assert heard[-2]["remaining"] > 0


async def test_who_comes_later_is_told_how_it_stands(batch, owner):
    session = await sync_to_async(session_of)(owner)
    await sync_to_async(tasks.work_on)(str(batch.pk))
    async with dial(batch, session) as line:
        snapshot = await line.hear()
        assert (snapshot["status"], snapshot["done"]) == ("done", 4)
        await line.say({"type": "ping"})
        assert (await line.hear())["type"] == "pong"


async def test_pausing_and_deleting_are_told(batch, owner):
    session = await sync_to_async(session_of)(owner)
    async with dial(batch, session) as line:
        await line.hear()
        await sync_to_async(services.pause_batch)(batch=batch)
        assert (await line.hear())["status"] == "paused"
        await sync_to_async(services.delete_batch)(batch=batch, actor=owner)
        assert (await line.hear())["type"] == "revoked"
        assert (await line.hear())["code"] == 4401
    assert not await Batch.objects.aexists()


async def test_a_stranger_is_turned_away(batch):
    stranger = await sync_to_async(user)("stranger")
    async with dial(batch, await sync_to_async(session_of)(stranger)) as line:
        assert await line.hear() == {"type": "closed", "code": 4404}
