"""A batch across processes: made here, watched there, coloured by two workers, model switched."""

import os
import subprocess
import sys

import pytest

from colorizer.models import SHIPPED
from tests.support.member import member_of
from tests.support.server import ROOT
from tests.support.zips import portraits

pytestmark = [pytest.mark.services, pytest.mark.slow]

PHOTOS = 16
SWITCH = """
from training.models import ModelVersion
from training.registry.versions import live_model, make_live
live = live_model()
other = ModelVersion.objects.create(
    name="other", sha256=live.sha256, folder=live.folder, net=live.net, card=live.card,
    state="published",
)
make_live(actor=None, model_version=other, probe=lambda folder: None)
"""


def test_a_batch_goes_on_across_processes_while_the_model_is_switched(scale_out):
    here, there = scale_out.urls
    with (
        scale_out.working("clock,interactive,predictions", "default,batch", "default,batch"),
        member_of(here, scale_out.environment()) as member,
    ):
        batch = member.batch_of(portraits(PHOTOS, bad={7}), format="jpeg")
        member.url = there
        with member.batch_socket(batch["id"]) as window:
            assert window.hear()["type"] == "snapshot"
            window.hear_until(lambda m: m["done"] >= 4)
            try:
                manage(scale_out, "shell", "-c", SWITCH)
                last = window.hear_until(lambda m: m["status"] == "done")
            finally:
                manage(scale_out, "prepare", MODEL=SHIPPED.name)  # live again for other tests
        assert (last["done"], last["failed"]) == (PHOTOS - 1, 1)
        items = member.items(batch["id"])
    models = {item["model"] for item in items}
    assert any(name.startswith(SHIPPED.name) for name in models)
    assert all(name.startswith((SHIPPED.name, "other")) for name in models)
    assert all(item["model"] for item in items)


def manage(site, *arguments, **variables):
    """Run a command beside the site, as an administrator does."""
    command = [sys.executable, "manage.py", *arguments]
    environment = {**os.environ, **site.environment(), **variables}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
