"""A thousand photos with ten bad ones on the command line, interrupted twice.

``python -m benchmarks.interrupted`` runs ``rehue colorize FOLDER`` three times over the same photos
(JPEG, PNG, WebP and TIFF by turns): it presses Ctrl-C once a third is done, kills the second run
(SIGKILL) at two thirds, and lets the third end. Then every good photo has its result, every bad one
its reason, the exit code is 1, and no result of an interrupted run was made anew. It ends with 1 if
anything of that is not so.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

FORMATS = {".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".tif": "TIFF"}
NOT_PICTURES = (b"", b"no picture at all", b"\xff\xd8\xff\xe0 cut off", b"%PDF-1.7\n%cut off")
FIRST, SECOND = 1 / 3, 2 / 3
"""The shares of the photos after which a run is interrupted."""


def fill(folder: Path, photos: int, bad: set[int], width: int, height: int) -> None:
    """Write photos of noise with a gradient, and files that are none in place of some."""
    rng = np.random.default_rng(7)
    gradient = np.linspace(40, 200, width)[None] + np.zeros((height, 1))
    for number in range(1, photos + 1):
        ending = list(FORMATS)[number % len(FORMATS)]
        path = folder / f"{number:04}{ending}"
        if number in bad:
            path.write_bytes(NOT_PICTURES[number % len(NOT_PICTURES)])
            continue
        grey = np.clip(gradient + rng.normal(0, 20, gradient.shape), 0, 255).astype(np.uint8)
        Image.fromarray(grey).save(path, FORMATS[ending])


def run(photos: Path, results: Path, jobs: int, stop: tuple[int, int] | None) -> dict[str, Any]:
    """Colour the folder; send a signal once so many results are there.

    Args:
        photos: the folder.
        results: where results go.
        jobs: photos at the same time.
        stop: after how many results, and by which signal; None to the end.
    """
    command = [sys.executable, "-m", "rehue.cli", "colorize", str(photos), "-o", str(results)]
    began = time.perf_counter()
    child = subprocess.Popen(
        [*command, "--format", "jpeg", "--jobs", str(jobs), "--threads", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A background job of a shell ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while stop and child.poll() is None:
        if len(made(results)) >= stop[0]:
            child.send_signal(stop[1])
            break
        time.sleep(0.05)
    output, errors = child.communicate()
    seconds = time.perf_counter() - began
    return {"code": child.returncode, "output": output, "errors": errors, "seconds": seconds}


def made(results: Path) -> dict[str, int]:
    """The results, and when each was written, in nanoseconds."""
    found = results.glob("*.jpg") if results.is_dir() else ()
    return {path.name: path.stat().st_mtime_ns for path in found}


def color(photos: int, bad: set[int], width: int, height: int, jobs: int) -> dict[str, Any]:
    """Colour in three runs; return what came of it."""
    with tempfile.TemporaryDirectory() as name:
        source, results = Path(name) / "photos", Path(name) / "results"
        source.mkdir()
        fill(source, photos, bad, width, height)
        runs, seen = [], []
        for share, number in ((FIRST, signal.SIGINT), (SECOND, signal.SIGKILL)):
            runs.append(run(source, results, jobs, (round(share * photos), number)))
            seen.append(made(results))
        runs.append(run(source, results, jobs, None))
        final = made(results)
        for path in results.glob("*.jpg"):
            with Image.open(path) as image:
                image.load()
        outcome = json.loads(runs[-1]["output"])
        left_over = [path.name for path in results.iterdir() if path.suffix not in (".jpg", "")]
    anew = {name for before in seen for name, when in before.items() if final.get(name) != when}
    return {
        "results": len(final),
        "failed": sorted(outcome["failed"]),
        "made_anew": sorted(anew),
        "interrupted_at": [len(before) for before in seen],
        "codes": [one["code"] for one in runs],
        "left_over": [name for name in left_over if not name.startswith(".rehue")],
        "seconds": [round(one["seconds"], 1) for one in runs],
    }


def main() -> int:
    """Colour, check, print, and return 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=1000)
    parser.add_argument("--bad", type=int, default=10)
    parser.add_argument("--size", default="96x64", help="of the photos")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    width, height = map(int, arguments.size.split("x"))
    every = arguments.photos // arguments.bad
    bad = set(range(every // 2, arguments.photos + 1, every))
    found = color(arguments.photos, bad, width, height, arguments.jobs)
    good = arguments.photos - len(bad)
    print(f"{found['results']} results, {len(found['failed'])} bad photos named")
    print(f"  interrupted at {found['interrupted_at']}, made anew: {len(found['made_anew'])}")
    print(f"  exit codes {found['codes']}, seconds {found['seconds']}")
    for key in ("made_anew", "left_over"):
        for name in found[key]:
            print(f"  {key}: {name}")
    whole = (found["results"], len(found["failed"]), found["codes"][-1]) == (good, len(bad), 1)
    return int(not whole or bool(found["made_anew"]) or bool(found["left_over"]))


if __name__ == "__main__":
    sys.exit(main())
