"""A site of 0.1.0 starts with this version: what people had is there, and goes on."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.member import member_of
from tests.support.pictures import encoded, grey_astronaut, pixels
from tests.support.server import ROOT, running_server
from tests.support.visitor import point

pytestmark = pytest.mark.slow


def test_photos_hints_and_results_of_the_first_release_are_there(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    environment = {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "webapp.settings"}
    made = subprocess.run(
        [sys.executable, "-m", "tests.support.release_0_1_0"],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    old = json.loads(made.stdout.splitlines()[-1])
    with (
        running_server(data, from_nothing=True) as server,
        member_of(server.url, environment) as member,
    ):
        (photo,) = member.http.get("/api/photos").json()["items"]
        assert (photo["id"], photo["title"]) == (old["photo"], "Eileen")
        original = member.http.get(photo["original_url"])
        assert original.headers["content-type"] == "image/png"
        assert original.content == encoded(grey_astronaut(300, 200))
        saved = member.http.get(f"/api/photos/{photo['id']}/hints").json()
        assert (saved["revision"], saved["hints"]["hints"][0]["color"]) == (3, "#aa3300")
        assert pixels(member.download(old["version"]).content).shape == (200, 300, 3)
        with member.socket(photo["id"]) as window:
            window.tell_hints(4, point(0.5, 0.3, "#c08060"))
            window.hear_chroma(4)
        assert member.render(photo["id"])["status"] == "done"
        assert member.http.get(f"/photos/{photo['id']}").status_code == 200
    assert "Traceback" not in server.log.read_text()
