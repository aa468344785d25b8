"""What the process that decodes adds to decoding: a photo of 12 megapixels, three ways.

``python -m benchmarks.intake`` reads a JPEG with Pillow alone, with ``colorizer.intake`` in this
process, and through the process with limits, turn by turn. It prints the milliseconds of a
processor that each takes, those of the other process included, the least of all rounds (so that
other work on the machine counts less), and what the process adds.
"""

import argparse
import io
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from colorizer.intake import Limits, read, warm_up
from colorizer.intake.process import _current_pool
from colorizer.intake.reading import read_here
from tests.support.pictures import astronaut, encoded, grey_astronaut


def by_pillow(data: bytes) -> np.ndarray:
    """Decode with nothing around it."""
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


def decoder_seconds() -> float:
    """Seconds of a processor that the only decoding process has taken (Linux)."""
    (worker,) = _current_pool()._idle
    tasks = Path(f"/proc/{worker._process.pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long work took: of a processor, and by the clock."""
    processor, clock = time.process_time() + decoder_seconds(), time.perf_counter()
    work()
    return (
        1000 * (time.process_time() + decoder_seconds() - processor),
        1000 * (time.perf_counter() - clock),
    )


def measure(data: bytes, rounds: int) -> dict[str, float]:
    """Return the least milliseconds of each way, and the process's beyond those of this one."""
    limits = Limits()
    ways: dict[str, Callable[[], object]] = {
        "pillow": lambda: by_pillow(data),
        "here": lambda: read_here(data, limits),
        "process": lambda: read(data, limits),
    }
    taken = {name: [milliseconds(work) for _ in range(rounds)] for name, work in ways.items()}
    least = {
        f"{name}{unit}": round(min(one[place] for one in times), 1)
        for name, times in taken.items()
        for place, unit in enumerate(("", "_clock"))
    }
    adds = round(least["process"] - least["here"], 1)
    return least | {"adds": adds, "ratio": round(least["process"] / least["pillow"], 2)}


def main() -> None:
    """Measure, print, and save if a place is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, help="where the figures are written, too")
    options = parser.parse_args()
    photos = {
        "grey": grey_astronaut(4000, 3000),
        "grey, stored in colour": grey_astronaut(4000, 3000).convert("RGB"),
        "colour": astronaut().resize((4000, 3000)),
    }
    warm_up()
    figures = {}
    for name, photo in photos.items():
        figures[name] = measure(encoded(photo, "JPEG", quality=90), options.rounds)
        print(f"{name}: {figures[name]}")
    print(f"load: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
