"""A batch across processes: made here, watched there, coloured by two workers, model switched."""

import os
import subprocess
import sys

import pytest

from colorizer.models import SHIPPED
from tests.support.fleet import fleet
from tests.support.member import member_of
from tests.support.server import ROOT
from tests.support.zips import portraits

pytestmark = [pytest.mark.services, pytest.mark.slow]

PHOTOS = 16
SWITCH = """
from training.models import ModelVersion
from training.registry import live_model, make_live
live = live_model()
other = ModelVersion.objects.create(
    name="other", sha256=live.sha256, folder=live.folder, net=live.net, card=live.card,
    state="published",
)
make_live(actor=None, model_version=other, probe=lambda folder: None)
"""


def test_a_batch_goes_on_across_processes_while_the_model_is_switched(tmp_path):
    with fleet(tmp_path / "fleet") as site:
        site.worker("interactive,opinions")
        site.worker("batch,default")
        site.worker("batch,default")
        site.clock()
        here, there = site.web(), site.web()
        site.wait_until_ready(here)
        with member_of(here, site.environment()) as member:
            batch = member.batch_of(portraits(PHOTOS, bad={7}), format="jpeg")
            member.url = there
            with member.batch_socket(batch["id"]) as window:
                assert window.hear()["type"] == "snapshot"
                window.hear_until(lambda m: m["done"] >= 4, 60)
                subprocess.run(
                    [sys.executable, "manage.py", "shell", "-c", SWITCH],
                    cwd=ROOT,
                    env={**os.environ, **site.environment()},
                    check=True,
                )
                last = window.hear_until(lambda m: m["status"] == "done", 120)
            assert (last["done"], last["failed"]) == (PHOTOS - 1, 1)
            items = member.items(batch["id"])
    models = {item["model"] for item in items}
    assert any(name.startswith(SHIPPED.name) for name in models)
    assert all(name.startswith((SHIPPED.name, "other")) for name in models)
    assert all(item["model"] for item in items)
