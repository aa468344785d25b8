"""The browsers of the tests: the system's Chromium or Chrome, else Playwright's; and Firefox.

Chromium's headless shell comes first: the same pages without a window around them, for a third
less work in each test.
"""

import os
import shutil
from pathlib import Path

HEADLESS_SHELL = "chromium-headless-shell"
PROGRAMS = (
    HEADLESS_SHELL,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)

# WebGL by software, for there is no graphics card in CI; pages without it, which is quicker still;
# and no talk with anyone but the site.
ARGUMENTS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-compositing",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_firefox() -> str | None:
    """The path of a Firefox, or None where there is none."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


def find_chromium() -> str | None:
    """The path of a Chromium, or None where there is none."""
    for name in PROGRAMS:
        if path := shutil.which(name):
            return path
    default = Path.home() / ".cache" / "ms-playwright"
    installed = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", default))
    newest_first = sorted(installed.glob("chromium-*/chrome-linux*/chrome"), reverse=True)
    return str(newest_first[0]) if newest_first else None
