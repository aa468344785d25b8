"""How many people a site holds: painters with real sockets, uploads and gallery reads.

``python -m benchmarks.load --users 1 4 8 16 32`` serves from an empty folder (embedded, or with
``--scale-out`` two web processes, two workers, Redis and PostgreSQL; or it uses ``--url``), lets so
many people arrive at once, each with a photo and a first stroke, and then paint for some seconds,
each a stroke every second. It prints for each number how long it took until all had arrived,
strokes a second, median and 95th percentile from stroke to colours, uploads and reads, how much
more strokes one painter had than another, the memory of the site's processes together, and what
the site answered otherwise. It stops at the first number whose median is more than twice that of
one; then three times as many come, and it measures how long the site takes to be as quick as that
again when they have gone. ``--attack`` adds guests who paint with the heaviest hint sets there may
be; ``--soak 20`` lets the first number paint for so many minutes instead, and prints the memory.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.attack import memory_of
from tests.support.fleet import EVERYTHING, fleet
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import running_server
from tests.support.visitor import Socket, Visitor, point, visiting

WIDE_OPEN = {
    "GUEST_PHOTOS_PER_DAY": "100000",
    "GUEST_JOBS_PER_DAY": "100000",
    "API_UPLOADS_PER_MINUTE": "100000",
    "API_READS_PER_MINUTE": "1000000",
    "HTTP_CONNECTIONS_PER_ADDRESS": "2000",
    "HTTP_CONNECTIONS": "4000",
}
"""Everybody comes from one address here."""
PATIENCE = 60.0
OVERLOAD = 3
"""How many times as many come as double the median."""
LOOK = 2.5
"""Seconds of one painter's strokes that tell whether a site is as it was."""
COLUMNS = {
    "users": "painters",
    "arrived_s": "arrived s",
    "strokes_per_s": "strokes/s",
    "median_ms": "median ms",
    "p95_ms": "p95 ms",
    "upload_p95_ms": "upload p95",
    "read_p95_ms": "read p95",
    "most_to_least": "most/least",
    "memory_mb": "memory MB",
}
PHOTO = encoded(grey_astronaut(), "JPEG", quality=85)


@dataclass
class Seen:
    """What people saw; times in seconds."""

    strokes: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)
    reads: list[float] = field(default_factory=list)
    by_user: Counter[int] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)


class Round:
    """The time in which people paint: it begins when all of them have arrived, or given up."""

    def __init__(self, people: int, seconds: float) -> None:
        self.arrived_after = 0.0
        self._begun, self._seconds, self._until = time.monotonic(), seconds, float("inf")
        self._gate = threading.Barrier(people, action=self._begin)

    def _begin(self) -> None:
        self.arrived_after = time.monotonic() - self._begun
        self._until = time.monotonic() + self._seconds

    def arrive(self) -> None:
        """Wait for the others."""
        self._gate.wait()

    def goes_on(self) -> bool:
        """Whether there is time left."""
        return time.monotonic() < self._until


def paint(url: str, number: int, seen: Seen, rounds: Round, heavy: bool) -> None:
    """Upload a photo and paint on it, a stroke a second, until the time is over."""
    chance, waits = random.Random(number), True
    try:
        with visiting(url) as visitor:
            photo = _upload(visitor, seen)
            if photo is None:
                return
            with visitor.socket(photo["id"]) as window:
                window.hear()
                _stroke(window, 1, _hints(chance, heavy), seen)
                waits = False
                rounds.arrive()
                time.sleep(chance.random())  # people do not paint in step
                revision = 1
                while rounds.goes_on():
                    revision += 1
                    took = _stroke(window, revision, _hints(chance, heavy), seen)
                    if took is not None and not heavy:
                        seen.strokes.append(took)
                        seen.by_user[number] += 1
                    time.sleep(max(0.0, 1 - (took or 0.0)))
    except Exception as error:
        seen.answers[f"without a word: {type(error).__name__}: {error}"[:200]] += 1
    finally:
        if waits:
            rounds.arrive()


