"""Whose turn it is: workers take the job of whoever was served least, not the one asked for first.

A message says that there is a job to do, and names one; which one is done is decided here, by the
rows, so that it is decided alike in one process and in many.
"""

from __future__ import annotations

import uuid
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from training.leases import database_now
from webapp.accounts.actor import Actor
from webapp.common.workers import BrokerUnavailableError, list_workers
from webapp.studio.models import Job

REMEMBERED = timedelta(minutes=1)
"""How long what somebody was served counts."""
LOOKED_AT = 500
LOOKED_AT_EACH = 20
"""Waiting jobs, the oldest of all and of each actor, among which the next one is looked for."""
AUTOMATIC_PATIENCE = timedelta(seconds=20)
"""Strokes go before the first colouring of a new photo, until that has waited for so long."""
HEAVY_BYTES = 100_000
HEAVY_SECONDS = 0.8
HEAVY_PATIENCE = timedelta(seconds=5)
"""Hint sets of so many bytes, or that took so long the last time, give way to lighter ones as long.
A share of the worker for each actor is not enough: a dozen of them would make a dab wait a round.
"""
MEASURED = 20
FIRST_GUESS = 0.3
"""Seconds of a stroke before one was measured, and what each light one counts for: whether a worker
still has a photo in memory, and what else the machine does, must not decide whose turn it is.
"""
HINT_BYTES_PER_SECOND = 400_000
RENDERED_PIXELS_PER_SECOND = 4_000_000
"""What a job costs is guessed by these before it is done."""
LOAD_SECONDS = 1.0


@dataclass(frozen=True)
class Load:
    """How many strokes go before an actor's next one, and how long that will wait, in seconds."""

    waiting: int
    seconds: float

    @property
    def is_heavy(self) -> bool:
        """Whether strokes wait for longer than ``STROKE_WAIT_SECONDS``."""
        return self.seconds > settings.STROKE_WAIT_SECONDS


@dataclass(frozen=True)
class _Waiting:
    """A job that waits; ``due`` is when it would end, in seconds served to its actor alone."""

    pk: uuid.UUID
    actor: str
    is_automatic: bool
    is_heavy: bool
    created: datetime
    due: float

    @property
    def order(self) -> list[float]:
        """Sorts jobs that have not waited for long."""
        return [self.is_heavy, self.due]


def waiting_jobs(kind: Job.Kind) -> QuerySet[Job]:
    """Return the jobs that a worker could take, the oldest first."""
    jobs = Job.objects.filter(kind=kind, status=Job.Status.QUEUED)
    if kind == Job.Kind.CHROMA:
        running = Job.objects.filter(photo=OuterRef("photo"), kind=kind, status=Job.Status.RUNNING)
        jobs = jobs.exclude(Exists(running))
    return jobs.order_by("created")


def is_answered(job_id: uuid.UUID) -> bool:
    """Tell whether a message that names ``job_id`` asks for nothing any more.

    Brokers deliver some messages twice, and a second one should cost little: those about strokes
    are before those about full-size results.
    """
    row = Job.objects.filter(pk=job_id).values_list("kind", "status").first()
    if row is None:
        return True
    kind, status = row
    return status not in Job.ALIVE and not waiting_jobs(Job.Kind(kind)).exists()


def next_job(job_id: uuid.UUID, *, now: datetime) -> uuid.UUID:
    """Return the job to do when a message names ``job_id``; that one where nobody else waits.

    Light hint sets go first. Among these, fair queueing by finish times: who has fewer jobs in work
    goes first, then whose job would end first if each actor had a worker of their own, counting the
    work of the last minute. So a dear job makes no cheap one of somebody else wait.
    """
    kind = Job.objects.filter(pk=job_id).values_list("kind", flat=True).first()
    if kind is None:
        return job_id
    running, served = _served(Job.Kind(kind), now)
    waiting = _line(Job.Kind(kind), served)
    if len(waiting) < 2:
        return waiting[0].pk if waiting else job_id

    def turn(job: _Waiting) -> tuple[object, ...]:
        later = job.is_automatic and job.created > now - AUTOMATIC_PATIENCE
        heavy = job.is_heavy and job.created > now - HEAVY_PATIENCE
        return later, heavy, running[job.actor], job.due, job.created, str(job.pk)

    return min(waiting, key=turn).pk


