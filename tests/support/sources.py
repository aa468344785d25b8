"""Folders and tars of pictures for tests of the laboratory's data."""

import io
import os
import tarfile
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from tests.support.pictures import encoded

NOBODY = 65534


def scene(number: int, width: int = 96, height: int = 96) -> Image.Image:
    """A colourful picture unlike those of other numbers."""
    coarse = np.random.default_rng(number).integers(0, 256, (6, 6, 3), np.uint8)
    return Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)


def jpeg(number: int, **options) -> bytes:
    return encoded(scene(number), "JPEG", **{"quality": 90, **options})


def fill_folder(folder, files):
    """Write ``files``, names to bytes, below ``folder``."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def fill_tar(path, files):
    """Write ``files``, names to bytes, into a plain tar."""
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


@contextmanager
def forbidden(path):
    """Within, ``path`` may not be read, not even if the tests run as root."""
    mode = path.stat().st_mode
    path.chmod(0)
    is_root = os.geteuid() == 0
    if is_root:
        _let_others_pass(path)
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        path.chmod(mode)


def _let_others_pass(path):
    """Open the folders above ``path``, as many as pytest and its workers made, for any user."""
    everybodys = Path(tempfile.gettempdir()).resolve()
    for parent in path.resolve().parents:
        if everybodys in parent.parents:
            parent.chmod(parent.stat().st_mode | 0o055)
