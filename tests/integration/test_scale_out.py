"""The scale-out profile, as it is deployed: PostgreSQL, Redis, two web processes, a worker."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from colorizer.models import SHIPPED
from tests.support.fleet import wait_for
from tests.support.leftovers import NOTHING
from tests.support.patience import PATIENCE_SECONDS
from tests.support.pictures import encoded, grey_astronaut, pixels
from tests.support.server import ROOT
from tests.support.services import free_port
from tests.support.visitor import hint_set, point, visiting

pytestmark = [pytest.mark.services, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(scale_out):
    """The fleet with a worker; both addresses are ready."""
    with scale_out.working():
        scale_out.wait_until_ready(scale_out.urls[1])
        yield scale_out


def test_a_photo_is_coloured_across_processes(site):
    """Uploaded here, painted there, downloaded here: no process knows what another keeps."""
    here, there = site.urls
    with visiting(here) as visitor:
        photo = visitor.upload(encoded(grey_astronaut(400, 300)))
        with visitor.socket(photo["id"], url=there) as window:
            assert window.hear()["type"] == "snapshot"
            window.hear_chroma(0)
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            chroma = window.hear_chroma(1)
            assert chroma["encoding"] == "ab8-deflate"
            window.hear_until(lambda m: m.get("status") == "done" and m["revision"] == 1)
            assert not [m for m in window.heard if m["type"] == "error"]
        visitor.http.base_url = there
        job = visitor.render(photo["id"])
        assert job["status"] == "done"
        visitor.http.base_url = here
        image = visitor.download(job["version_id"], "jpeg")
        assert image.headers["content-type"] == "image/jpeg"
        assert pixels(image.content).shape == (300, 400, 3)


def test_two_windows_on_two_web_processes_see_each_other(site):
    with visiting(site.urls[0]) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        here, there = (visitor.socket(photo["id"], url=url) for url in site.urls)
        with here as mine, there as other:
            mine.hear(), other.hear()
            mine.tell_hints(1, point(0.5, 0.3, "#c08060"))
            seen = other.hear_until(lambda m: m["type"] == "snapshot" and m["revision"] == 1)
            assert len(seen["hints"]["hints"]) == 1
            other.hear_chroma(1)
            mine.hear_chroma(1)


def test_an_idle_window_still_hears_after_more_than_five_seconds(site):
    with visiting(site.urls[0]) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"], url=site.urls[1]) as window:
            window.hear_silence(7)
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            window.hear_chroma(1)


def test_two_hundred_strokes_do_not_pile_up(site):
    with visiting(site.urls[0]) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"], url=site.urls[1]) as window:
            window.hear()
            for revision in range(1, 201):
                window.tell_hints(revision, point(revision / 200, 0.5, "#c08060"))
            window.hear_chroma(200)
            assert not [m for m in window.heard if m["type"] == "error"]


def test_a_stroke_that_arrives_while_a_worker_claims_does_not_lose_the_job(site):
    with visiting(site.urls[0]) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"]) as window:
            window.hear_chroma(0)
        assert ask(site, f"claim_beside_a_stroke({photo['id']!r})", "claims") == 1


def test_an_account_is_opened_with_a_guest_s_photo_and_leaves_nothing(site):
    """Signed up here, painted there; PostgreSQL keeps its own ideas of what hangs on what."""
    here, there = site.urls
    address, password = "postgres@example.org", "correct-horse-42"
    with visiting(here) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        form = {"email": address, "password1": password}
        assert visitor.post("/account/signup/", data=form).status_code == 302
        visitor.http.base_url = there
        assert visitor.http.get(f"/api/photos/{photo['id']}").json()["expires_at"] is None
        assert visitor.render(photo["id"])["status"] == "done"
        label = {"action": "tag", "ids": [photo["id"]], "name": "sea"}
        assert visitor.post("/api/photos/bulk", json=label).json()["missing"] == []
        who = ask(site, f"tell_who({address!r})")
        requested = visitor.post("/account/delete", data={"address": address})
        gone = visitor.post(requested.headers["Location"], data={"password": password})
        assert "deletion-asked" in gone.text, gone.headers
        assert visitor.http.get(f"/api/photos/{photo['id']}").status_code == 404
    assert ask(site, f"tell_what_is_left({who!r})") == NOTHING
    assert not (site.folder / "media" / "photos" / photo["id"]).exists()


def ask(site, program, module="leftovers"):
    """What a program that runs on the site's data tells."""
    program = f"from tests.support.{module} import *\n{program}"
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", program]
    reported = subprocess.run(
        command, cwd=ROOT, env=site.environment(), stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(reported.stdout)


def test_a_worker_answers_requests_of_a_web_process(site, predicting_model):
    """Colours for a place and the map of uncertainty, while strokes go on."""
    with serving(site, str(predicting_model)), visiting(site.urls[0]) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"], url=site.urls[1]) as window:
            window.hear_chroma(0)
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            unhinted = suggested(visitor, photo, hints=hint_set())
            assert len({one["color"] for one in unhinted}) == 6
            uncertainty = visitor.post(
                f"/api/photos/{photo['id']}/uncertainty", json={}
            ).raise_for_status()
            assert (
                uncertainty.json()["model"]
                == window.hear_chroma(1)["model"]
                == predicting_model.name
            )
            # Now the saved hint counts: an untrained field spreads it everywhere.
            hinted = suggested(visitor, photo)
            assert hinted != unhinted
            assert sum(one["weight"] for one in hinted[:2]) > 0.95


def suggested(visitor, photo, **body):
    """What a worker suggests for a place away from the hint."""
    address = f"/api/photos/{photo['id']}/suggestions"
    answer = visitor.post(address, json={"x": 0.3, "y": 0.6, **body}).raise_for_status()
    return answer.json()["suggestions"]


@contextlib.contextmanager
def serving(site, model):
    """Let another model be live, as ``MODEL`` names it; afterwards the shipped one again."""

    def make_live(name):
        command = [sys.executable, "manage.py", "prepare"]
        subprocess.run(command, cwd=ROOT, env=site.environment() | {"MODEL": name}, check=True)

    make_live(model)
    try:
        yield
    finally:
        make_live(SHIPPED.name)


def test_one_command_starts_everything_again_if_need_be_and_stops_it_together(site):
    """``manage.py scaleout`` on the same database: its own two web processes, worker and clock."""
    ports = free_port(), 0
    environment = site.environment() | {"PORT": str(ports[0])}
    command = [sys.executable, "manage.py", "scaleout", "--web", "1"]
    log = site.folder / "scaleout.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=sink, stderr=sink, start_new_session=True
        )
    try:
        site.wait_until_ready(f"http://127.0.0.1:{ports[0]}")
        (web,) = (pid for pid in _children(process.pid) if b"web" in _command_line(pid))
        os.kill(web, signal.SIGKILL)
        wait_for(lambda: "is started again" in log.read_text(), "the web process", site)
        site.wait_until_ready(f"http://127.0.0.1:{ports[0]}")
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) == 0, log.read_text()
        wait_for(lambda: not _group_lives(process.pid), "every child to end", site)
    finally:
        if _group_lives(process.pid):
            os.killpg(process.pid, signal.SIGKILL)


def _children(pid):
    return map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())


def _command_line(pid):
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


def _group_lives(leader):
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True
