"""Photos of batches: counted one by one, listed and acted on batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from webapp.accounts.models import User
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.batches.access import BatchNotFoundError
from webapp.batches.errors import BatchStatusError
from webapp.batches.models import Batch, BatchItem
from webapp.batches.services import cancel_batch, retry_batch
from webapp.staff.jobs.rows import STATES, JobNotFoundError, JobSource, JobStateError, Row, id_of

TITLE: Promise = _("Photos of batches")


def count() -> Mapping[str, int]:
    """Count photos by state; one query."""
    found = BatchItem.objects.filter(status__in=STATES).order_by().values_list("status")
    return dict(found.annotate(Count("pk")))


def total(state: str) -> int:
    """Count the batches that have photos in a state; one query."""
    return _batches(state).count()


def rows(state: str, start: int, size: int) -> list[Row]:
    """Return the batches that have photos in a state; one query."""
    there = BatchItem.objects.filter(batch=OuterRef("pk"), status=state).order_by()
    batches = _batches(state).annotate(
        photos=Subquery(there.values("batch").annotate(n=Count("pk")).values("n")),
        error=Subquery(there.order_by("-number").values("error")[:1]),
        attempt=Subquery(there.order_by("-attempt").values("attempt")[:1]),
    )
    found = batches.select_related("owner", "model_version").defer("palette", "model_version__card")
    return [_row(batch, state) for batch in found[start : start + size]]


def retry(actor: User, kind: str, batch_id: str) -> None:
    """Have another try at all that failed in a batch."""
    _act(retry_batch, Entry.Action.JOB_RETRIED, actor, batch_id)


def cancel(actor: User, kind: str, batch_id: str) -> None:
    """End a batch; results so far stay."""
    _act(cancel_batch, Entry.Action.JOB_CANCELLED, actor, batch_id)


def _act(service: Callable[..., Batch], action: Entry.Action, actor: User, batch_id: str) -> None:
    batch = Batch.objects.filter(pk=id_of(batch_id)).first()
    if batch is None:
        raise JobNotFoundError
    try:
        with transaction.atomic():
            service(batch=batch)
            record(actor=actor, action=action, subject=f"batch {batch.pk}")
    except BatchNotFoundError:
        raise JobNotFoundError from None
    except BatchStatusError as refused:
        raise JobStateError(str(refused)) from None


def _batches(state: str) -> QuerySet[Batch]:
    there = BatchItem.objects.filter(batch=OuterRef("pk"), status=state)
    return Batch.objects.filter(Exists(there))


def _row(batch: Batch, state: str) -> Row:
    annotated = {name: getattr(batch, name) for name in ("photos", "error", "attempt")}
    pk: UUID = batch.pk
    return Row(
        kind="batch",
        id=pk,
        status=state,
        owner=batch.owner,
        model=batch.model_version.name if batch.model_version else "",
        attempt=annotated["attempt"],
        error=annotated["error"],
        created=batch.created,
        started=batch.started,
        finished=batch.finished,
        name=ngettext("%d photo", "%d photos", annotated["photos"]) % annotated["photos"],
    )


SOURCE = JobSource("batches", TITLE, count, total, rows, retry, cancel)
