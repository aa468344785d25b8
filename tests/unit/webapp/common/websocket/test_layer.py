"""The embedded profile's channel layer."""

import asyncio
import threading
import time

import pytest
from asgiref.sync import async_to_sync

from tests.support.patience import TRIES
from webapp.common.websocket.layer import LoopBoundLayer

EVENT = {"type": "photo.changed", "what": "job"}


def send_from_a_thread(layer, group="photo.1"):
    """Send as a worker's task does; returns how long it took."""
    took = []

    def send():
        start = time.perf_counter()
        async_to_sync(layer.group_send)(group, EVENT)
        took.append(time.perf_counter() - start)

    thread = threading.Thread(target=send)
    thread.start()
    thread.join(5)
    assert took, "the sender hangs"
    return took[0]


async def test_an_idle_loop_hears_at_once_what_a_thread_sends():
    layer = LoopBoundLayer()
    channel = await layer.new_channel()
    await layer.group_add("photo.1", channel)
    loop = asyncio.get_running_loop()
    took = []
    for _ in range(TRIES):  # the best of several: a busy machine makes some of them slow
        listener = asyncio.create_task(layer.receive(channel))
        await asyncio.sleep(0)
        start = time.perf_counter()
        sent = loop.run_in_executor(None, send_from_a_thread, layer)
        assert await asyncio.wait_for(listener, 5) == EVENT
        took.append(time.perf_counter() - start)
        await sent
    assert min(took) < 0.5


async def test_a_thread_s_send_is_clean_in_asyncio_s_debug_mode():
    asyncio.get_running_loop().set_debug(True)
    layer = LoopBoundLayer()
    channel = await layer.new_channel()
    await layer.group_add("photo.1", channel)
    await asyncio.to_thread(send_from_a_thread, layer)
    assert await asyncio.wait_for(layer.receive(channel), 5) == EVENT


async def test_the_order_of_events_is_kept():
    layer = LoopBoundLayer()
    channel = await layer.new_channel()
    await layer.group_add("photo.1", channel)

    def send_many():
        for number in range(50):
            async_to_sync(layer.group_send)("photo.1", {"type": "photo.changed", "n": number})

    await asyncio.to_thread(send_many)
    assert [(await layer.receive(channel))["n"] for _ in range(50)] == list(range(50))


def test_events_that_nobody_listens_to_are_dropped():
    layer = LoopBoundLayer()
    send_from_a_thread(layer)
    assert not layer.channels


def test_a_server_that_starts_again_in_the_same_process_hears_again():
    layer = LoopBoundLayer()

    async def listen():
        channel = await layer.new_channel()
        await layer.group_add("photo.1", channel)
        await asyncio.to_thread(send_from_a_thread, layer)
        return await asyncio.wait_for(layer.receive(channel), 5)

    assert asyncio.run(listen()) == EVENT
    send_from_a_thread(layer)  # between the two: to nobody
    assert asyncio.run(listen()) == EVENT
    assert not layer.channels


def test_two_loops_at_once_are_refused():
    layer = LoopBoundLayer()

    async def listen():
        await layer.group_add("photo.1", "one")
        with pytest.raises(RuntimeError, match="one event loop"):
            await asyncio.to_thread(lambda: asyncio.run(layer.group_add("photo.1", "two")))

    asyncio.run(listen())
