"""From a recipe to the next stroke: what is trained beside a running site colours on it."""

import os
import subprocess
import sys

import pytest

from colorizer.models import SHIPPED
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import ROOT, running_server
from tests.support.visitor import point, visiting

RECIPE = """
name = "tiny"
score_pictures = 2
net = {net = "unet", width = 2, depth = 1, prior = true}
stages = [{steps = 6, crop = 64, batch = 2}]
"""


def manage(server, *arguments):
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(server.data_dir)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.slow
def test_a_trained_model_is_made_live_and_colours_the_next_stroke_without_a_restart(
    tmp_path, shard
):
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(RECIPE)
    with running_server(tmp_path / "data") as server, visiting(server.url) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"]) as window:
            shipped = window.hear_chroma(0)["model"]
            assert shipped.startswith(SHIPPED.name)
            manage(server, "train", recipe, "--data", shard, "--val", shard, "--threads", 1)
            manage(server, "publish", "tiny")
            assert "tiny" in manage(server, "models", "live", "tiny")
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            assert window.hear_chroma(1)["model"] == "tiny"
            manage(server, "models", "rollback")
            window.tell_hints(2, point(0.5, 0.4, "#c08060"))
            assert window.hear_chroma(2)["model"] == shipped
    assert "Traceback" not in server.log.read_text()
