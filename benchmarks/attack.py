"""What a good guest notices while others try to keep the site from everybody.

``python -m benchmarks.attack`` serves the embedded profile from an empty folder behind a pretended
proxy, so that each attacker comes from a network of its own. In each round some of them repeat one
attack for ``--seconds`` while a good guest uploads photos and paints; printed are the guest's
slowest upload and stroke, and the most memory that all processes of the site held together
(proportional set size). Exit status 1 if a bar is missed: 3 s, 1 s, 1.5 GB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import hostile
from tests.support.member import Member
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import Server, running_server
from tests.support.visitor import Visitor, point

UPLOAD_BAR, STROKE_BAR, MEMORY_BAR = 3.0, 1.0, 1500.0
PHOTO = encoded(grey_astronaut(2000, 1500), "JPEG", quality=85)
BEHIND_PROXY = {
    "TRUST_PROXY": "1",
    "HTTPS": "0",
    "SIGNUPS": "0",
    "LOG_LEVEL": "WARNING",
    "GUEST_PHOTOS_PER_DAY": "100000",
}
_LOOK_SECONDS = 0.1


@dataclass
class Seen:
    """What the good guest saw, in seconds, what the site held, in MB, what attackers were told."""

    uploads: list[float] = field(default_factory=list)
    strokes: list[float] = field(default_factory=list)
    memory: float = 0.0
    reported: Counter[str] = field(default_factory=Counter)


Going = Callable[[], bool]
Attack = Callable[[Visitor, Going, Counter[str]], None]


def uploading(*files: bytes) -> Attack:
    """Upload the same files over and over."""

    def attack(visitor: Visitor, going: Going, reported: Counter[str]) -> None:
        while going():
            for data in files:
                answer = visitor.post("/api/photos", files={"file": ("a.jpg", data)})
                reported[_code(answer.status_code, answer.text)] += 1

    return attack


def painting(visitor: Visitor, going: Going, reported: Counter[str]) -> None:
    """Paint with the heaviest hint sets there may be, the next as soon as one is answered."""
    photo = visitor.upload(encoded(grey_astronaut(), "JPEG"))
    with visitor.socket(photo["id"]) as window:
        revision = 0
        while going():
            revision += 1
            hints = {"version": 1, "hints": hostile.heavy_strokes(revision)}
            window.tell({"type": "hints", "revision": revision, "hints": hints})
            heard = window.hear_until(lambda m: m["type"] in {"chroma", "error", "queue"}, 60)
            reported[heard["type"]] += 1


def archiving(*archives: bytes, hints: str) -> Attack:
    """Make batches of ZIPs over and over."""

    def attack(visitor: Visitor, going: Going, reported: Counter[str]) -> None:
        assert isinstance(visitor, Member)
        while going():
            for data in archives:
                upload = visitor.upload_archive(data)
                answer = visitor.post("/api/batches", json={"upload": upload, "hints": hints})
                reported[_code(answer.status_code, answer.text)] += 1
                if answer.status_code == 201:
                    visitor.act(answer.json()["id"], "cancel")

    return attack


ATTACKS: dict[str, tuple[int, bool, Callable[[], Attack]]] = {
    "nothing": (0, False, lambda: uploading()),
    "scans": (
        3,
        False,
        lambda: uploading(hostile.jpeg_of_scans(1500), hostile.jpeg_of_scans(100)),
    ),
    "forty bytes": (12, False, lambda: uploading(hostile.webp_of_nothing())),
    "wide tile": (4, False, lambda: uploading(hostile.tiff_of_a_wide_tile())),
    "hints": (12, False, lambda: painting),
    "large entry": (
        2,
        True,
        lambda: archiving(
            hostile.zip_of_a_large_entry(1600 << 20),
            hostile.zip_of_many_entries(1_000_000),
            hints="files",
        ),
    ),
    "hint files": (2, True, lambda: archiving(hostile.zip_of_hint_files(300), hints="files")),
}
"""For each: how many attackers, whether they have accounts, and what they do."""


def from_network(visitor: Visitor, address: str) -> None:
    """Let a visitor come from an address, as a proxy would tell it."""
    visitor.http.headers["X-Forwarded-For"] = address


def _code(status: int, text: str) -> str:
    code = text.partition('"code"')[2].partition('"')[2].partition('"')[0]
    return f"{status} {code}".strip()


def upload_at_last(visitor: Visitor) -> dict[str, Any]:
    """Upload a photo; where the site is busy, again when it says so."""
    while True:
        answer = visitor.post("/api/photos", files={"file": ("portrait.jpg", PHOTO)})
        if answer.status_code != 503:
            assert answer.status_code == 201, answer.text
            photo: dict[str, Any] = answer.json()
            return photo
        time.sleep(float(answer.headers["Retry-After"]))


def be_good(server: Server, seen: Seen, going: Going) -> None:
    """Upload a photo and paint two strokes on it, over and over."""
    visitor = Visitor(server.url)
    from_network(visitor, "198.51.100.7")
    while going():
        begun = time.perf_counter()
        photo = upload_at_last(visitor)
        seen.uploads.append(time.perf_counter() - begun)
        with visitor.socket(photo["id"]) as window:
            for revision in (1, 2):
                begun = time.perf_counter()
                window.tell_hints(revision, point(0.5, revision / 4, "#c08060"))
                window.hear_until(
                    lambda m, r=revision: m["type"] == "chroma" and m["revision"] >= r, 120
                )
                seen.strokes.append(time.perf_counter() - begun)
                time.sleep(0.5)
    visitor.close()


def memory_of(pid: int) -> float:
    """Return what a process and all below it hold, in MB; shared pages count once."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(status.parent.name))
    family, held = [pid], 0
    for one in family:
        family += children.get(one, [])
        try:
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        except OSError:
            continue
        held += int(rollup.partition("\nPss:")[2].split()[0])
    return held / 1000


