"""Redis emptied, and away: what waits is done within seconds after, once, and told to clients."""

import time

import pytest
import redis

from tests.support.fleet import fleet, wait_for
from tests.support.pictures import encoded, grey_astronaut
from tests.support.visitor import point, visiting

pytestmark = [pytest.mark.services, pytest.mark.slow]

RECOVERY_SECONDS = 15
# On a machine that is busier than two idle cores, starting a worker takes longer, and so does all.
WORKER_SECONDS = 5


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with fleet(tmp_path_factory.mktemp("redis")) as made:
        begun = time.monotonic()
        made.clock_worker = made.worker("clock")
        made.strokes = made.worker("interactive,predictions,default,batch")
        made.clock()
        made.url = made.web()
        made.wait_until_ready(made.url)
        made.slack = 3 * max(0.0, time.monotonic() - begun - 2 * WORKER_SECONDS)
        yield made


@pytest.fixture
def visitor(site):
    with visiting(site.url) as guest:
        yield guest


def test_a_stroke_and_a_render_whose_messages_were_lost_are_done_within_seconds(site, visitor):
    photo = visitor.upload(encoded(grey_astronaut(400, 300)))
    with visitor.socket(photo["id"]) as window:
        window.hear_chroma(0)
        site.strokes.freeze()
        try:
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            window.hear_until(lambda m: m["type"] == "job" and m["revision"] == 1)
            job = visitor.post(f"/api/photos/{photo['id']}/renders").json()
            with redis.Redis.from_url(site.redis_url) as broker:
                broker.flushall()
        finally:
            site.strokes.thaw()
        begun = time.monotonic()
        window.hear_chroma(1)
        done = visitor.wait_for_job(job["id"])
        took = time.monotonic() - begun
    assert (done["status"], done["attempt"]) == ("done", 1)
    assert took < RECOVERY_SECONDS + site.slack, f"{took:.1f} s"


def test_a_dead_worker_s_stroke_comes_back_though_a_batch_of_renders_waits(site, visitor):
    """The reaper has a queue of its own: it waits behind nothing."""
    photos = [visitor.upload(encoded(grey_astronaut(1200, 900))) for _ in range(8)]
    renders = [visitor.post(f"/api/photos/{photo['id']}/renders").json()["id"] for photo in photos]

    def running():
        return any(
            visitor.http.get(f"/api/jobs/{job}").json()["status"] == "running" for job in renders
        )

    wait_for(running, "a render to run", site)
    site.strokes.kill()
    killed = time.monotonic()
    site.strokes = site.worker("interactive,predictions,default,batch")

    def brought_back():
        jobs = [visitor.http.get(f"/api/jobs/{job}").json() for job in renders]
        return all(job["status"] == "queued" or job["attempt"] != 1 or job["status"] == "done"
                   for job in jobs)  # fmt: skip

    wait_for(brought_back, "the dead worker's render to come back", site)
    took = time.monotonic() - killed
    assert took < RECOVERY_SECONDS + site.slack, f"{took:.1f} s"
    for job in renders:
        assert visitor.wait_for_job(job, 180)["status"] == "done"
