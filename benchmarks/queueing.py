"""How many people paint at once on 1 to 1,000 workers, by simulation from measured times.

``python -m benchmarks.queueing --stroke-ms 95 --shared-ms 4`` takes what a worker needs for a
stroke, and what of a stroke is done by the one database and the one Redis, as measured on a host.
For each number of workers it prints how many people may paint, a stroke a second each, until the
median from stroke to colours is twice that of one person, and what they see then and at three times
as many. A person's newer stroke takes the place of one that waits, as in the site.
"""

from __future__ import annotations

import argparse
import heapq
import random
import statistics
from collections import deque
from dataclasses import dataclass

WARM_UP = 0.2
"""The part of the time that is not counted: queues are empty at first."""


@dataclass(frozen=True)
class Load:
    """What people saw: seconds from stroke to colours, and strokes coloured in a second."""

    median: float
    p95: float
    per_second: float
    busy: float
    """The share of the workers' time that they work."""
    fairness: float
    """Strokes of the one who got most over those of the one who got least."""


@dataclass(frozen=True)
class Host:
    """Measured seconds of a stroke: on a worker, and on what all workers share."""

    stroke: float
    shared: float = 0.0


def simulate(
    host: Host, *, workers: int, people: int, rate: float = 1.0, seconds: float = 60.0,
    spread: float = 0.25, seed: int = 0,
) -> Load:  # fmt: skip
    """Let people paint for a while.

    Args:
        host: what a stroke takes.
        workers: that colour, one stroke at a time each.
        people: who paint.
        rate: strokes a second of each, at random moments.
        seconds: simulated.
        spread: standard deviation over mean of a stroke's time on a worker; 1 is exponential.
        seed: of all chance.
    """
    chance = random.Random(seed)
    shape = 1 / spread**2  # of a gamma distribution
    # (moment, order, what, person, since): a stroke is painted, has passed what is shared, is done.
    events: list[tuple[float, int, str, int, float]] = []
    order, shared_free, busy, idle = 0, 0.0, 0.0, workers
    waiting, newest = deque[int](), dict[int, float]()
    times, counts = list[float](), [0] * people

    def put(moment: float, what: str, person: int, since: float) -> None:
        nonlocal order
        order += 1
        heapq.heappush(events, (moment, order, what, person, since))

    for person in range(people):
        put(chance.expovariate(rate), "painted", person, 0.0)
    while events:
        now, _, what, person, since = heapq.heappop(events)
        if now > seconds:
            break
        if what == "painted":
            put(now + chance.expovariate(rate), "painted", person, 0.0)
            shared_free = max(now, shared_free) + host.shared
            put(shared_free, "asked", person, now)
            continue
        if what == "done":
            idle += 1
            if now > WARM_UP * seconds:
                times.append(now - since)
                counts[person] += 1
        elif person in newest:
            newest[person] = since  # the newest wins, in the place of the older one
        else:
            newest[person] = since
            waiting.append(person)
        while idle and waiting:
            first = waiting.popleft()
            took = chance.gammavariate(shape, host.stroke / shape)
            idle, busy = idle - 1, busy + took
            put(now + took, "done", first, newest.pop(first))
    times.sort()
    counted = (1 - WARM_UP) * seconds
    return Load(
        median=statistics.median(times),
        p95=times[int(0.95 * (len(times) - 1))],
        per_second=len(times) / counted,
        busy=min(1.0, busy / (workers * seconds)),
        fairness=max(counts) / max(1, min(counts)),
    )


def capacity(host: Host, *, workers: int, seconds: float = 60.0) -> int:
    """Return how many people may paint until the median is twice that of one."""
    alone = simulate(host, workers=workers, people=1, seconds=600).median

    def holds(people: int) -> bool:
        return simulate(host, workers=workers, people=people, seconds=seconds).median <= 2 * alone

    low, high = 1, 2
    while holds(high):
        low, high = high, 2 * high
    while high - low > max(1, low // 50):
        middle = (low + high) // 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def main() -> None:
    """Simulate, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stroke-ms", type=float, required=True, help="of a stroke on a worker")
    parser.add_argument("--shared-ms", type=float, default=0.0, help="on database and Redis")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4, 8, 16, 64, 256, 1000])
    parser.add_argument("--seconds", type=float, default=20.0, help="simulated for each figure")
    arguments = parser.parse_args()
    host = Host(arguments.stroke_ms / 1000, arguments.shared_ms / 1000)
    heads = ("workers", "people", "strokes/s", "median ms", "p95 ms", "busy", "p95 ms at 3x",
             "most/least at 3x")  # fmt: skip
    print("  ".join(f"{head:>{max(9, len(head))}}" for head in heads))
    for workers in arguments.workers:
        people = capacity(host, workers=workers, seconds=arguments.seconds)
        held, beyond = (
            simulate(host, workers=workers, people=number, seconds=arguments.seconds)
            for number in (people, 3 * people)
        )
        figures = (
            f"{workers}", f"{people}", f"{held.per_second:.0f}", f"{held.median * 1000:.0f}",
            f"{held.p95 * 1000:.0f}", f"{held.busy:.0%}", f"{beyond.p95 * 1000:.0f}",
            f"{beyond.fairness:.1f}",
        )  # fmt: skip
        cells = zip(heads, figures, strict=True)
        print("  ".join(f"{one:>{max(9, len(head))}}" for head, one in cells), flush=True)


if __name__ == "__main__":
    main()
