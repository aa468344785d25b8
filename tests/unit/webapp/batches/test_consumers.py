"""The websocket of a batch: where it stands, then what happens to it."""

import asyncio

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from tests.support.people import user
from tests.support.sockets import dialled, session_of
from webapp.batches import services, tasks
from webapp.batches.models import Batch
from webapp.common.websocket.messages import BATCH_SERVER_MESSAGE

pytestmark = pytest.mark.django_db(transaction=True)


def session_for(person):
    client = Client()
    client.force_login(person)
    return session_of(client)


def dial(batch, session):
    return dialled(f"/ws/batches/{batch.pk}", session, BATCH_SERVER_MESSAGE)


async def test_a_batch_is_sent_first_and_then_photo_by_photo(batch, owner):
    session = await sync_to_async(session_for)(owner)
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
    # A quick machine has less than a twentieth of a second left.
    assert (heard[0]["remaining"], heard[-2]["remaining"] is None) == (None, False)


async def test_who_comes_later_learns_how_it_stands(batch, owner):
    session = await sync_to_async(session_for)(owner)
    await sync_to_async(tasks.work_on)(str(batch.pk))
    async with dial(batch, session) as line:
        snapshot = await line.hear()
        assert (snapshot["status"], snapshot["done"]) == ("done", 4)
        await line.say({"type": "ping"})
        assert (await line.hear())["type"] == "pong"


async def test_pausing_and_deleting_are_reported(batch, owner):
    session = await sync_to_async(session_for)(owner)
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
    async with dial(batch, await sync_to_async(session_for)(stranger)) as line:
        assert await line.hear() == {"type": "closed", "code": 4404}
