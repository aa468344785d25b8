"""What ``pip install rehue`` gives, tried in empty environments beside no checkout."""

import json
import subprocess
import time
import urllib.request
import zipfile

import pytest

from tests.support.installed import build_wheel, install
from tests.support.patience import PATIENCE_SECONDS
from tests.support.pictures import astronaut
from tests.support.server import ROOT
from tests.support.services import free_port, stop

PACKAGES = ("colorizer", "rehue", "training", "webapp")
SITE_ONLY = ("celery", "channels", "django", "training", "webapp")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def client(wheel, tmp_path_factory):
    """``pip install rehue``."""
    return install(wheel, tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory):
    """``pip install "rehue[site]"``."""
    return install(wheel, tmp_path_factory.mktemp("site"), "site")


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("photos") / "portrait.png"
    astronaut().convert("L").resize((160, 160)).save(path)
    return path


@pytest.fixture(scope="module")
def address(site):
    """``rehue serve`` with a port, and nothing else told; its data go to the user's folder."""
    port = free_port()
    log = site.folder / "serve.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [site.program, "serve", "--port", str(port)],
            cwd=site.folder,
            env=site.environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while "Rehue is ready" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        stop(process)


def test_the_wheel_holds_every_file_of_the_packages_and_the_page(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    files = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    page = ROOT / "frontend" / "dist"
    built = json.loads((page / "manifest.json").read_text()).values()
    names = {"manifest.json", *(asset["file"] for asset in built)}
    recipes = {f"webapp/share/recipes/{path.name}" for path in (ROOT / "recipes").glob("*.toml")}
    assert files | recipes | {f"webapp/share/page/{name}" for name in names} <= held
    assert {name.split("/")[0] for name in held if ".dist-info/" not in name} == {*PACKAGES}


def test_a_client_needs_nothing_of_a_site(client):
    loaded = client.run(client.python, "-c", "import sys, rehue.cli; print(*sys.modules)")
    assert loaded.returncode == 0, loaded.stderr
    assert not {*loaded.stdout.split()} & {*SITE_ONLY}
    for name in ("celery", "django", "torch"):
        assert client.run(client.python, "-c", f"import {name}").returncode == 1


def test_the_command_line_colours_a_photo(client, photo, tmp_path):
    done = client.run(client.program, "colorize", photo, "-o", tmp_path / "colour.png")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "colour.png").stat().st_size > photo.stat().st_size


def test_a_client_that_is_to_serve_names_what_is_missing(client):
    refused = client.run(client.program, "serve")
    assert (refused.returncode, refused.stderr) == (
        2,
        "rehue: The site's packages are missing: pip install 'rehue[site]'.\n",
    )


def test_a_site_serves_its_page_with_all_assets(site, address):
    with urllib.request.urlopen(address) as answer:
        page = answer.read().decode()
    links = {part.split('"')[0] for part in page.split('"') if part.startswith("/static/")}
    assert any(link.endswith(".js") for link in links)
    assert any(link.endswith(".css") for link in links)
    for link in links:
        with urllib.request.urlopen(address + link) as answer:
            assert answer.status == 200
    assert (site.folder / ".local/share/rehue/rehue.sqlite3").is_file()


def test_a_client_has_a_photo_coloured_by_a_site(client, address, photo, tmp_path):
    done = client.run(
        *(client.program, "remote", "colorize", photo),
        *("-o", tmp_path / "results", "--server", address),
    )
    assert done.returncode == 0, done.stderr
    (result,) = (tmp_path / "results").glob("portrait*.png")
    assert result.stat().st_size > photo.stat().st_size


def test_an_installed_site_has_its_other_commands_and_says_what_they_lack(site):
    lacking = site.run(site.program, "manage", "train", "smoke", "--data", "none")
    assert "pip install 'rehue[train]'" in lacking.stderr
