"""The worker in the server's process."""

import time

import pytest
from django.db import connection

from tests.support.people import guest, upload
from training.registry.versions import ensure_shipped_model
from webapp.common import health
from webapp.common.workers import own_threads, worker_alive
from webapp.ops.embedded import EmbeddedError, EmbeddedRuntime
from webapp.photos.services import add_photo
from webapp.studio.models import Chroma, Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def runtime(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    made = EmbeddedRuntime()
    yield made
    made.stop()


def wait_for_chroma(seconds=20.0):
    deadline = time.monotonic() + seconds
    while not Chroma.objects.exists():
        assert time.monotonic() < deadline, list(Job.objects.values("status", "attempt", "error"))
        time.sleep(0.02)


def test_it_works_stops_and_works_again(runtime):
    ensure_shipped_model()
    for _ in range(2):
        runtime.start()
        assert health.worker_alive()
        photo = add_photo(actor=guest(), upload=upload())
        wait_for_chroma()
        runtime.stop()
        assert not [lane.name for lane in own_threads if lane.is_alive]
        assert not health.worker_alive()
        photo.delete()


def test_what_an_earlier_process_left_running_or_queued_is_done(runtime):
    ensure_shipped_model()
    add_photo(actor=guest(), upload=upload())
    Job.objects.update(status="running", attempt=1, lease_until="2999-01-01T00:00Z")
    runtime.start()
    wait_for_chroma()
    connection.close()
    assert Job.objects.get().attempt == 2


def test_a_second_process_on_the_same_folder_is_turned_away(runtime):
    runtime.start()
    second = EmbeddedRuntime()
    with pytest.raises(EmbeddedError, match="REDIS_URL"):
        second.start()
    second.stop()
    assert worker_alive()
