"""A batch through the site beside a bare loop: what rows, leases, storage and push cost.

``python -m benchmarks.batch`` serves from an empty folder and colours the same photos in turns: as
a batch of a ZIP (from the moment it is made to the moment its last photo is done), and in a loop
that reads, predicts in chunks of the same size, applies, encodes and writes. Both use as many
threads for the network, at the same priority. The bar is 0.85 of the loop's photos a second. Beside
busy neighbours, the ratio of the processor's time says more than that of the clock's.
"""

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

LEAST_RATIO = 0.85
CHUNK = 4
OPTIONS = {"quality": 95, "subsampling": 0}


def bare_loop(archive: Path, folder: Path) -> tuple[float, float]:
    """Colour an archive's photos without the site; return its seconds and the processor's."""
    import numpy as np
    from PIL import Image

    from colorizer.engine import Colorizer
    from colorizer.hints import HintSet
    from colorizer.models import SHIPPED
    from colorizer.raster import rasterise
    from webapp.common.threads import BACKGROUND_NICENESS, network_threads

    os.nice(BACKGROUND_NICENESS)
    network = Colorizer.load(SHIPPED, threads=network_threads())
    network.colorize(np.full((192, 256, 3), 128, np.uint8))  # loaded, as the site's is
    start, start_cpu = time.perf_counter(), time.process_time()
    with zipfile.ZipFile(archive) as photos:
        names = photos.namelist()
        for first in range(0, len(names), CHUNK):
            chunk = names[first : first + CHUNK]
            files = [io.BytesIO(photos.read(name)) for name in chunk]
            rgb = [np.asarray(Image.open(file).convert("RGB")) for file in files]
            prepared = [network.prepare(one) for one in rgb]
            planes = [rasterise(HintSet.empty, one.height, one.width) for one in prepared]
            colors = network.predict_planes(prepared, planes)
            for name, one, ab in zip(chunk, rgb, colors, strict=True):
                target = folder / name.replace("/", "-")
                Image.fromarray(network.apply(one, ab)).save(target, "JPEG", **OPTIONS)
    return time.perf_counter() - start, time.process_time() - start_cpu


def run_bare_loop(archive: Path) -> tuple[float, float]:
    """Run the loop in a process of its own, with the site's settings for native threads."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.batch", "--loop", str(archive), folder]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds, cpu = map(float, done.stdout.split()[-2:])
        return seconds, cpu


def cpu_of(pid: int) -> float:
    """Seconds that a process has had of the processor, in all its threads (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Round:
    """Seconds of the site and of the loop for the same photos, and the processor's."""

    site: float
    site_cpu: float
    loop: float
    loop_cpu: float


def measure(photos: int, rounds: int, width: int, height: int) -> list[Round]:
    """Colour the photos in turns, through the site and in the loop."""
    from tests.support.member import member_of
    from tests.support.server import running_server
    from tests.support.zips import portraits

    measured = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        archive = folder / "photos.zip"
        archive.write_bytes(portraits(photos, width=width, height=height))
        environment = {"LOG_LEVEL": "WARNING", "BATCH_CHUNK_PHOTOS": str(CHUNK)}
        with (
            running_server(folder / "data", **environment) as server,
            member_of(server.url, {"DATA_DIR": str(server.data_dir)}) as member,
        ):
            member.wait_for_batch(member.batch_of(portraits(2))["id"])  # the model is loaded
            for _ in range(rounds):
                loop, loop_cpu = run_bare_loop(archive)
                upload = member.upload_archive(archive.read_bytes())
                before = cpu_of(server.process.pid)
                made = member.make_batch(upload=upload, format="jpeg")
                batch = member.wait_for_batch(made["id"], 3600, look=2.0)
                assert batch["done"] == photos, batch
                times = (datetime.fromisoformat(batch[key]) for key in ("created", "finished"))
                begun, ended = times
                site_cpu = cpu_of(server.process.pid) - before
                site = (ended - begun).total_seconds()
                measured.append(Round(site, site_cpu, loop, loop_cpu))
    return measured


def main() -> int:
    """Measure, print, and return 1 if the site is slower than it may be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size", default="1024x768", help="of the photos")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--loop", nargs=2, metavar=("ZIP", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.loop:
        from webapp.common.threads import limit_threads

        limit_threads()
        print(*bare_loop(*map(Path, arguments.loop)))
        return 0
    width, height = map(int, arguments.size.split("x"))
    rounds = measure(arguments.photos, arguments.rounds, width, height)
    ratio = statistics.median(one.loop / one.site for one in rounds)
    figures = {
        "photos": arguments.photos,
        "size": arguments.size,
        "site_per_second": [round(arguments.photos / one.site, 2) for one in rounds],
        "loop_per_second": [round(arguments.photos / one.loop, 2) for one in rounds],
        "ratio": round(ratio, 3),
        "cpu_ratio": round(statistics.median(one.loop_cpu / one.site_cpu for one in rounds), 3),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    if arguments.json:
        print(json.dumps(figures))
    else:
        print(f"{arguments.rounds} rounds of {arguments.photos} photos of {arguments.size} pixels")
        print(f"  through the site  {figures['site_per_second']} photos a second")
        print(f"  in a bare loop    {figures['loop_per_second']} photos a second")
        print(f"  ratio {ratio:.3f} (median); the bar is {LEAST_RATIO}; load {figures['load']}")
        print(f"  ratio of the processor's time {figures['cpu_ratio']}")
    return int(ratio < LEAST_RATIO)


if __name__ == "__main__":
    sys.exit(main())
