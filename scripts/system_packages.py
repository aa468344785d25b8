"""See that the programs the tests need are here; install them on Debian when run by root.

Without them, and without the means to install them, the tests that need them are skipped with a
reason. Under ``CI=true`` a missing program is a failure.
"""

import os
import shutil
import subprocess
import sys

from tests.support.browser import HEADLESS_SHELL, find_chromium, find_firefox
from tests.support.services import postgres_programs


def missing_packages() -> dict[str, str]:
    """What is missing: the tests it is for, by Debian package."""
    found = {
        "chromium": ("browser tests", find_chromium()),
        "firefox-esr": ("browser tests in Firefox", find_firefox()),
        "redis-server": ("tests of the scale-out profile", shutil.which("redis-server")),
        "nginx-light": ("tests behind a proxy", shutil.which("nginx")),
        "libimage-exiftool-perl": ("tests of metadata", shutil.which("exiftool")),
        "postgresql": ("tests of the scale-out profile", postgres_programs()),
    }
    return {package: use for package, (use, place) in found.items() if place is None}


def has_no_shell() -> bool:
    """Whether Debian has the headless shell, in which browser tests are quicker, and we have not.

    Other systems have no such package; nothing is skipped without it.
    """
    if shutil.which(HEADLESS_SHELL) or not shutil.which("apt-cache"):
        return False
    shown = subprocess.run(["apt-cache", "show", HEADLESS_SHELL], capture_output=True, check=False)
    return shown.returncode == 0


def install(packages: list[str]) -> None:
    """Install Debian packages; what that cannot do shows when the programs are looked for again."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


def main() -> int:
    """Install what is missing where that is possible, and say what will be skipped."""
    missing = missing_packages()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [*missing, *([HEADLESS_SHELL] if has_no_shell() else [])]
        if packages:
            print(f"Installing {', '.join(packages)} ...")
            install(packages)
            missing = missing_packages()
    for package, use in missing.items():
        print(f"{package} is missing: {use} will be skipped. Cure: sudo apt-get install {package}")
    if missing and os.environ.get("CI") == "true":
        print("In CI nothing may be skipped.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
