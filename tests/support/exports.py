"""Exporting a network takes seconds: in tests each is exported once, whichever process asks."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock

Write = Callable[[Any, Path], dict[str, str]]


def once(write: Write, folder: Path) -> Write:
    """Wrap :func:`colorizer.nets.store.write_network`.

    Args:
        write: takes a network and a folder, and gives the digest of each file.
        folder: for the files; shared by all processes of a test run.

    Returns:
        The same, which copies the files of a network with the same settings and weights.
    """

    def written(net: Any, target: Path) -> dict[str, str]:
        made = folder / _digest(net)
        with FileLock(made.with_suffix(".lock")):
            if not made.exists():
                fresh = made.with_suffix(".new")
                fresh.mkdir()
                digests = write(net, fresh)
                made.with_suffix(".json").write_text(json.dumps(digests))
                fresh.rename(made)
        shutil.copytree(made, target, dirs_exist_ok=True)
        stored: dict[str, str] = json.loads(made.with_suffix(".json").read_text())
        return stored

    return written


def _digest(net: Any) -> str:
    digest = hashlib.sha256(repr(net).encode())
    if hasattr(net, "config"):
        digest.update(json.dumps(net.config.to_json(), sort_keys=True).encode())
    for name, values in net.state_dict().items():
        digest.update(name.encode() + values.detach().cpu().numpy().tobytes())
    return digest.hexdigest()
