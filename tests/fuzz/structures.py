"""Fuzz the intake by whole structures for a while, and print what it cost.

``python -m tests.fuzz.structures --minutes 10`` draws JPEGs, TIFFs and PNGs of any fields
(tests/support/structures.py), takes each in without the process that has limits, and prints for
each kind how many, how many came in, the slowest, and the most memory that this process held.
"""

import argparse
import resource
import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy

from tests.support import structures
from tests.support.answers import answer

ROUND = 200
"""Files of a kind before the next kind has its turn."""
KINDS: dict[str, Callable[[], SearchStrategy[bytes]]] = {
    "jpeg": structures.jpegs,
    "tiff": structures.tiffs,
    "png": structures.pngs,
}


class Seen:
    """What the files of a kind cost."""

    def __init__(self) -> None:
        self.files = self.came_in = 0
        self.slowest = 0.0

    def take(self, data: bytes) -> None:
        """Take a file in, or have it refused."""
        begun = time.perf_counter()
        self.came_in += answer(data) is not None
        self.slowest = max(self.slowest, time.perf_counter() - begun)
        self.files += 1


def fuzz(kind: str, number: int, seen: Seen) -> None:
    """Take a round of files in; the number says which."""

    @seed(number)
    @settings(
        max_examples=ROUND,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(KINDS[kind]())
    def take(data: bytes) -> None:
        seen.take(data)

    take()


def main() -> None:
    """Fuzz until the time is over; what is found ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    arguments = parser.parse_args()
    end = time.monotonic() + 60 * arguments.minutes
    everything = {kind: Seen() for kind in KINDS}
    number = 0
    while time.monotonic() < end:
        number += 1
        for kind, seen in everything.items():
            fuzz(kind, number, seen)
    for kind, seen in everything.items():
        print(f"{kind}: {seen.files} files, {seen.came_in} came in, slowest {seen.slowest:.3f} s")
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"most memory of this process: {held} MB")


if __name__ == "__main__":
    main()
