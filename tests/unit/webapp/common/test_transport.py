"""The embedded broker."""

import threading
import time

import pytest
from kombu import Connection, Queue

from tests.support.patience import best_seconds

TRANSPORT = "webapp.common.transport:Transport"


@pytest.fixture
def connection():
    with Connection("memory://test", transport=TRANSPORT) as opened:
        yield opened


def test_a_message_wakes_who_waits_at_once(connection):
    heard, sent = [], []

    def send():
        time.sleep(0.2)
        with Connection("memory://test", transport=TRANSPORT) as other:
            other.Producer().publish({"n": 1}, routing_key="wake", declare=[Queue("wake")])
        sent.append(time.perf_counter())

    with connection.Consumer(Queue("wake"), callbacks=[lambda body, _: heard.append(body)]):

        def wait():
            thread = threading.Thread(target=send)
            thread.start()
            connection.drain_events(timeout=5)
            thread.join()

        took = best_seconds(wait, enough=0.6)
    assert took < 0.8, "0.2 s until it was sent, and kombu's own look comes only after a second"
    assert heard == [{"n": 1}] * len(sent)


def test_a_message_that_came_before_the_wait_is_not_slept_over(connection):
    heard = []
    queue = Queue("early")
    with connection.Consumer(queue, callbacks=[lambda body, _: heard.append(body)]):

        def take():
            connection.Producer().publish({}, routing_key="early", declare=[queue])
            connection.drain_events(timeout=5)

        assert best_seconds(take, enough=0.5) < 1
    assert heard


def test_waiting_ends_in_time_and_costs_nothing(connection):
    with connection.Consumer(Queue("silent"), callbacks=[print]):
        start, worked = time.perf_counter(), time.thread_time()
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=0.5)
        assert time.perf_counter() - start > 0.45
        assert time.thread_time() - worked < 0.05


def emptied(connection, *names):
    """Queues without what other tests of this process left in them."""
    queues = [Queue(name)(connection.default_channel) for name in names]
    for queue in queues:
        queue.declare()
        queue.purge()
    return queues


def test_strokes_are_taken_before_what_waits_longer(connection):
    heard = []
    queues = emptied(connection, "predictions", "interactive")
    with connection.Consumer(queues, callbacks=[lambda body, _: heard.append(body)]):
        for name in ("predictions", "predictions", "predictions", "interactive", "interactive"):
            connection.Producer().publish(name, routing_key=name, declare=queues)
        for _ in range(5):
            connection.drain_events(timeout=5)
    assert heard == ["interactive"] * 2 + ["predictions"] * 3


def test_other_queues_are_taken_by_turns(connection):
    heard = []
    queues = emptied(connection, "batch", "default")
    with connection.Consumer(queues, callbacks=[lambda body, _: heard.append(body)]):
        for name in ("batch", "batch", "default"):
            connection.Producer().publish(name, routing_key=name, declare=queues)
        for _ in range(3):
            connection.drain_events(timeout=5)
    assert heard == ["batch", "default", "batch"]
