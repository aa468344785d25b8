"""A power cut and its like, done to the embedded profile on purpose."""

import signal
import sqlite3
import time
from contextlib import closing

from tests.support.pictures import encoded, grey_astronaut, pixels
from tests.support.server import running_server
from tests.support.visitor import point, visiting


def status_of(server, job_id):
    with closing(sqlite3.connect(server.data_dir / "rehue.sqlite3", timeout=20)) as connection:
        return connection.execute(
            "select status, attempt from studio_job where id = ?", [job_id.replace("-", "")]
        ).fetchone()


def test_a_process_killed_in_the_middle_of_a_job_does_it_when_it_starts_again(tmp_path):
    with running_server(tmp_path / "data") as server, visiting(server.url) as visitor:
        photo = visitor.upload(encoded(grey_astronaut(3000, 2400), compress_level=1))
        with visitor.socket(photo["id"]) as window:
            window.hear()
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            window.hear_chroma(1)
        job = visitor.post(f"/api/photos/{photo['id']}/renders").json()
        while status_of(server, job["id"])[0] == "queued":
            time.sleep(0.005)
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
        assert status_of(server, job["id"]) == ("running", 1), "it was done before it was killed"
        server.kill()

        server.start()
        with visitor.socket(photo["id"]) as window:
            snapshot = window.hear()
        assert (snapshot["photo"]["id"], snapshot["revision"]) == (photo["id"], 1)
        assert len(snapshot["hints"]["hints"]) == 1
        done = visitor.wait_for_job(job["id"])
        assert (done["status"], done["attempt"]) == ("done", 2)
        image = visitor.download(done["version_id"])
        assert pixels(image.content).shape == (2400, 3000, 3)
    assert "Traceback" not in server.log.read_text()


def test_a_stroke_in_hand_when_the_power_goes_is_coloured_after_the_next_start(tmp_path):
    with running_server(tmp_path / "data") as server, visiting(server.url) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"]) as window:
            window.hear()
            for revision in range(1, 31):
                window.tell_hints(revision, point(revision / 40, 0.5, "#c08060"))
            window.hear_until(lambda m: m["type"] == "job" and m["revision"] == 30)
            server.kill()
        server.start()
        with visitor.socket(photo["id"]) as window:
            snapshot = window.hear()
            assert snapshot["revision"] == 30
            window.hear_chroma(30)
