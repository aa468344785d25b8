"""The websocket of one's photos: every change to them, and nobody else's."""

from contextlib import asynccontextmanager

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from tests.support.people import as_guest, guest, live_version, upload
from tests.support.sockets import dialled, session_of
from training.models import ModelVersion
from webapp.common.websocket.messages import MY_SERVER_MESSAGE
from webapp.gallery.trash import restore_photos, trash_photos
from webapp.photos import services
from webapp.photos.models import Photo
from webapp.studio.leases import claim
from webapp.studio.models import Job
from webapp.studio.services import store_chroma

pytestmark = pytest.mark.django_db(transaction=True)


@asynccontextmanager
async def dial(key):
    client = await sync_to_async(as_guest)(Client(), key) if key else Client()
    async with dialled("/ws/me", session_of(client), MY_SERVER_MESSAGE) as line:
        yield line


@sync_to_async
def added(key="guest-one"):
    if not ModelVersion.objects.exists():
        live_version()
    return services.add_photo(actor=guest(key), upload=upload())


async def test_a_photo_s_life_is_sent_to_every_window_of_its_owner():
    first = await added()
    async with dial("guest-one") as one, dial("guest-one") as two:
        opened = await one.hear()
        assert (opened["type"], opened["count"]) == ("snapshot", 1)
        assert await two.hear() == opened
        photo = await added()
        ids = [str(photo.pk)]
        await sync_to_async(services.rename_photo)(photo=photo, title="new")
        await sync_to_async(trash_photos)(actor=guest(), ids=[photo.pk, first.pk])
        await sync_to_async(restore_photos)(actor=guest(), ids=[photo.pk])
        await sync_to_async(services.delete_photo)(photo=photo)
        for line in (one, two):
            heard = [await line.hear() for _ in range(5)]
            assert [message["what"] for message in heard] == [
                "added",
                "changed",
                "removed",
                "added",
                "removed",
            ]
            assert set(heard[2]["ids"]) == {str(photo.pk), str(first.pk)}
            assert all(message["ids"] == ids for message in (heard[0], heard[1], *heard[3:]))


async def test_new_colours_are_reported_and_change_the_mark():
    photo = await added()
    before = await sync_to_async(lambda: Photo.objects.get().updated)()
    async with dial("guest-one") as line:
        await line.hear()
        await sync_to_async(_colour)(photo)
        assert await line.hear() == {"type": "photos", "what": "changed", "ids": [str(photo.pk)]}
    assert await sync_to_async(lambda: Photo.objects.get().updated)() > before


def _colour(photo):
    job = Job.objects.get(photo=photo)
    job = claim(job_id=job.pk, now=job.created)
    assert store_chroma(job=job, data=b"", width=1, height=1, seconds=0.1)


async def test_strangers_hear_nothing_and_who_has_nothing_is_not_let_in():
    async with dial("another") as line:
        assert (await line.hear())["count"] == 0
        await added()
        assert await line.silent()
        await line.say('{"type": "ping"}')
        assert (await line.hear())["type"] == "pong"
    async with dial("") as line:
        assert await line.hear() == {"type": "closed", "code": 4404}
