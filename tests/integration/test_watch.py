"""``rehue watch``: a process of its own colours what is put into a folder, slow files included."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from PIL import Image

from rehue.cli import INTERRUPTED
from tests.support.patience import PATIENCE_SECONDS
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import ROOT


@pytest.fixture
def folders(tmp_path):
    into, out = tmp_path / "in", tmp_path / "out"
    into.mkdir()
    return into, out


@contextmanager
def watching(folders, tmp_path):
    """The running command; ended as a person does, with Ctrl+C."""
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state"), "LANGUAGE": "en"}
    log = tmp_path / "watch.log"
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "rehue.cli", "watch", *map(str, folders)],
            cwd=ROOT, env=environment, stdout=sink, stderr=subprocess.STDOUT,
            # Whoever runs the tests in the background has Ctrl+C ignored, which is inherited.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
    try:
        yield log
        assert process.poll() is None, log.read_text()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == INTERRUPTED, log.read_text()
    finally:
        process.kill()
        process.wait()


def wait_for(path, log):
    """Wait for a result; it is whole when it is there."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not path.exists():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    with Image.open(path) as image:
        image.load()
        return image.size


def wait_for_words(words, log):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while words not in log.read_text():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def test_a_slow_file_is_coloured_when_it_is_whole(folders, tmp_path):
    into, out = folders
    data = encoded(grey_astronaut(96, 64))
    with watching(folders, tmp_path) as log, (into / "slow.png").open("wb") as file:
        for start in range(0, len(data), len(data) // 8 + 1):
            assert not (out / "slow.png").exists(), "half a photo was taken"
            file.write(data[start : start + len(data) // 8 + 1])
            file.flush()
            time.sleep(0.7)
        file.close()
        assert wait_for(out / "slow.png", log) == (96, 64)
    assert "damaged" not in log.read_text()


def test_a_second_run_goes_on_where_the_first_ended(folders, tmp_path):
    into, out = folders
    grey_astronaut(96, 64).save(into / "first.png")
    (into / "bad.jpg").write_bytes(b"\xff\xd8nonsense")
    with watching(folders, tmp_path) as log:
        wait_for(out / "first.png", log)
        wait_for_words("bad.jpg", log)
    made = (out / "first.png").stat().st_mtime_ns
    grey_astronaut(64, 96).save(into / "second.png")
    with watching(folders, tmp_path) as log:
        assert wait_for(out / "second.png", log) == (64, 96)
        (into / "bad.jpg").write_bytes(encoded(grey_astronaut(80, 60), "JPEG"))
        assert wait_for(out / "bad.png", log) == (80, 60)
    assert (out / "first.png").stat().st_mtime_ns == made, "it was coloured again"
    assert sorted(path.name for path in out.iterdir()) == ["bad.png", "first.png", "second.png"]


def test_an_existing_file_is_reported_once_and_left_alone(folders, tmp_path):
    into, out = folders
    out.mkdir()
    (out / "photo.png").write_bytes(b"mine")
    grey_astronaut(96, 64).save(into / "photo.png")
    grey_astronaut(96, 64).save(into / "other.png")
    with watching(folders, tmp_path) as log:
        wait_for(out / "other.png", log)
        wait_for_words("photo.png: ", log)
        time.sleep(5)
    assert log.read_text().count("exists already") == 1
    assert (out / "photo.png").read_bytes() == b"mine"
