"""A photo of 100 megapixels at 16 bits through the site, beside what the libraries alone take.

``python -m benchmarks.large`` makes a grey 16-bit TIFF, serves from an empty folder with a worker
process of its own, uploads the photo, has it coloured at full size, and downloads it as a 16-bit
TIFF. It prints the seconds of each part, the peak memory of the server with its decoding processes
and of the worker with its own, how far the lightness is off, and what tifffile and imagecodecs take
for the same file in the same run: decode, resize to the network's size and back, encode.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from colorizer.color import rgb_to_lab

STEP = 2.55 * 100 / 65535
"""Of the lightness in steps of 255, what rounding at 16 bits can take, about."""
ROWS = 256


def make_scan(path: Path, megapixels: float) -> None:
    """Write a grey 16-bit TIFF with grain, as scanners do, 3 to 2."""
    import tifffile

    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(1.5 * height)
    rng = np.random.default_rng(7)
    slope = np.linspace(4000, 60000, width, dtype=np.float32)
    pixels = np.empty((height, width), np.uint16)
    for top in range(0, height, ROWS):
        rows = min(ROWS, height - top)
        wave = 3000 * np.sin(np.arange(top, top + rows)[:, None] / 90)
        pixels[top : top + rows] = slope + wave + rng.normal(0, 250, (rows, width))
    tifffile.imwrite(
        path, pixels, photometric="minisblack", compression="zlib", predictor=2, rowsperstrip=ROWS
    )


def library_alone(source: Path, target: Path) -> dict[str, float]:
    """Decode, resize to the network's size and back, encode: nothing but the libraries."""
    import tifffile
    from PIL import Image

    start = time.perf_counter()
    pixels = tifffile.imread(source)
    read = time.perf_counter()
    small = Image.fromarray(pixels.astype(np.float32)).resize((256, 171), Image.Resampling.BILINEAR)
    planes = [small.resize(pixels.shape[::-1], Image.Resampling.BICUBIC) for _ in range(2)]
    del planes
    resized = time.perf_counter()
    color = np.repeat(pixels[..., None], 3, axis=-1)
    tifffile.imwrite(
        target, color, photometric="rgb", compression="zlib", predictor=2, rowsperstrip=16
    )
    end = time.perf_counter()
    return {"decode": read - start, "resize": resized - read, "encode": end - resized}


def family(pid: int) -> dict[int, list[str]]:
    """The processes under ``pid``, itself included, with their command lines (Linux)."""
    found, waiting = {}, [pid]
    while waiting:
        one = waiting.pop()
        try:
            command = Path(f"/proc/{one}/cmdline").read_bytes().decode().split("\0")
            tasks = Path(f"/proc/{one}/task").iterdir()
            children = [(task / "children").read_text().split() for task in tasks]
        except OSError:
            continue
        found[one] = command
        waiting += [int(child) for some in children for child in some]
    return found


def resident(pid: int) -> int:
    """Bytes that a process holds, shared ones by its share (PSS)."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in rollup.splitlines() if "Pss:" in line[:5])


@contextmanager
def watched(pid: int) -> Iterator[dict[str, int]]:
    """Note the peaks of a process, of its decoders, and of them together, twice a second."""
    peaks = {"process": 0, "decoders": 0, "together": 0}
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            sizes = {one: resident(one) for one in family(pid)}
            own, rest = sizes.pop(pid, 0), sum(sizes.values())
            now = {"process": own, "decoders": rest, "together": own + rest}
            peaks.update({name: max(peaks[name], size) for name, size in now.items()})

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        ended.set()
        thread.join()


def through_the_site(source: Path, target: Path, folder: Path) -> dict[str, object]:
    """Upload, colour and download the photo; the embedded site is server and worker in one."""
    from tests.support.server import running_server
    from tests.support.visitor import Visitor

    seconds: dict[str, float] = {}
    with running_server(folder / "data", LOG_LEVEL="ERROR") as server:
        visitor = Visitor(server.url)
        visitor.http.timeout = 1800
        with watched(server.process.pid) as peaks:
            start = time.perf_counter()
            with source.open("rb") as file:
                response = visitor.post("/api/photos", files={"file": (source.name, file)})
            photo = response.raise_for_status().json()
            uploaded = time.perf_counter()
            job = visitor.post(f"/api/photos/{photo['id']}/renders").raise_for_status().json()
            while job["status"] not in ("done", "failed"):
                time.sleep(0.5)
                job = visitor.http.get(f"/api/jobs/{job['id']}").json()
            assert job["status"] == "done", job
            rendered = time.perf_counter()
            address = f"/api/versions/{job['version_id']}/image"
            with (
                target.open("wb") as sink,
                visitor.http.stream("GET", address, params={"format": "tiff"}) as answer,
            ):
                for piece in answer.raise_for_status().iter_bytes():
                    sink.write(piece)
            downloaded = time.perf_counter()
        seconds = {
            "upload": uploaded - start,
            "colour": rendered - uploaded,
            "download": downloaded - rendered,
        }
        visitor.close()
    return {"seconds": seconds, "peaks": peaks}


def furthest_off(source: Path, result: Path) -> tuple[float, str]:
    """Compare lightness in steps of 255; return the largest difference and the result's type."""
    import tifffile

    before, after = tifffile.imread(source), tifffile.imread(result)
    assert after.shape == (*before.shape, 3), after.shape
    off = 0.0
    for top in range(0, len(before), ROWS):
        rows = before[top : top + ROWS]
        grey = np.repeat(rows[..., None], 3, axis=-1) / 65535
        change = rgb_to_lab(after[top : top + ROWS] / 65535) - rgb_to_lab(grey)
        off = max(off, 2.55 * float(np.abs(change[..., 0]).max()))
    return off, str(after.dtype)


def main() -> int:
    """Measure, print, and return 1 where the lightness is off by more than rounding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, default=100)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = folder / "scan.tif", folder / "result.tif"
        make_scan(source, arguments.megapixels)
        before = os.getloadavg()[0]
        library = library_alone(source, folder / "library.tif")
        site = through_the_site(source, target, folder)
        off, dtype = furthest_off(source, target)
        figures = {
            "megapixels": arguments.megapixels,
            "mb": round(source.stat().st_size / 1e6),
            "library": {part: round(value, 1) for part, value in library.items()},
            "site": {part: round(value, 1) for part, value in site["seconds"].items()},
            "peak_mb": {part: round(value / 1e6) for part, value in site["peaks"].items()},
            "result": dtype,
            "lightness_off": round(off, 4),
            "load": [round(before, 1), round(os.getloadavg()[0], 1)],
            "cores": os.cpu_count(),
        }
    if arguments.json:
        print(json.dumps(figures))
    else:
        for part, value in figures.items():
            print(f"{part:>14}  {value}")
    return int(off > 4 * STEP or dtype != "uint16")


if __name__ == "__main__":
    sys.exit(main())
