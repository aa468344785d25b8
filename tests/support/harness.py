"""Many jobs while something breaks: each accepted one is done, once, and soon after."""

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
import redis

from colorizer.models import SHIPPED
from tests.support.fleet import Fleet, Process, fleet
from tests.support.pictures import encoded, grey_astronaut
from tests.support.server import ROOT
from tests.support.services import answers
from tests.support.visitor import Visitor, point
from webapp.ops.management.commands.scaleout import web_command

LANES = "interactive,predictions,default,batch"
AWAY_SECONDS = 5.0
CLOCK_SHIFT_SECONDS = 3600
DISK = "256m"
PHOTOS = 6
MODEL = "shipped-model"
_PATIENCE = 180.0
_RETRIED = (httpx.HTTPError, AssertionError)
PHOTO = encoded(grey_astronaut(96, 64), "JPEG")


@dataclass
class Broken:
    """A fleet of which things are broken: two web processes, two workers, a clock."""

    made: Fleet
    urls: list[str] = field(default_factory=list)
    webs: list[Process] = field(default_factory=list)
    workers: list[Process] = field(default_factory=list)
    clock_worker: Process | None = None
    clock: Process | None = None

    def start(self) -> None:
        """Start everything and wait until tasks are taken."""
        self.clock_worker, self.clock = self.made.worker("clock"), self.made.clock()
        self.workers = [self.made.worker(LANES) for _ in range(2)]
        for _ in range(2):
            self.urls.append(self.made.web())
            self.webs.append(self.made.running[-1])
        self.made.wait_until_ready(self.urls[0])

    # Faults; each returns when what was broken is there again.

    def kill_worker(self) -> None:
        """Kill a worker; a supervisor starts another."""
        self.workers.pop(0).kill()
        self.workers.append(self.made.worker(LANES))

    def kill_clock(self) -> None:
        """Kill the clock and the worker of its queue."""
        assert self.clock
        assert self.clock_worker
        self.clock.kill()
        self.clock_worker.kill()
        self.clock_worker, self.clock = self.made.worker("clock"), self.made.clock()

    def kill_web(self) -> None:
        """Kill a web process, and start it again on its port."""
        self.webs.pop(0).kill()
        port = int(self.urls[0].rsplit(":", 1)[1])
        self.webs.insert(0, self.made.start("web", web_command(port)))
        while not answers(port):
            time.sleep(0.05)

    def freeze_worker(self) -> None:
        """Stop a worker for longer than its lease, and let it go on."""
        self.workers[0].freeze()
        time.sleep(AWAY_SECONDS + 3)
        self.workers[0].thaw()

    def empty_redis(self) -> None:
        """Lose all messages and counters."""
        with redis.Redis.from_url(self.made.redis_url) as broker:
            broker.flushall()

    def restart_redis(self) -> None:
        """Kill Redis, which keeps nothing, and start it again after a while."""
        self.made.broker.kill()
        time.sleep(AWAY_SECONDS)
        self.made.broker.start()

    def drop_sockets(self) -> None:
        """Cut every connection to Redis and to PostgreSQL."""
        with redis.Redis.from_url(self.made.redis_url) as broker:
            broker.client_kill_filter(skipme=True, _type="normal")
            broker.client_kill_filter(skipme=True, _type="pubsub")
        with psycopg.connect(self.made.database_url, autocommit=True) as rows:
            rows.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where pid <> pg_backend_pid() and datname = current_database()"
            )

    def restart_database(self) -> None:
        """Restart PostgreSQL in an orderly way."""
        self.made.database.stop(2)
        self.made.database.start()

    def lose_database(self) -> None:
        """Have PostgreSQL away for a while."""
        self.made.database.stop(2)
        time.sleep(AWAY_SECONDS)
        self.made.database.start()

    def pause_redis(self) -> None:
        """Have Redis answer nobody for a while, with all connections open."""
        with redis.Redis.from_url(self.made.redis_url) as broker:
            broker.client_pause(int(1000 * AWAY_SECONDS))
        time.sleep(AWAY_SECONDS)

    def shift_clock(self) -> None:
        """Kill a worker; the one that takes its place has a clock that is ahead."""
        self.workers.pop(0).kill()
        folder = ROOT / "tests" / "support" / "shifted"
        shift = {"PYTHONPATH": str(folder), "CLOCK_SHIFT_SECONDS": str(CLOCK_SHIFT_SECONDS)}
        self.workers.append(self.made.worker(LANES, **shift))

    def fill_disk(self) -> None:
        """Have no byte left on the disk of the data folder for a while."""
        assert self.made.folder.is_mount(), "only a disk of its own is filled"
        filler = self.made.folder / "filler"
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(bytes(1 << 16)):
                pass
        time.sleep(AWAY_SECONDS)
        filler.unlink()

    def damage_model(self) -> None:
        """Cut the live model's networks in half, and put them back after a while."""
        networks = {one: one.read_bytes() for one in (self.made.folder / MODEL).glob("*.onnx")}
        for path, whole in networks.items():
            path.write_bytes(whole[: len(whole) // 2])
        for _ in self.workers:  # who has loaded it goes on with what it has
            self.kill_worker()
        time.sleep(AWAY_SECONDS)
        for path, whole in networks.items():
            path.write_bytes(whole)

    def deliver_twice(self) -> None:
        """Send each job that waits, runs or is done to the workers again, twice."""
        program = (
            "from webapp.studio.models import Job\n"
            "from webapp.common.celery import app\n"
            "for pk, kind in Job.objects.values_list('pk', 'kind')[:300]:\n"
            "    name = 'studio.render' if kind == 'render' else 'studio.colorize'\n"
            "    queue = 'batch' if kind == 'render' else 'interactive'\n"
            "    [app.send_task(name, [str(pk)], queue=queue) for _ in range(2)]\n"
        )
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", program]
        subprocess.run(command, cwd=ROOT, env=self.made.environment(), check=True)


FAULTS: dict[str, Callable[[Broken], None]] = {
    "worker killed": Broken.kill_worker,
    "worker frozen": Broken.freeze_worker,
    "clock killed": Broken.kill_clock,
    "web killed": Broken.kill_web,
    "Redis emptied": Broken.empty_redis,
    "Redis away": Broken.restart_redis,
    "sockets dropped": Broken.drop_sockets,
    "database restarted": Broken.restart_database,
    "database away": Broken.lose_database,
    "delivered twice": Broken.deliver_twice,
    "Redis silent": Broken.pause_redis,
    "clock shifted": Broken.shift_clock,
    "disk full": Broken.fill_disk,
    "model damaged": Broken.damage_model,
}
MAY_FAIL = {"disk full", "model damaged"}
"""Where a job may end with a reason: what it needs is not there."""


@dataclass
class Outcome:
    """What became of the jobs."""

    accepted: int = 0
    done: int = 0
    failed: int = 0
    lost: int = 0
    twice: int = 0
    orphans: int = 0
    recoveries: list[float] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether each job was done or failed with a reason, once, and nothing is left over."""
        return not (self.lost or self.twice or self.orphans)


@contextmanager
def breakable(folder: Path) -> Iterator[Broken]:
    """A fleet that is up, on a small disk of its own where one can be mounted."""
    with small_disk(folder), fleet(folder) as made:
        model = shutil.copytree(SHIPPED, folder / MODEL)
        made.extra |= {"MODEL": str(model), "DISK_RESERVE_BYTES": str(8 << 20)}
        made.prepare()
        made.extra |= {"GUEST_JOBS_PER_DAY": "100000", "API_WRITES_PER_MINUTE": "100000",
                       "API_READS_PER_MINUTE": "100000"}  # fmt: skip
        broken = Broken(made)
        broken.start()
        yield broken


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a file system of memory on a folder; without the right to, leave it as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder]
    mounted = can_mount() and subprocess.run(command, check=False).returncode == 0
    try:
        yield
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder], check=True)


def can_mount() -> bool:
    """Whether this process could mount a file system."""
    return os.geteuid() == 0 and shutil.which("mount") is not None


def run(broken: Broken, fault: Callable[[Broken], None], jobs: int, times: int = 2) -> Outcome:
    """Ask for so many full-size results, break something ``times`` meanwhile, and count."""
    outcome, accepted = Outcome(), list[str]()
    finished = threading.Event()

    def ask() -> None:
        with contextlib.closing(_insist(lambda: Visitor(broken.urls[1]))) as visitor:
            photos = [_insist(lambda: visitor.upload(PHOTO))["id"] for _ in range(PHOTOS)]
            for number in range(jobs):
                photo, revision = photos[number % PHOTOS], number // PHOTOS + 1
                address = f"/api/photos/{photo}"
                body = {"revision": revision, "hints": _hints(revision)}
                _insist(lambda a=address, b=body: _saved(visitor.put(f"{a}/hints", json=b)))
                accepted.append(_insist(lambda a=address: _asked(visitor, a)))
            finished.set()
            ended = [_insist(lambda j=job: visitor.wait_for_job(j, _PATIENCE)) for job in accepted]
        outcome.done = sum(job["status"] == "done" for job in ended)
        outcome.failed = sum(job["status"] == "failed" and bool(job["error"]) for job in ended)

    asking = threading.Thread(target=ask, name="asking")
    asking.start()
    for at in range(1, times + 1):
        while len(accepted) < jobs * at // (times + 1) and asking.is_alive():
            time.sleep(0.02)
        fault(broken)
        outcome.recoveries.append(probe(broken))
    asking.join()
    outcome.accepted = len(accepted)
    outcome.lost = len(accepted) - outcome.done - outcome.failed
    _count(broken.made, accepted, outcome)
    return outcome


def probe(broken: Broken) -> float:
    """Return the seconds until a stroke and a full-size result of somebody else are there."""
    begun = time.monotonic()
    visitor = _insist(lambda: Visitor(broken.urls[0]))
    with contextlib.closing(visitor):
        photo = _insist(lambda: visitor.upload(PHOTO))
        for attempt in itertools.count(1):
            try:
                with visitor.socket(photo["id"]) as window:
                    window.hear(10)
                    window.tell_hints(attempt, point(0.5, 0.5, "#c08060"))
                    window.hear_chroma(1, 20)
                break
            except Exception:  # a broken site fails in many ways; only patience decides
                if time.monotonic() - begun > _PATIENCE:
                    raise
        job = _insist(lambda: _asked(visitor, f"/api/photos/{photo['id']}"))
        _insist(lambda: visitor.wait_for_job(job))
    return time.monotonic() - begun


def _hints(revision: int) -> dict[str, object]:
    return {"version": 1, "hints": [point(0.5, revision % 50 / 50, "#c08060")]}


def _asked(visitor: Visitor, address: str) -> str:
    answer = visitor.post(f"{address}/renders")
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def _saved(answer: httpx.Response) -> bool:
    # A revision that is there already was saved by the request whose answer was lost.
    assert answer.status_code in {200, 202, 409}, answer.text
    return True


def _insist(act, seconds: float = 60.0):  # type: ignore[no-untyped-def]
    """Do what a client does with an error that passes: try again."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return act()
        except _RETRIED:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _count(made: Fleet, accepted: list[str], outcome: Outcome) -> None:
    """Compare rows and files with what was accepted."""
    with psycopg.connect(made.database_url, autocommit=True) as rows:
        query = (
            "select job_id::text, count(*) from studio_version "
            "where job_id = any(%s::uuid[]) group by 1"
        )
        results = dict(rows.execute(query, [accepted]).fetchall())
        outcome.twice = sum(count > 1 for count in results.values())
        known = {str(pk) for (pk,) in rows.execute("select id from library_photo").fetchall()}
        versions = {str(pk) for (pk,) in rows.execute("select id from studio_version").fetchall()}
    photos = made.folder / "media" / "photos"
    files = list(photos.glob("*/versions/*.png"))
    outcome.orphans = sum(file.stem not in versions for file in files)
    outcome.orphans += sum(folder.name not in known for folder in photos.iterdir())
    outcome.orphans += len(list(photos.rglob(".partial-*")))
    outcome.lost += len(set(accepted) - set(results)) - outcome.failed
