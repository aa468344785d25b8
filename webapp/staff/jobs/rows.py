"""What is told of asked-for work, whichever source it belongs to."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from webapp.accounts.models import User

STATES = ("queued", "running", "failed")


class JobStateError(Exception):
    """What was asked for cannot be done to this job as it stands; the message says why."""


class JobNotFoundError(Exception):
    """There is no such job."""


@dataclass(frozen=True, slots=True)
class Row:
    """One job: facts, and nothing private."""

    kind: str
    id: uuid.UUID
    status: str
    owner: User | None
    model: str
    attempt: int
    error: str
    created: datetime
    started: datetime | None
    finished: datetime | None
    name: str = ""
    url: str = ""


def id_of(text: str) -> uuid.UUID:
    """Return the id that stands in an address.

    Raises:
        JobNotFoundError: it is none.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        raise JobNotFoundError from None


Rows = Callable[[str, int, int], Sequence[Row]]
Act = Callable[[User, str, str], None]


@dataclass(frozen=True, slots=True)
class JobSource:
    """A source that has jobs.

    Attributes:
        name: in addresses.
        title: for people.
        count: how many jobs there are in each state that has any.
        total: how many rows a state has; those of batches hold many jobs each.
        rows: those of a state, the newest first, from one number on and at most so many.
        retry: queue a failed one again, for a user, by its kind and id.
        cancel: end one that waits or runs.
    """

    name: str
    title: Promise
    count: Callable[[], Mapping[str, int]]
    total: Callable[[str], int]
    rows: Rows
    retry: Act
    cancel: Act
