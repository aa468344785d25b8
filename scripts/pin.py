"""Write constraints.txt: what pip resolves today for every extra, pinned exactly.

Run it on the oldest Python we support: ``.venv/bin/python scripts/pin.py``.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "constraints.txt"
# Held back, with its partner, until CI's CPU build moves (docs/adr/0006-pins-and-torchvision.md).
HELD = ["torch==2.13.0", "torchvision==0.28.0"]
# torch names its own CUDA packages exactly, and its CPU build has none.
LEFT_TO_TORCH = ("cuda-", "nvidia-", "triton")
HEADER = "# Exact pins for reproducible installs. Made by scripts/pin.py; do not edit by hand.\n"


def resolve(requirements: list[str]) -> dict[str, str]:
    """Ask pip what it would install into an empty environment.

    Args:
        requirements: requirement strings, as in pyproject.toml.

    Returns:
        Version by package name, without local parts (``2.13.0+cpu`` is ``2.13.0``), so that the
        same file serves machines with and without CUDA.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"]
        options = ["--ignore-installed", "--report", str(report)]
        subprocess.run([*pip, *options, *requirements], check=True)
        found = json.loads(report.read_text())["install"]
    metadata = [package["metadata"] for package in found]
    return {
        entry["name"]: entry["version"].split("+")[0]
        for entry in metadata
        if not entry["name"].startswith(LEFT_TO_TORCH)
    }


def main() -> None:
    """Resolve the project with all its extras and write the file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    requirements = [
        requirement
        for group in [project["dependencies"], *project["optional-dependencies"].values()]
        for requirement in group
        if not requirement.startswith("rehue[")  # one extra naming another
    ]
    pins = resolve([*requirements, *HELD])
    lines = [f"{name}=={pins[name]}\n" for name in sorted(pins, key=str.lower)]
    TARGET.write_text(HEADER + "".join(lines))
    print(f"{TARGET.name}: {len(lines)} packages")


if __name__ == "__main__":
    main()
