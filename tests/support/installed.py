"""The package as people install it: a wheel in an empty virtual environment, and no index."""

import os
import subprocess
import sys
import venv
import zipfile
from dataclasses import dataclass
from email import message_from_bytes
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.needs import missing
from tests.support.server import ROOT


def build_wheel(folder: Path) -> Path:
    """Build the wheel of this checkout into ``folder`` and return its path."""
    if not (ROOT / "frontend" / "dist" / "manifest.json").exists():
        missing("The built page", "make test builds it")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the wheel and what the wheel asks for, and nothing else."""

    folder: Path

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin" / "python"

    @property
    def program(self) -> Path:
        """The command ``rehue``."""
        return self.folder / "bin" / "rehue"

    @property
    def environment(self) -> dict[str, str]:
        """Variables for its processes: a home of their own, and nothing of the checkout."""
        ours = ("PYTHON", "DJANGO", "REHUE", "DATA_DIR", "XDG")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "HOME": str(self.folder), "PYTHONUNBUFFERED": "1"}

    def run(self, *command: object) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, away from the checkout."""
        return subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )


def install(wheel: Path, folder: Path, *extras: str) -> Installed:
    """Install a wheel with some of its extras into a new virtual environment.

    What it depends on is linked from this environment, as far as the wheel's metadata names it: a
    dependency that is used but not declared is missing there.
    """
    venv.create(folder, with_pip=False, symlinks=True)
    made = Installed(folder)
    pip = [sys.executable, "-m", "pip", "--python", str(made.python), "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--no-compile", str(wheel)], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in _closure(wheel, extras):
        found = distribution(name)
        tops = {file.parts[0] for file in found.files or () if file.parts[0] != ".."}
        for top in tops - {"__pycache__"}:
            if not (site / top).exists():
                (site / top).symlink_to(Path(str(found.locate_file(top))))
    return made


def _closure(wheel: Path, extras: tuple[str, ...]) -> set[str]:
    """The names of all distributions that the wheel needs, directly or not."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        requested = message_from_bytes(archive.read(name)).get_all("Requires-Dist") or []
    waiting = [("rehue", extra) for extra in ("", *extras)]
    seen = set(waiting)
    while waiting:
        name, extra = waiting.pop()
        texts = requested if name == "rehue" else distribution(name).requires or []
        for requirement in map(Requirement, texts):
            if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
                continue
            for inner in ("", *requirement.extras):
                step = (canonicalize_name(requirement.name), inner)
                if step not in seen:
                    seen.add(step)
                    waiting.append(step)
    return {name for name, _ in seen} - {"rehue"}
