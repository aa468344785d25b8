"""A backup taken while the site runs comes back elsewhere as it was: rows, files, sessions."""

import json
import os
import subprocess
import sys
import tarfile
import threading

import pytest

from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import ROOT, running_server
from tests.support.visitor import point, visiting

pytestmark = [pytest.mark.services, pytest.mark.slow]


def manage(*command, code=0, **environment):
    """Run a command of the site; return what it said."""
    finished = subprocess.run(
        [sys.executable, "manage.py", *map(str, command)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "webapp.settings", **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert finished.returncode == code, finished.stdout + finished.stderr
    return finished.stdout + finished.stderr


def contents(path):
    """A backup's rows, in no order, and the sums of its files."""
    with tarfile.open(path) as tar:
        lines = tar.extractfile("rows.jsonl").read().decode().splitlines()
        rows = {json.dumps(json.loads(line), sort_keys=True) for line in lines}
        sums = json.load(tar.extractfile("manifest.json"))["sha256"]
    return rows, {name: one for name, one in sums.items() if name != "rows.jsonl"}


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory):
    """A site with a coloured photo, backed up while others are uploaded and deleted."""
    folder = tmp_path_factory.mktemp("backup")
    with (
        running_server(folder / "here", GUEST_PHOTOS_PER_DAY="1000") as server,
        visiting(server.url) as visitor,
    ):
        photo = visitor.upload(encoded(grey_astronaut(400, 300)))
        with visitor.socket(photo["id"]) as window:
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            window.hear_chroma(1)
        version = visitor.render(photo["id"])["version_id"]
        doomed = [visitor.upload(encoded(grey_astronaut(100 + n, 90)))["id"] for n in range(5)]
        done = threading.Event()

        def disturb():
            with visiting(server.url) as other:
                while not done.wait(0.1):  # each is restored three times below
                    other.upload(encoded(grey_astronaut(96, 96)))

        noise = threading.Thread(target=disturb)
        noise.start()
        try:
            for photo_id in doomed:
                visitor.http.delete(f"/api/photos/{photo_id}?for_good=1", headers=visitor.headers())
            manage("backup", folder / "site.tar", DATA_DIR=str(server.data_dir))
        finally:
            done.set()
            noise.join()
        return {
            "file": folder / "site.tar",
            "photo": photo["id"],
            "image": visitor.download(version).content,
            "version": version,
            "cookies": dict(visitor.http.cookies),
        }


def test_a_site_comes_back_elsewhere_with_its_sessions(backed_up, tmp_path):
    there = tmp_path / "there"
    stated = manage("restore", backed_up["file"], DATA_DIR=str(there))
    assert "are back" in stated
    with running_server(there, from_nothing=True) as server, visiting(server.url) as visitor:
        visitor.http.cookies.clear()
        visitor.http.cookies.update(backed_up["cookies"])
        photo = visitor.http.get(f"/api/photos/{backed_up['photo']}").raise_for_status().json()
        assert photo["revision"] == 1
        assert visitor.download(backed_up["version"]).content == backed_up["image"]
    again = tmp_path / "again.tar"
    manage("restore", backed_up["file"], DATA_DIR=str(tmp_path / "third"))
    manage("backup", again, DATA_DIR=str(tmp_path / "third"))
    assert contents(again) == contents(backed_up["file"])


def test_a_backup_of_sqlite_comes_back_in_postgresql(backed_up, tmp_path, postgres_url, redis_url):
    scale_out = {
        "DATA_DIR": str(tmp_path / "there"),
        "DATABASE_URL": postgres_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "of-a-test",
    }
    manage("restore", backed_up["file"], **scale_out)
    manage("backup", tmp_path / "again.tar", **scale_out)
    assert contents(tmp_path / "again.tar") == contents(backed_up["file"])
    # Numbers that the database gives go on after the highest.
    program = (
        "from webapp.audit.models import Entry; from webapp.audit.services import record;"
        "record(actor=None, action=Entry.Action.PHOTO_DELETED, subject='x')"
    )
    manage("shell", "-c", program, **scale_out)
    again = manage("restore", backed_up["file"], code=2, **scale_out)
    assert "empty site" in again


def test_a_damaged_backup_changes_nothing(backed_up, tmp_path):
    damaged = bytearray(backed_up["file"].read_bytes())
    damaged[len(damaged) // 2] ^= 1
    (tmp_path / "damaged.tar").write_bytes(damaged)
    (tmp_path / "short.tar").write_bytes(damaged[:-20_000])
    for name in ("damaged.tar", "short.tar", "missing.tar"):
        stated = manage("restore", tmp_path / name, code=2, DATA_DIR=str(tmp_path / "there"))
        assert "Traceback" not in stated
    assert not (tmp_path / "there" / "media").exists()


def test_a_file_that_is_there_is_not_written_over(backed_up, tmp_path):
    (tmp_path / "taken.tar").write_text("mine")
    stated = manage("backup", tmp_path / "taken.tar", code=2, DATA_DIR=str(tmp_path / "here"))
    assert "exists already" in stated
    assert (tmp_path / "taken.tar").read_text() == "mine"