def run(server: Server, name: str, seconds: float) -> Seen:
    """Let attackers and the good guest at the site, and return what was seen."""
    count, members, made = ATTACKS[name]
    attack, seen = made(), Seen()
    assert server.process
    ready, end = threading.Barrier(count + 1), [float("inf")]

    def going() -> bool:
        return time.monotonic() < end[0]

    def attacker(number: int) -> None:
        try:
            environment = {**server.environment, "DATA_DIR": str(server.data_dir)}
            visitor = (
                Member(server.url, environment, f"attacker{number}")
                if members
                else Visitor(server.url)
            )
            from_network(visitor, f"203.0.113.{number + 1}")
            ready.wait()
            attack(visitor, going, seen.reported)
        except Exception as error:
            seen.reported[f"{type(error).__name__}: {error}"[:80]] += 1

    threads = [threading.Thread(target=attacker, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    be_good(server, Seen(), iter((True, False)).__next__)  # the first photo loads codecs
    ready.wait()
    end[0] = time.monotonic() + seconds
    good = threading.Thread(target=be_good, args=(server, seen, going))
    good.start()
    while good.is_alive():
        seen.memory = max(seen.memory, memory_of(server.process.pid))
        time.sleep(_LOOK_SECONDS)
    for thread in threads:
        thread.join()
    return seen


def main() -> int:
    """Attack, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=ATTACKS, default=list(ATTACKS))
    parser.add_argument("--seconds", type=float, default=30.0, help="of each attack")
    arguments = parser.parse_args()
    missed = False
    print(f"{'attack':12} {'upload s':>9} {'stroke s':>9} {'memory MB':>10}  told to attackers")
    for name in arguments.only:
        with (
            tempfile.TemporaryDirectory() as folder,
            running_server(Path(folder) / "data", **BEHIND_PROXY) as server,
        ):
            seen = run(server, name, arguments.seconds)
        upload, stroke = max(seen.uploads, default=999.0), max(seen.strokes, default=999.0)
        missed |= upload > UPLOAD_BAR or stroke > STROKE_BAR or seen.memory > MEMORY_BAR
        reported = ", ".join(f"{count} x {what}" for what, count in seen.reported.most_common(4))
        print(f"{name:12} {upload:9.2f} {stroke:9.2f} {seen.memory:10.0f}  {reported}", flush=True)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
