"""The walk over every address of the site, with PostgreSQL and Redis in place of SQLite."""

import os
import subprocess
import sys

import pytest

from tests.support.server import ROOT

pytestmark = [pytest.mark.services, pytest.mark.slow]

WALK = "tests/security/test_every_address.py"


def test_nobody_reaches_what_is_not_theirs_in_the_scale_out_profile(postgres_url, redis_url):
    environment = {
        **os.environ,
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "of-a-test",
    }
    # Another run of pytest, for settings are read once in a process.
    # Its database goes with the server: threads that had sockets still hold connections to it.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", WALK]
    walk = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert walk.returncode == 0, walk.stdout[-6000:]
    assert "passed" in walk.stdout
    assert "skipped" not in walk.stdout