def _line(kind: Job.Kind, served: Mapping[str, float]) -> list[_Waiting]:
    """Return the jobs that wait, the light ones first, in the order of their finish times."""
    fields = ("pk", "photo__owner_id", "photo__guest_key", "revision", "created")
    costs = ("photo__hints__bytes", "photo__chroma__seconds", "photo__width", "photo__height")
    ends = defaultdict[str, float](float, served)
    line = []
    owned_by = ("photo__owner_id", "photo__guest_key")
    number = Window(RowNumber(), partition_by=[F(name) for name in owned_by], order_by="created")
    oldest = waiting_jobs(kind).annotate(number=number).filter(number__lte=LOOKED_AT_EACH)
    oldest = oldest.order_by("number", "created")
    for row in oldest.values_list(*fields, *costs)[:LOOKED_AT]:
        pk, owner, guest, revision, created, hint_bytes, took, width, height = row
        actor = _key(owner, guest)
        is_chroma = kind == Job.Kind.CHROMA
        is_automatic = is_chroma and not revision
        is_heavy = (hint_bytes or 0) > HEAVY_BYTES or (took or 0.0) > HEAVY_SECONDS
        cost = FIRST_GUESS + (hint_bytes or 0) / HINT_BYTES_PER_SECOND
        if not is_chroma:
            cost += width * height / RENDERED_PIXELS_PER_SECOND
        due = ends[actor] + cost
        if not is_automatic:  # those give way to strokes, so no stroke counts behind them
            ends[actor] = due
        line.append(_Waiting(pk, actor, is_automatic, is_chroma and is_heavy, created, due))
    return sorted(line, key=lambda job: (job.order, job.created))


def _served(kind: Job.Kind, now: datetime) -> tuple[Counter[str], dict[str, float]]:
    """Return how many jobs of each actor run, and the seconds worked for each of late."""
    recent = Q(status=Job.Status.RUNNING) | Q(finished__gt=now - REMEMBERED)
    jobs = Job.objects.filter(recent, kind=kind, started__isnull=False)
    fields = ("photo__owner_id", "photo__guest_key", "status", "started", "finished")
    running, served = Counter[str](), defaultdict[str, float](float)
    light = HEAVY_SECONDS if kind == Job.Kind.CHROMA else 0.0
    for owner, guest, status, started, finished in jobs.values_list(*fields):
        actor = _key(owner, guest)
        running[actor] += status == Job.Status.RUNNING
        seconds = ((finished or now) - started).total_seconds()
        served[actor] += seconds if seconds > light else FIRST_GUESS
    return running, served


def _key(owner_id: int | None, guest_key: str) -> str:
    """Return what :attr:`Actor.key` is of a photo's owner."""
    return f"guest.{guest_key}" if owner_id is None else f"user.{owner_id}"


def stroke_load(actor: Actor | None = None) -> Load:
    """Return how long strokes wait now: all of them, or one that ``actor`` would paint.

    Measured at most once a second for all who ask.
    """
    kept = cache.get("studio.load")
    if kept is None:
        served = _served(Job.Kind.CHROMA, database_now())[1]
        line = [job for job in _line(Job.Kind.CHROMA, served) if not job.is_automatic]
        ends = {**served, **{job.actor: job.due for job in line}}
        each = _stroke_seconds() / _stroke_workers() if line else 0.0
        kept = [[job.order for job in line], ends, each]
        cache.set("studio.load", kept, timeout=LOAD_SECONDS)
    line, ends, each = kept
    before = len(line)
    if actor is not None:
        before = bisect_right(line, [False, ends.get(actor.key, 0.0) + FIRST_GUESS])
    return Load(before, before * each)


def place_of(job: Job) -> int:
    """Return how many strokes wait before ``job``, and itself; 0 when it waits no more."""
    served = _served(Job.Kind.CHROMA, database_now())[1]
    line = [one.pk for one in _line(Job.Kind.CHROMA, served) if not one.is_automatic]
    return line.index(job.pk) + 1 if job.pk in line else 0


def queue_state(job: Job) -> tuple[int, float] | None:
    """Return the place of a stroke and the seconds until its colours; None where that is soon."""
    load = stroke_load()
    if not load.is_heavy:
        return None
    place = place_of(job)
    seconds = load.seconds * place / max(place, load.waiting)
    return (place, round(seconds, 1)) if seconds > settings.STROKE_WAIT_SECONDS else None


def _stroke_seconds() -> float:
    done = Job.objects.filter(kind=Job.Kind.CHROMA, status=Job.Status.DONE, revision__gt=0)
    times = done.order_by("-finished").values_list("started", "finished")[:MEASURED]
    seconds = [(end - begun).total_seconds() for begun, end in times if begun and end]
    return sum(seconds) / len(seconds) if seconds else FIRST_GUESS


def _stroke_workers() -> int:
    if settings.EMBEDDED:
        return 1
    try:
        workers = [one for one in list_workers() if "interactive" in one.queues]
    except BrokerUnavailableError:
        return 1
    return max(1, sum(not one.is_silent for one in workers))
