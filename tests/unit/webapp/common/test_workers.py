"""Workers tell what they do, and whoever has stopped telling is known for it."""

import dataclasses
import time
from datetime import timedelta

import pytest

from webapp.common import workers
from webapp.common.queue import enqueue
from webapp.common.workers import (
    BrokerUnavailableError,
    WorkerReporter,
    list_workers,
    queue_lengths,
)
from webapp.ops.embedded import EmbeddedRuntime


class Request:
    """What Celery keeps of a task in hand."""

    name = "studio.render"
    time_start = 1_790_000_000.0


@pytest.fixture
def scale_out(settings):
    """Where workers would be told of, at an address without a Redis."""

    def at(url):
        settings.EMBEDDED = False
        settings.CONFIG = dataclasses.replace(settings.CONFIG, redis_url=url)

    at("redis://127.0.0.1:1/0")
    return at


def wait_for(true, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


@pytest.mark.django_db(transaction=True)
def test_the_threads_of_the_embedded_worker_are_seen_while_they_live(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    runtime = EmbeddedRuntime()
    runtime.start()
    try:
        seen = list_workers()
        queues = {queue for worker in seen for queue in worker.queues}
        assert {"interactive", "batch", "default", "training"} <= queues
        assert not any(worker.is_silent for worker in seen)
    finally:
        runtime.stop()
    assert all(worker.is_silent for worker in list_workers())


@pytest.mark.django_db(transaction=True)
def test_messages_that_nobody_takes_are_counted():
    before = queue_lengths(["training"])["training"]
    enqueue("runtime.nudge", queue="training")
    assert queue_lengths(["training"])["training"] == before + 1


def test_without_redis_nothing_is_known(scale_out):
    with pytest.raises(BrokerUnavailableError):
        list_workers()


@pytest.mark.services
class TestTelling:
    @pytest.fixture
    def reporter(self, scale_out, redis_url, monkeypatch):
        scale_out(redis_url)
        monkeypatch.setattr(workers, "REPORT_SECONDS", 0.05)
        made = WorkerReporter("gpu@somewhere", ["interactive", "batch"])
        made.start()
        yield made
        made.stop()

    def test_a_worker_says_its_queues_and_what_it_has_in_hand(self, reporter, monkeypatch):
        monkeypatch.setattr(workers, "_in_hand", lambda: [Request])
        worker = wait_for(lambda: next((w for w in list_workers() if w.tasks), None))
        assert (worker.name, worker.queues) == ("gpu@somewhere", ("batch", "interactive"))
        assert worker.tasks[0].name == "studio.render"
        assert worker.tasks[0].since.year == 2026
        assert not worker.is_silent

    def test_one_whose_loop_stands_still_falls_silent_and_is_forgotten(self, reporter, monkeypatch):
        wait_for(list_workers)
        monkeypatch.setattr(workers, "monotonic", lambda: time.monotonic() + 3600)
        time.sleep(0.2)
        reported = list_workers()[0].seen
        time.sleep(0.2)
        assert list_workers()[0].seen == reported
        monkeypatch.setattr(workers.timezone, "now", lambda: reported + timedelta(seconds=20))
        assert list_workers()[0].is_silent
        monkeypatch.setattr(workers.timezone, "now", lambda: reported + timedelta(hours=2))
        assert list_workers() == []

    def test_one_that_ends_in_order_is_gone_at_once(self, reporter):
        wait_for(list_workers)
        reporter.stop()
        assert list_workers() == []
