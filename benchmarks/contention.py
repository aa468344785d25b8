"""A stroke beside a running batch: how much longer than alone somebody who paints has to wait.

``python -m benchmarks.contention`` serves from an empty folder, starts a batch of 200 photos, and
paints one stroke after another on a photograph, by turns while the batch runs and while it is
paused, so that a busy machine is as busy for both. In the embedded profile a stroke may take one
chunk of the batch longer; ``--scale-out`` does the same with PostgreSQL, Redis and a worker for
each lane, where it may take 1.6 times as long.
"""

import argparse
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.latency import stroke
from tests.support.fleet import fleet
from tests.support.member import Member, member_of
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import running_server
from tests.support.visitor import Socket
from tests.support.zips import portraits

CHUNK = 4
MAX_TIMES = 1.6
PAUSE_SECONDS = 0.3
WARM_UP = 4


@contextlib.contextmanager
def embedded(folder: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The site in one process: its address, and the environment to reach its rows."""
    with running_server(folder / "data", LOG_LEVEL="WARNING") as server:
        yield server.url, {"DATA_DIR": str(server.data_dir)}


@contextlib.contextmanager
def scale_out(folder: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The site in processes, with a worker for strokes and one for everything else."""
    with fleet(folder / "data") as made:
        made.worker("interactive")
        made.worker("batch,default")
        made.clock()
        url = made.web()
        made.wait_until_ready(url)
        yield url, made.environment()


class Painter:
    """Paints strokes on one photo and notes how long each takes until its colours come, in ms."""

    def __init__(self, window: Socket) -> None:
        self.window = window
        self.revision = 0

    def paint(self, strokes: int) -> list[float]:
        """Paint so many strokes; the first few after a pause do not count."""
        samples = []
        for _ in range(WARM_UP + strokes):
            self.revision += 1
            samples.append(stroke(self.window, self.revision)[0])
            time.sleep(PAUSE_SECONDS)
        return samples[WARM_UP:]


def measure(site: tuple[str, Mapping[str, str]], photos: int, rounds: int, strokes: int):
    """Return strokes alone, strokes beside the batch, and seconds of a chunk meanwhile."""
    alone, beside, chunks = [], [], []
    with member_of(*site) as member:
        photo = member.upload(encoded(grey_astronaut()))
        data = portraits(photos, width=1024, height=768)
        with member.socket(photo["id"]) as window:
            window.hear()
            window.hear_chroma(0)
            painter = Painter(window)
            painter.paint(1)
            batch = member.batch_of(data, format="jpeg")["id"]
            for _ in range(rounds):
                before = running(member, batch)
                started = time.monotonic()
                beside += painter.paint(strokes)
                ended = member.batch(batch)["done"] - before
                assert ended, "the batch did not go on; raise --strokes"
                chunks.append(CHUNK * (time.monotonic() - started) / ended)
                stop(member, batch)
                alone += painter.paint(strokes)
                member.act(batch, "resume")
            member.act(batch, "cancel")
    return alone, beside, statistics.median(chunks)


def running(member: Member, batch: str) -> int:
    """Wait until the batch goes on; how many of its photos are done then."""
    first = member.batch(batch)["done"]
    return int(member.wait_for(batch, lambda b: b["done"] > first, 120, 0.5)["done"])


def stop(member: Member, batch: str) -> None:
    """Pause the batch, and wait until what was begun has been finished."""
    member.act(batch, "pause")
    while any(item["status"] == "running" for item in member.items(batch)):
        time.sleep(0.5)


def main() -> int:
    """Measure, print, and return 1 if a stroke waits longer than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale-out", action="store_true", help="with a worker for each lane")
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--strokes", type=int, default=15, help="a round, of either kind")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        profile = scale_out if arguments.scale_out else embedded
        with profile(Path(folder)) as site:
            alone, beside, chunk = measure(
                site, arguments.photos, arguments.rounds, arguments.strokes
            )
    figures = {
        "profile": "scale-out" if arguments.scale_out else "embedded",
        "strokes": len(alone),
        "alone_ms": round(statistics.median(alone), 1),
        "beside_ms": round(statistics.median(beside), 1),
        "alone_p90_ms": round(statistics.quantiles(alone, n=10)[-1], 1),
        "beside_p90_ms": round(statistics.quantiles(beside, n=10)[-1], 1),
        "chunk_ms": round(chunk * 1000, 1),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    times = figures["beside_ms"] / figures["alone_ms"]
    longer = figures["beside_ms"] - figures["alone_ms"]
    fine = times <= MAX_TIMES if arguments.scale_out else longer <= figures["chunk_ms"]
    if arguments.json:
        print(json.dumps(figures | {"times": round(times, 2)}))
        return int(not fine)
    print(f"{figures['strokes']} strokes each, {figures['profile']}, load {figures['load']}")
    for kind in ("alone", "beside"):
        print(f"  {kind:7} {figures[f'{kind}_ms']:8.1f} ms (median)", end="")
        print(f", {figures[f'{kind}_p90_ms']:.1f} ms (90th percentile)")
    print(f"  beside is {times:.2f} times alone, {longer:.0f} ms longer", end="")
    print(f"; a chunk of {CHUNK} takes {figures['chunk_ms']:.0f} ms")
    return int(not fine)


if __name__ == "__main__":
    sys.exit(main())
