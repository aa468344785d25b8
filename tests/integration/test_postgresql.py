"""What only PostgreSQL minds: locks in two orders, and text with NUL."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.server import ROOT

pytestmark = [pytest.mark.services, pytest.mark.slow]

ADDRESSES = [
    "/?q=%00", "/api/photos?q=%00", "/api/photos?tag=%00", "/api/photos?model=%00",
    "/api/photos?cursor=%00", "/api/photos/ids?q=a%00b", "/api/batches?status=%00",
    "/account/login/?next=%00", "/models/%00", "/dashboard/?q=%00",
]  # fmt: skip


@pytest.fixture(scope="module")
def tell(postgres_url, redis_url, tmp_path_factory):
    """Run a program on a site with PostgreSQL; what it prints, decoded."""
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path_factory.mktemp("postgresql")),
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "of-a-test",
        "ALLOWED_HOSTS": "testserver",
        "DJANGO_SETTINGS_MODULE": "webapp.settings",
    }

    def run(*command):
        finished = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert finished.returncode == 0, finished.stderr[-3000:]
        return finished.stdout

    run("migrate", "--verbosity", "0")

    def program(text):
        source = f"from tests.support.deleting import *\n{text}"
        return json.loads(run("shell", "--verbosity", "0", "-c", source))

    return program


def test_a_photo_is_deleted_beside_the_worker_that_colours_it(tell):
    assert tell("delete_beside_a_worker()") == [[], 0]


def test_a_host_whose_clock_is_fast_takes_no_work_from_others(tell):
    assert tell("reap_by_a_wrong_clock()") == ["running", 1]


def test_nul_is_a_bad_request_wherever_it_comes_in(tell):
    reported = tell(f"ask_with_nul({ADDRESSES!r})")
    assert {name: code for name, code in reported.items() if code >= 500} == {}
    assert reported["json"] == reported["half"] == reported["form"] == reported["cookie"] == 400
