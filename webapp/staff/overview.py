"""Everything on the dashboard's first page; the number of queries does not grow with the rows."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from webapp.audit.models import Entry
from webapp.common.health import problems
from webapp.common.queue import THREAD_QUEUES
from webapp.common.workers import BrokerUnavailableError, Worker, list_workers, queue_lengths
from webapp.staff.headlines import Models, models
from webapp.staff.jobs.sources import Counted, count_jobs
from webapp.staff.people import count_users
from webapp.staff.usage import Usage, last_usage

QUEUES = tuple(name for queues in THREAD_QUEUES for name in queues.split(","))
RECENT = 8

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue, how many messages wait in it, and how many workers take from it."""

    name: str
    waiting: int
    workers: int


@dataclass(frozen=True, slots=True)
class Workshop:
    """Queues and workers; ``answers`` is false where the broker did not tell."""

    answers: bool
    queues: list[Queue]
    workers: list[Worker]


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page shows."""

    models: Models
    problems: dict[str, str]
    workshop: Workshop
    jobs: list[Counted]
    users: dict[str, int]
    usage: Usage | None
    entries: list[Entry]


def overview() -> Overview:
    """Return what the first page shows."""
    return Overview(
        models=models(),
        problems=problems(),
        workshop=workshop(),
        jobs=count_jobs(),
        users=count_users(),
        usage=last_usage(),
        entries=list(Entry.objects.select_related("actor")[:RECENT]),
    )


def workshop() -> Workshop:
    """Return queues and workers as the broker knows them; no worker is asked."""
    try:
        lengths, workers = queue_lengths(QUEUES), list_workers()
    except BrokerUnavailableError:
        log.warning("workshop_unknown", exc_info=True)
        return Workshop(answers=False, queues=[], workers=[])
    queues = [
        Queue(name, waiting, sum(name in one.queues for one in workers if not one.is_silent))
        for name, waiting in lengths.items()
    ]
    return Workshop(answers=True, queues=queues, workers=workers)
