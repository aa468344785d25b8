"""Administrators of a running site: commands beside it, and a browser that is signed in."""

import os
import subprocess
import sys

from playwright.sync_api import Page

from tests.support.patience import PATIENCE_SECONDS
from tests.support.server import ROOT, Server

ADDRESS = "chief@example.org"
PASSWORD = "pw"


def manage(server: Server, *arguments: str) -> str:
    """Run a command on the site's data, as an administrator does; what it printed."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            **server.environment,
            "DATA_DIR": str(server.data_dir),
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shell(server: Server, program: str) -> str:
    """Run Python on the site's data; what it printed."""
    return manage(server, "shell", "--verbosity", "0", "-c", program).strip()


def make_chief(server: Server) -> None:
    """Make a superuser who may do everything."""
    manage(server, "createsuperuser", "--noinput", "--username", "chief", "--email", ADDRESS)


def sign_in(page: Page, server: Server, path: str) -> None:
    """Go to a page for staff by way of the sign-in, as anyone does who has the address."""
    page.goto(f"{server.url}{path}")
    page.fill("#id_login", ADDRESS)
    page.fill("#id_password", PASSWORD)
    page.locator("main [type=submit]").first.click()
    page.wait_for_url(f"{server.url}{path}")