def _stroke(
    window: Socket, revision: int, hints: list[dict[str, object]], seen: Seen
) -> float | None:
    """Paint, and return the seconds until the colours were there; None where it was refused."""
    begun = time.perf_counter()
    window.tell_hints(revision, *hints)
    message = window.hear_until(_answers(revision), PATIENCE)
    while message["type"] == "queue":
        seen.answers["queue"] += 1
        message = window.hear_until(_answers(revision), PATIENCE)
    if message["type"] in {"error", "job"}:
        seen.answers[f"{message['type']} {message.get('code') or message['error']}"] += 1
        return None
    if message["type"] == "snapshot":
        seen.answers["late"] += 1
    return time.perf_counter() - begun


def _answers(revision: int) -> Callable[[dict[str, Any]], bool]:
    """Tell what is said about a stroke from all else that is heard."""

    def answers(message: dict[str, Any]) -> bool:
        if message["type"] == "job":
            return bool(message["status"] == "failed")
        if message["type"] == "snapshot":  # makes up for a push that got lost
            return bool(message["chroma"] and message["chroma"]["revision"] >= revision)
        coloured = message["type"] == "chroma" and message["revision"] >= revision
        return coloured or message["type"] in {"error", "queue"}

    return answers


def browse(url: str, seen: Seen, rounds: Round) -> None:
    """Look at the gallery, and upload a photo now and then."""
    try:
        with visiting(url) as visitor:
            while rounds.goes_on():
                begun = time.perf_counter()
                visitor.http.get("/api/photos").raise_for_status()
                seen.reads.append(time.perf_counter() - begun)
                _upload(visitor, seen)
                time.sleep(1)
    except Exception as error:
        seen.answers[f"without a word: {type(error).__name__}: {error}"[:200]] += 1


def _upload(visitor: Visitor, seen: Seen) -> dict[str, str] | None:
    """Upload a photo; where the site is busy, do what it says."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        begun = time.perf_counter()
        answer = visitor.post("/api/photos", files={"file": ("a.jpg", PHOTO)})
        if answer.status_code == 201:
            seen.uploads.append(time.perf_counter() - begun)
            photo: dict[str, str] = answer.json()
            return photo
        seen.answers[f"{answer.status_code} {answer.json().get('code')}"] += 1
        if answer.status_code not in {429, 503}:
            return None
        time.sleep(min(5.0, float(answer.headers.get("Retry-After", "1"))))
    return None


def _hints(chance: random.Random, heavy: bool) -> list[dict[str, object]]:
    if not heavy:
        return [point(chance.random(), chance.random(), "#c08060") for _ in range(3)]
    return [
        {
            "type": "stroke",
            "points": [[0.4 + chance.random() / 5, 0.4 + chance.random() / 5] for _ in range(2000)],
            "radius": 0.5,
            "color": "#aa5533",
        }
        for _ in range(8)
    ]


def run(
    url: str, users: int, seconds: float, attack: int, memory: Callable[[], float]
) -> dict[str, object]:
    """Let so many people come at once; return what they saw, and the site's memory at the end."""
    seen, rounds = Seen(), Round(users + attack, seconds)
    threads = [
        threading.Thread(target=paint, args=(url, number, seen, rounds, False))
        for number in range(users)
    ]
    threads += [
        threading.Thread(target=paint, args=(url, -1 - number, seen, rounds, True))
        for number in range(attack)
    ]
    threads.append(threading.Thread(target=browse, args=(url, seen, rounds)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts = [seen.by_user[number] for number in range(users)]
    return {
        "users": users,
        "attackers": attack,
        "arrived_s": round(rounds.arrived_after, 1),
        "strokes_per_s": round(len(seen.strokes) / seconds, 1),
        "median_ms": _ms(seen.strokes, 0.5),
        "p95_ms": _ms(seen.strokes, 0.95),
        "upload_p95_ms": _ms(seen.uploads, 0.95),
        "read_p95_ms": _ms(seen.reads, 0.95),
        "most_to_least": round(max(counts) / max(1, min(counts)), 1),
        "memory_mb": round(memory()),
        "answers": dict(seen.answers),
    }


def _ms(times: list[float], quantile: float) -> float | None:
    if not times:
        return None
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(quantile * len(ordered)))] * 1000, 1)


