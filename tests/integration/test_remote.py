"""``rehue remote`` colours a folder on a running site."""

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer import intake, output
from colorizer.metadata.fields import Metadata
from rehue import Client
from rehue.cli import INTERRUPTED, main
from tests.support.pdfs import image, pdf, scan
from tests.support.pictures import grey_astronaut
from tests.support.server import ROOT, running_server

MAKE_TOKEN = """
import django; django.setup()
from webapp.accounts.models import User
from webapp.common.operations import Scope
from webapp.api.services import create_token
user = User.objects.create_user("archive", "archive@example.org")
print(create_token(user=user, name="cli", scopes=list(Scope), expires_at=None)[1])
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A running site and a token for it."""
    with running_server(tmp_path_factory.mktemp("site") / "data") as server:
        environment = {**os.environ, "DATA_DIR": str(server.data_dir)}
        environment["DJANGO_SETTINGS_MODULE"] = "webapp.settings"
        made = subprocess.run(
            [sys.executable, "-c", MAKE_TOKEN], cwd=ROOT, env=environment, check=True,
            capture_output=True, text=True,
        )  # fmt: skip
        yield server.url, made.stdout.split()[-1]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "album"
    folder.mkdir()
    for name, size in {"harbour.jpg": (120, 90), "street.png": (90, 120)}.items():
        grey_astronaut(*size).save(folder / name)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8nonsense")
    (folder / "notes.txt").write_text("not a photo")
    return folder


def remote(site, *arguments):
    url, token = site
    return main(["remote", "colorize", *map(str, arguments), "--server", url, "--token", token])


def test_a_folder_is_coloured_and_a_second_run_does_what_is_left(site, folder, tmp_path, capsys):
    out = tmp_path / "out"
    assert remote(site, folder, "-o", out, "--json") == 1
    reported = json.loads(capsys.readouterr().out)
    assert sorted(reported["made"]) == [str(out / "harbour.png"), str(out / "street.png")]
    assert list(reported["failed"]) == ["broken.jpg"]
    for name, size in {"harbour": (120, 90), "street": (90, 120)}.items():
        with Image.open(out / f"{name}.png") as image:
            assert (image.size, image.mode) == (size, "RGB")
    assert sorted(path.name for path in out.iterdir()) == ["harbour.png", "street.png"]
    (out / "street.png").unlink()
    (folder / "broken.jpg").unlink()
    assert remote(site, folder, "-o", out, "--json") == 0
    reported = json.loads(capsys.readouterr().out)
    assert reported["made"] == [str(out / "street.png")]
    assert reported["skipped"] == [str(out / "harbour.png")]


def test_hints_are_sent_along(site, folder, tmp_path):
    point = {"type": "point", "x": 0.5, "y": 0.5, "radius": 0.4, "color": "#d01010"}
    hints = tmp_path / "hints"
    hints.mkdir()
    (hints / "harbour.json").write_text(json.dumps({"version": 1, "hints": [point]}))
    remote(site, folder, "-o", tmp_path / "plain", "--format", "jpeg")
    remote(site, folder, "-o", tmp_path / "hinted", "--format", "jpeg", "--hints", hints)
    plain, hinted = (
        Image.open(tmp_path / name / "harbour.jpg").resize((1, 1)).getpixel((0, 0))
        for name in ("plain", "hinted")
    )
    assert hinted[0] - hinted[2] > plain[0] - plain[2] + 20


