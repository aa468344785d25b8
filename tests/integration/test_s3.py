"""Photos in an S3-compatible store: written, sent by signed addresses, zipped, swept, backed up."""

import io
import os
import subprocess
import sys
import tarfile
import zipfile

import boto3
import pytest
from PIL import Image

from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import ROOT, running_server
from tests.support.store import private_store
from tests.support.visitor import point, visiting

pytestmark = [pytest.mark.services, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("s3")
    with (
        private_store() as url,
        running_server(folder / "data", from_nothing=True, STORAGE_URL=url) as running,
    ):
        running.store = url
        yield running


@pytest.fixture(scope="module")
def coloured(server):
    """A guest with a photo and a full-size result of it."""
    with visiting(server.url) as visitor:
        visitor.http.follow_redirects = True
        photo = visitor.upload(encoded(grey_astronaut(400, 300)))
        with visitor.socket(photo["id"]) as window:
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            window.hear_chroma(1)
        yield visitor, photo, visitor.render(photo["id"])["version_id"]


def manage(server, *command):
    """Run a command of the site beside it."""
    return python(server, "manage.py", *map(str, command))


def python(server, *arguments):
    """Run Python with the site's settings beside it."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "DATA_DIR": str(server.data_dir),
            "STORAGE_URL": server.store,
            "DJANGO_SETTINGS_MODULE": "webapp.settings",
        },
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    ).stdout


def test_nothing_lies_in_the_folder(server, coloured):
    assert not (server.data_dir / "media").exists()


def test_photos_and_results_are_fetched_by_signed_addresses_of_the_store(server, coloured):
    visitor, photo, version = coloured
    visitor.http.follow_redirects = False
    sent = visitor.http.get(photo["original_url"])
    visitor.http.follow_redirects = True
    assert sent.status_code in {302, 307}
    assert "Signature" in sent.headers["location"]
    assert visitor.http.get(photo["original_url"]).content[:4] == b"\x89PNG"
    assert visitor.http.get(photo["thumbnail_url"]).content[:3] == b"\xff\xd8\xff"
    assert visitor.download(version).content[:4] == b"\x89PNG"
    assert visitor.download(version, "webp").content[:4] == b"RIFF"


def test_a_result_with_other_metadata_is_passed_on_and_not_fetched_whole(server, coloured):
    """Of a result only what is sent comes from the store, a piece at a time."""
    script = (
        "import django, tracemalloc; django.setup()\n"
        "from webapp.common.storage import PIECE, pieces_of, write\n"
        "write('large.bin', bytes(range(256)) * (1 << 16))\n"
        "next(pieces_of('large.bin')); tracemalloc.start()\n"
        "sizes = [len(one) for one in pieces_of('large.bin', start=1_000_001)]\n"
        "assert sum(sizes) == (1 << 24) - 1_000_001 and max(sizes) <= PIECE, sizes\n"
        "assert next(pieces_of('large.bin', start=257))[:2] == bytes([1, 2])\n"
        "print(tracemalloc.get_traced_memory()[1])\n"
    )
    peak = int(python(server, "-c", script).splitlines()[-1])
    assert peak < 6_000_000, "16 MB were held at once"
    with pytest.raises(subprocess.CalledProcessError) as missing:
        python(server, "-c", script.split("write(")[0] + "next(pieces_of('not there'))")
    assert "FileNotFoundError" in missing.value.stderr
    visitor, photo, version = coloured
    changed = {"metadata": {"city": "Busan"}}
    visitor.http.patch(f"/api/photos/{photo['id']}", json=changed, headers=visitor.headers())
    data = visitor.download(version).content
    assert b"Busan" in data
    assert Image.open(io.BytesIO(data)).convert("RGB").size == (400, 300)


def test_the_policy_of_pages_lets_the_store_in_and_nobody_else(server, coloured):
    policy = coloured[0].http.get("/").headers["content-security-policy"]
    assert f"http://{server.store.split('@')[1].split('/')[0]}" in policy


def test_several_photos_come_as_a_zip(coloured):
    visitor, photo, _ = coloured
    answer = visitor.http.get("/photos/archive", params={"ids": photo["id"]})
    if answer.status_code == 404:
        pytest.skip("the gallery's archive has another address")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None


def test_a_resumable_upload_is_stored_in_pieces_and_becomes_a_photo(coloured):
    visitor = coloured[0]
    data = encoded(grey_astronaut(120, 90))
    tus = {"Tus-Resumable": "1.0.0"}
    begun = visitor.http.post(
        "/api/uploads", headers={**visitor.headers(), **tus, "Upload-Length": str(len(data))}
    )
    address = begun.headers["location"]
    for offset in range(0, len(data), 2000):
        sent = visitor.http.patch(
            address,
            content=data[offset : offset + 2000],
            headers={
                **visitor.headers(),
                **tus,
                "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream",
            },
        )
        assert sent.status_code == 204, sent.text
    assert visitor.post(f"{address}/photo").status_code == 201


def test_a_deleted_photo_leaves_nothing_in_the_store(server, coloured):
    visitor = coloured[0]
    photo = visitor.upload(encoded(grey_astronaut(100, 80)))
    host = server.store.split("@")[1].split("/")[0]
    bucket = boto3.resource(
        "s3",
        endpoint_url=f"http://{host}",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    ).Bucket("photos")
    assert list(bucket.objects.filter(Prefix=f"photos/{photo['id']}/"))
    visitor.http.delete(f"/api/photos/{photo['id']}?for_good=1", headers=visitor.headers())
    assert not list(bucket.objects.filter(Prefix=f"photos/{photo['id']}/"))


def test_a_backup_holds_what_is_in_the_store(server, coloured, tmp_path):
    _, photo, _ = coloured
    manage(server, "backup", tmp_path / "site.tar")
    with tarfile.open(tmp_path / "site.tar") as tar:
        assert f"media/photos/{photo['id']}/original.png" in tar.getnames()
