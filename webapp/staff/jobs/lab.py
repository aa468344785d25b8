"""The laboratory's work: runs, searches, evaluations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from training.models import Work
from training.runs.claims import KINDS, WorkNotFoundError, WorkStateError, find_work, kind_of
from webapp.accounts.models import User
from webapp.staff.jobs.rows import STATES, JobNotFoundError, JobSource, JobStateError, Row, id_of
from webapp.staff.lab.services import cancel_work, resume_work


def count() -> Mapping[str, int]:
    """Count work by state; a query a kind."""
    found: Counter[str] = Counter()
    for model in KINDS.values():
        rows: Any = model.objects.filter(status__in=STATES)  # type: ignore[attr-defined]
        found.update(dict(rows.order_by().values_list("status").annotate(Count("pk"))))
    return found


def total(state: str) -> int:
    """Count the work of a state; a query a kind."""
    return count().get(state, 0)


def rows(state: str, start: int, size: int) -> list[Row]:
    """Return work of a state; a query a kind."""
    kinds = [
        model.objects.filter(status=state)  # type: ignore[attr-defined]
        .select_related("actor")
        .order_by("-created")[: start + size]
        for model in KINDS.values()
    ]
    newest_first = merge(*kinds, key=lambda work: work.created, reverse=True)
    return [_row(work) for work in islice(newest_first, start, start + size)]


def retry(actor: User, kind: str, work_id: str) -> None:
    """Go on with work that failed."""
    _act(resume_work, actor, kind, work_id)


def cancel(actor: User, kind: str, work_id: str) -> None:
    """Ask work to stop."""
    _act(cancel_work, actor, kind, work_id)


def _act(service: Callable[..., None], actor: User, kind: str, work_id: str) -> None:
    try:
        work = find_work(kind, id_of(work_id))
    except WorkNotFoundError:
        raise JobNotFoundError from None
    try:
        service(actor=actor, work=work)
    except WorkStateError as refused:
        raise JobStateError(str(refused)) from None


def _row(work: Work) -> Row:
    kind = kind_of(work)
    return Row(
        kind=kind,
        id=work.pk,
        status=work.status,
        owner=work.actor if isinstance(work.actor, User) else None,
        model="",
        attempt=work.attempt,
        error=work.error,
        created=work.created,
        started=work.started,
        finished=work.finished,
        name=work.name,
        url=reverse("lab:work", args=[kind, work.pk]),
    )


SOURCE = JobSource("laboratory", _("Laboratory"), count, total, rows, retry, cancel)
