"""The embedded profile, as ``make run`` starts it: one process, nothing beside it."""

import signal
import sqlite3
import threading
import time
from contextlib import closing

import pytest

from tests.support.pictures import encoded, grey_astronaut, pixels
from tests.support.server import running_server
from tests.support.visitor import point, visiting


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with running_server(tmp_path_factory.mktemp("embedded") / "data") as running:
        yield running


@pytest.fixture
def visitor(server):
    with visiting(server.url) as guest:
        yield guest


class Watcher(threading.Thread):
    """Counts the jobs that are alive, over and over, as a stranger to the process."""

    def __init__(self, database):
        super().__init__(daemon=True)  # a failed test must not wait for it
        self.database, self.counts, self.looks = database, set(), 0
        self.stopped = threading.Event()

    def run(self):
        query = (
            "select status from studio_job"
            " where kind = 'chroma' and status in ('queued', 'running')"
        )
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            while not self.stopped.wait(0.002):
                self.counts.add(tuple(sorted(row[0] for row in connection.execute(query))))
                self.looks += 1


def test_a_photo_is_uploaded_coloured_painted_and_downloaded(visitor):
    photo = visitor.upload(encoded(grey_astronaut(400, 300)))
    with visitor.socket(photo["id"]) as window:
        window.hear()
        window.hear_chroma(0)
        window.tell_hints(1, point(0.5, 0.3, "#c08060"))
        assert window.hear_chroma(1)["width"] == 256
    job = visitor.render(photo["id"])
    assert pixels(visitor.download(job["version_id"]).content).shape == (300, 400, 3)


def test_two_hundred_strokes_never_make_more_than_two_tasks_and_the_last_one_stays(visitor, server):
    photo = visitor.upload(encoded(grey_astronaut()))
    watcher = Watcher(server.data_dir / "rehue.sqlite3")
    with visitor.socket(photo["id"]) as window, visitor.socket(photo["id"]) as other:
        window.hear()
        window.hear_chroma(0)
        other.hear()
        watcher.start()
        for revision in range(1, 201):
            window.tell_hints(revision, point(revision / 200, 0.5, "#c08060"))
            time.sleep(0.005)
        last = window.hear_chroma(200)
        assert other.hear_chroma(200)["data"] == last["data"]
        window.hear_until(lambda m: m.get("status") == "done" and m["revision"] == 200)
        watcher.stopped.set()
        watcher.join()
        assert not [m for m in window.heard + other.heard if m["type"] == "error"]
    assert watcher.looks > 50
    assert watcher.counts <= {(), ("queued",), ("running",), ("queued", "running")}
    assert ("queued", "running") in watcher.counts
    with closing(sqlite3.connect(server.data_dir / "rehue.sqlite3")) as connection:
        jobs = connection.execute(
            "select status, count(*) from studio_job where photo_id = ? group by status",
            [photo["id"].replace("-", "")],
        ).fetchall()
    assert [status for status, _ in jobs] == ["done"]
    assert jobs[0][1] < 200, "every stroke was coloured for itself"
    assert visitor.http.get(f"/api/photos/{photo['id']}/hints").json()["revision"] == 200
    with visitor.socket(photo["id"]) as again:
        assert again.hear()["chroma"]["revision"] == 200


def test_strokes_do_not_wait_behind_somebody_s_large_download(visitor):
    large = visitor.upload(encoded(grey_astronaut(4000, 3000), compress_level=1))
    photo = visitor.upload(encoded(grey_astronaut()))
    with visitor.socket(large["id"]) as window:
        window.hear()
        window.hear_chroma(0)
    with visitor.socket(photo["id"]) as window:
        window.hear()
        window.hear_chroma(0)
        job = visitor.post(f"/api/photos/{large['id']}/renders").json()
        window.tell_hints(1, point(0.5, 0.3, "#c08060"))
        window.hear_chroma(1)
        assert visitor.http.get(f"/api/jobs/{job['id']}").json()["status"] == "running"
    assert visitor.wait_for_job(job["id"])["status"] == "done"


def test_a_window_left_open_hears_after_a_while(visitor):
    photo = visitor.upload(encoded(grey_astronaut()))
    with visitor.socket(photo["id"]) as window:
        window.hear_silence(6)
        visitor.put(
            f"/api/photos/{photo['id']}/hints",
            json={"revision": 1, "hints": {"version": 1, "hints": []}},
        )
        window.hear_chroma(1)


def test_a_thousand_hints_are_taken(visitor):
    photo = visitor.upload(encoded(grey_astronaut()))
    with visitor.socket(photo["id"]) as window:
        window.hear()
        window.tell_hints(1, *[point(n / 1000, n / 1000, "#c08060", 0.005) for n in range(1000)])
        window.hear_chroma(1)


def test_a_stop_is_quick_and_what_was_there_is_there_again(tmp_path):
    with running_server(tmp_path / "data") as server, visiting(server.url) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"]) as window:
            window.hear()
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            window.hear_chroma(1)
            server.stop()
            assert server.process.returncode != -signal.SIGKILL, "it had to be killed"
        server.start()
        with visitor.socket(photo["id"]) as window:
            snapshot = window.hear()
        assert (snapshot["revision"], snapshot["chroma"]["revision"]) == (1, 1)
    assert "Traceback" not in server.log.read_text()
