"""A disk that fills up, a real one: strokes go on while there is some, and what is new is told."""

import os
import shutil
import subprocess

import pytest

from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import running_server
from tests.support.visitor import point, visiting

MIB = 1 << 20
PHOTO = encoded(grey_astronaut(400, 300))


@pytest.fixture
def disk(tmp_path):
    """A file system of 48 MiB of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting takes root")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder], check=False
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def fill(folder, leave):
    """Leave so many bytes free."""
    left = shutil.disk_usage(folder).free - leave
    (folder / "filler").write_bytes(bytes(max(0, left)))


def test_a_disk_that_is_full_is_reported_and_works_again_when_it_is_not(disk):
    with (
        running_server(disk, DISK_RESERVE_BYTES=str(8 * MIB)) as server,
        visiting(server.url) as visitor,
    ):
        photo = visitor.upload(PHOTO)
        with visitor.socket(photo["id"]) as window:
            window.hear_chroma(0)
            fill(disk, leave=6 * MIB)
            refused = visitor.post("/api/photos", files={"file": ("a.png", PHOTO)})
            assert (refused.status_code, refused.json()["code"]) == (507, "disk_full")
            ready = visitor.http.get("/readyz")
            assert ready.status_code == 503
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            window.hear_chroma(1)
            assert visitor.post(f"/api/photos/{photo['id']}/renders").status_code == 507

            (disk / "filler").unlink()
            fill(disk, leave=0)
            window.tell_hints(2, point(0.5, 0.4, "#c08060"))
            assert visitor.http.get("/healthz").status_code == 200
            full = visitor.post("/api/photos", files={"file": ("a.png", PHOTO)})
            assert full.status_code == 507

            (disk / "filler").unlink()
            window.tell_hints(3, point(0.5, 0.5, "#c08060"))
            window.hear_chroma(3)
        assert visitor.upload(PHOTO)["id"]
        folders = {path.name for path in (disk / "media" / "photos").iterdir()}
        known = {one["id"] for one in visitor.http.get("/api/photos").json()["items"]}
        assert folders == known
        assert not list(disk.rglob(".partial-*"))