def test_an_interrupted_batch_is_gone_on_with(site, folder, tmp_path, capsys, monkeypatch):
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        patch.setattr(Client, "follow", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        assert remote(site, folder, "-o", out) == INTERRUPTED
    with Client(site[0], token=site[1]) as client:
        before = [batch.id for batch in client.batches()]
        assert remote(site, folder, "-o", out, "--json") == 1
        assert [batch.id for batch in client.batches()] == before
    assert len(json.loads(capsys.readouterr().out)["made"]) == 2


def test_one_photo_and_no_batch(site, folder, tmp_path):
    assert remote(site, folder / "street.png", "-o", tmp_path / "out", "--format", "webp") == 0
    with Image.open(tmp_path / "out" / "street.webp") as image:
        assert image.size == (90, 120)


def test_a_guest_has_no_batches_and_gets_the_photos_all_the_same(site, folder, tmp_path):
    shutil.copy(folder / "street.png", folder / "again.png")
    out = tmp_path / "out"
    code = main(["remote", "colorize", str(folder), "-o", str(out), "--server", site[0],
                 "--token", ""])  # fmt: skip
    assert code == 1
    assert sorted(path.name for path in out.iterdir()) == ["again.png", "harbour.png", "street.png"]


def test_what_cannot_work_is_reported(site, tmp_path, capsys):
    assert remote(site, tmp_path / "nowhere") == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    assert remote(site, empty) == 2
    assert remote((site[0], "rehue_wrong"), empty) == 2
    stated = capsys.readouterr().err
    assert "does not exist" in stated
    assert "holds no photos" in stated


def test_the_models_are_shown(site, capsys):
    assert main(["remote", "models", "--server", site[0], "--token", site[1]]) == 0
    assert "(live)" in capsys.readouterr().out


def test_quality_and_metadata_are_as_requested_in_batches_and_alone(site, tmp_path):
    known = Metadata(taken="1943-05", people=("Kim Sun-ja",), city="Busan")
    album = tmp_path / "album"
    album.mkdir()
    for name in ("a.jpg", "b.jpg"):
        pixels = np.asarray(grey_astronaut(120, 90))
        (album / name).write_bytes(output.encode(pixels, "jpeg", metadata=known))
    reported = ("--format", "jpeg", "--quality", "40", "--metadata", "no_place")
    assert remote(site, album, "-o", tmp_path / "many", *reported) == 0
    assert remote(site, album / "a.jpg", "-o", tmp_path / "alone", *reported) == 0
    assert remote(site, album, "-o", tmp_path / "plain", "--format", "jpeg") == 0
    plain = intake.read(tmp_path / "plain" / "a.jpg").metadata
    assert (plain.people, plain.city) == (known.people, "Busan")
    for folder in ("many", "alone"):
        result = tmp_path / folder / "a.jpg"
        read = intake.read(result).metadata
        assert (read.taken, read.people, read.city) == ("1943-05", known.people, "")
        assert result.stat().st_size < (tmp_path / "plain" / "a.jpg").stat().st_size


def test_names_that_some_systems_take_for_the_same_get_results_of_their_own(site, tmp_path, capsys):
    album, out = tmp_path / "album", tmp_path / "out"
    album.mkdir()
    names = [unicodedata.normalize(form, "할머니 Zürich") for form in ("NFC", "NFD")]
    sizes = {f"{names[0]}.jpg": 60, f"{names[1]}.jpg": 70, "a.JPG": 80, "A.jpg": 90}
    for name, width in sizes.items():
        grey_astronaut(width, 48).save(album / name)
    if len(list(album.iterdir())) < len(sizes):
        pytest.skip("this file system takes these names for the same")
    assert remote(site, album, "-o", out, "--json") == 0
    made = [Path(path) for path in json.loads(capsys.readouterr().out)["made"]]
    keys = {unicodedata.normalize("NFC", path.name).casefold() for path in made}
    assert len(keys) == len(made) == 4, "on any file system each is a file of its own"
    assert sorted(intake.read(path).width for path in made) == [60, 70, 80, 90]
    assert remote(site, album, "-o", out, "--json") == 0
    assert len(json.loads(capsys.readouterr().out)["skipped"]) == 4


def test_each_page_of_a_pdf_is_fetched_once(site, tmp_path, capsys):
    album, out = tmp_path / "album", tmp_path / "out"
    album.mkdir()
    pages = [scan(image(np.full((48, width), 90, np.uint8))) for width in (60, 70, 80)]
    (album / "old.pdf").write_bytes(pdf(*pages))
    grey_astronaut(90, 48).save(album / "a.png")
    assert remote(site, album, "-o", out, "--json") == 0
    capsys.readouterr()
    sizes = {path.name: intake.read(path).width for path in out.iterdir()}
    assert sizes == {"a.png": 90, "old-1.png": 60, "old-2.png": 70, "old-3.png": 80}
    (out / "old-2.png").unlink()
    assert remote(site, album, "-o", out, "--json") == 0
    reported = json.loads(capsys.readouterr().out)
    assert (len(reported["skipped"]), reported["made"]) == (3, [str(out / "old-2.png")])
    assert intake.read(out / "old-2.png").width == 70
