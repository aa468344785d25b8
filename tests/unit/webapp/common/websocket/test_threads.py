"""The threads in which sockets work: heavy work keeps only its like waiting."""

import asyncio
import threading
import time

import pytest

from webapp.common.websocket.threads import in_thread

TOOK = 0.2


def work():
    begun = time.monotonic()
    time.sleep(TOOK)
    return threading.current_thread().name, begun, time.monotonic()


@pytest.mark.django_db(transaction=True)
def test_heavy_work_is_done_one_by_one_with_a_rest_and_light_work_beside_it():
    async def together():
        heavy = [in_thread(work, heavy=True)() for _ in range(2)]
        light = in_thread(work)()
        return await asyncio.gather(*heavy, light)

    (first, begun, ended), (second, again, _), (light, _, light_ended) = asyncio.run(together())
    assert first == second != light
    assert again - ended >= 0.9 * (ended - begun), "others had as much time as it took"
    assert light_ended < again