def recover(url: str, median_ms: float) -> float:
    """Return the seconds until the strokes of one painter are as quick as that again."""
    begun = time.monotonic()
    while True:
        since = time.monotonic() - begun
        seen = run(url, 1, LOOK, 0, float)["median_ms"]
        if since > PATIENCE or (seen is not None and float(str(seen)) <= median_ms):
            return round(since, 1)


def soak(url: str, users: int, minutes: int, memory: Callable[[], float]) -> None:
    """Let people paint for so long; print each minute's memory, and the line through them."""
    print(f"{'minute':>7} {'memory MB':>10}")
    samples = [memory()]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(60):
            samples.append(memory())
            print(f"{len(samples) - 1:7} {samples[-1]:10.0f}", flush=True)

    looking = threading.Thread(target=look)
    looking.start()
    figures = run(url, users, minutes * 60, 0, memory)
    ended.set()
    looking.join()
    warm = samples[len(samples) // 4 :]  # before, networks and caches fill
    slope = statistics.linear_regression(range(len(warm)), warm).slope if len(warm) > 1 else 0.0
    print(row(figures))
    print(
        f"first {samples[0]:.0f} MB, after a quarter {warm[0]:.0f} MB, last {samples[-1]:.0f} MB, "
        f"slope since then {slope:+.2f} MB a minute"
    )


@contextmanager
def site(url: str, *, scale_out: bool) -> Iterator[tuple[str, Callable[[], float]]]:
    """Use a running site, or serve one from an empty folder; also returns what tells its memory."""
    if url:
        yield url, float
        return
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        if scale_out:
            with fleet(data) as made:
                made.extra |= WIDE_OPEN
                first, _, _ = made.web(), made.web(), made.clock()
                with made.working(EVERYTHING, EVERYTHING):
                    yield first, lambda: sum(memory_of(one.popen.pid) for one in made.running)
            return
        with running_server(data, LOG_LEVEL="WARNING", **WIDE_OPEN) as server:
            assert server.process
            pid = server.process.pid
            yield server.url, lambda: memory_of(pid)


def row(figures: dict[str, Any]) -> str:
    """One line of the table."""
    answers = ", ".join(f"{count} {what}" for what, count in figures["answers"].items())
    cells = (figures[key] for key in COLUMNS)
    return "".join(f"{'-' if cell is None else cell:>11}" for cell in cells) + f"  {answers}"


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="", help="a running site; else one is served")
    parser.add_argument("--scale-out", action="store_true", help="serve that profile")
    parser.add_argument("--users", type=int, nargs="+", default=[1, 4, 8, 16, 32])
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--attack", type=int, default=0, help="guests with the heaviest hint sets")
    parser.add_argument("--soak", type=int, default=0, help="minutes; with the first number")
    parser.add_argument("--json", action="store_true", help="print lines of JSON")
    arguments = parser.parse_args()

    def measured(url: str, users: int, seconds: float = arguments.seconds) -> float:
        figures = run(url, users, seconds, arguments.attack, memory)
        print(json.dumps(figures) if arguments.json else row(figures), flush=True)
        return float(str(figures["median_ms"] or 0))

    if not arguments.json:
        print("".join(f"{head:>11}" for head in COLUMNS.values()) + "  other answers")
    with site(arguments.url, scale_out=arguments.scale_out) as (url, memory):
        if arguments.soak:
            soak(url, arguments.users[0], arguments.soak, memory)
            return 0
        first = 0.0
        for users in arguments.users:
            median = measured(url, users)
            first = first or median
            if median > 2 * first:
                # As long for each painter, so that as many strokes tell what is fair.
                measured(url, OVERLOAD * users, OVERLOAD * arguments.seconds)
                print(f"quick again after {recover(url, 2 * first)} s")
                break
    return 0


if __name__ == "__main__":
    sys.exit(main())
