"""A file that crashes, hangs or fills its decoder takes nothing else along."""

import io
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer.intake import HEAD_BYTES, IntakeError, Limits, measure, read
from colorizer.intake.process import _current_pool
from tests.support.patience import PATIENCE_SECONDS
from tests.support.pictures import encoded, grey_astronaut

PHOTO = encoded(grey_astronaut(200, 150))


def worker():
    read(PHOTO)
    return _current_pool()._idle[-1]._process.pid


def test_a_photo_comes_back_from_its_bytes_and_from_its_path(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(PHOTO)
    assert np.array_equal(read(PHOTO).pixels, np.asarray(grey_astronaut(200, 150)))
    assert np.array_equal(read(path).pixels, read(PHOTO).pixels)


def test_the_process_is_reused_for_the_next_photo():
    assert worker() == worker()


def test_a_killed_process_refuses_one_photo_and_the_next_is_read():
    pid = worker()
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.5, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(IntakeError) as raised:
        read(PHOTO)
    assert raised.value.code == "damaged"
    assert read(PHOTO).width == 200


def test_what_takes_too_long_is_stopped():
    pid = worker()
    os.kill(pid, signal.SIGSTOP)
    begin = time.monotonic()
    with pytest.raises(IntakeError) as raised:
        read(PHOTO, Limits(seconds=1))
    assert raised.value.code == "too_slow"
    assert time.monotonic() - begin < 10
    assert read(PHOTO).width == 200


def test_what_needs_more_memory_than_allowed_is_refused():
    large = encoded(Image.new("L", (16_000, 12_000)), "TIFF", compression="tiff_adobe_deflate")
    with pytest.raises(IntakeError) as raised:
        read(large, Limits(memory=400 << 20))
    assert raised.value.code in {"too_much_memory", "damaged"}
    assert read(PHOTO).width == 200


def test_the_process_knows_none_of_its_callers_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a secret")
    pool = _current_pool()
    while pool._idle:
        pool._idle.pop().stop()
    environment = Path(f"/proc/{worker()}/environ").read_bytes()
    assert b"a secret" not in environment


def turned(name):
    """A picture of 200 by 300 that lies on its side in its file."""
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("L", (300, 200)).save(file, name, exif=exif.tobytes())
    return file.getvalue()[:HEAD_BYTES]


def test_headers_say_the_size_as_it_is_shown_or_nothing():
    heads = [turned("JPEG"), b"", turned("PNG"), b"nonsense", turned("WEBP"), turned("TIFF")]
    assert measure(heads) == [(200, 300), None, (200, 300), None, (200, 300), (200, 300)]
    assert measure([b"\x89PNG\r\n\x1a\n" + bytes(100)]) == [None]
    assert measure([]) == []


def test_it_ends_quietly_when_its_site_is_killed(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(PHOTO)
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    command = [sys.executable, "-m", "colorizer.intake.worker", str(there.fileno())]
    worker = subprocess.Popen(command, pass_fds=[there.fileno()], stderr=subprocess.PIPE)
    there.close()
    with path.open("rb") as photo, here:
        for _ in range(3):  # whose answers nobody reads: closing resets the other end
            socket.send_fds(here, [json.dumps({"page": 1}).encode()], [photo.fileno()])
        assert here.recv(1 << 16, socket.MSG_PEEK)
    _, errors = worker.communicate(timeout=PATIENCE_SECONDS)
    assert (worker.returncode, errors) == (0, b"")
