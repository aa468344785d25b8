"""Stroke to colour: what the site adds to the network's own time, in the embedded profile.

``python -m benchmarks.latency`` serves from an empty folder, paints one stroke after another on a
real photograph, waits for each one's colours as a page does, and prints medians. The network's own
time comes with every chroma map; the rest is the site's: the websocket both ways, saving the hints,
the job, the queue, and packing the result. The bar is 60 ms.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import running_server
from tests.support.visitor import Socket, point, visiting

WARM_UP = 5
PAUSE_SECONDS = 0.2
MAX_ADDED_MS = 60.0


def stroke(window: Socket, revision: int) -> tuple[float, float]:
    """Paint a stroke and wait for its colours.

    Returns:
        What it took in all, and what the network took of it, in ms.
    """
    start = time.perf_counter()
    window.tell_hints(
        revision, point(0.5, 0.3, "#c08060"), point(0.2 + revision % 50 / 100, 0.7, "#2040a0")
    )
    chroma = window.hear_until(lambda m: m["type"] == "chroma" and m["revision"] >= revision)
    total = (time.perf_counter() - start) * 1000
    window.hear_until(lambda m: m["type"] == "job" and m["status"] == "done")
    return total, chroma["seconds"] * 1000


def measure(strokes: int) -> list[tuple[float, float]]:
    """Serve, paint, and return each stroke's total and network time in ms."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "data", LOG_LEVEL="WARNING") as server,
        visiting(server.url) as visitor,
    ):
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"]) as window:
            window.hear()
            window.hear_chroma(0)
            samples = []
            for revision in range(1, WARM_UP + strokes + 1):
                samples.append(stroke(window, revision))
                time.sleep(PAUSE_SECONDS)
    return samples[WARM_UP:]


def main() -> int:
    """Measure, print, and return 1 if the site adds more than it may."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strokes", type=int, default=60)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    samples = measure(arguments.strokes)
    added = [total - network for total, network in samples]
    figures = {
        "strokes": len(samples),
        "total_ms": round(statistics.median(total for total, _ in samples), 1),
        "network_ms": round(statistics.median(network for _, network in samples), 1),
        "added_ms": round(statistics.median(added), 1),
        "added_p90_ms": round(statistics.quantiles(added, n=10)[-1], 1),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    if arguments.json:
        print(json.dumps(figures))
    else:
        print(f"{figures['strokes']} strokes on {figures['cores']} cores, load {figures['load']}")
        print(f"  stroke to colour   {figures['total_ms']:6.1f} ms (median)")
        print(f"  the network's own  {figures['network_ms']:6.1f} ms (median)")
        print(f"  the site adds      {figures['added_ms']:6.1f} ms (median)", end="")
        print(f", {figures['added_p90_ms']:.1f} ms (90th percentile)")
    return int(figures["added_ms"] > MAX_ADDED_MS)


if __name__ == "__main__":
    sys.exit(main())
