"""Who works on a batch: photos are claimed by the chunk, finished one by one, reaped if left.

Every change locks the batch's row first: its counts are those of its photos, at any moment.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from training import leases
from training.leases import LeaseLostError, database_now, renewing
from training.models import ModelVersion
from training.registry.versions import NoLiveModelError, live_model
from webapp.batches.events import publish_on_commit
from webapp.batches.models import Batch, BatchItem
from webapp.batches.turns import next_batch
from webapp.common.leases import JOB_LEASES, unsent
from webapp.common.queue import enqueue

log = structlog.get_logger(__name__)

Status = BatchItem.Status


@dataclass(frozen=True)
class Chunk:
    """Photos of one batch, of like size, that one worker has; ``id`` fences what it writes."""

    id: uuid.UUID
    batch: Batch
    model_version: ModelVersion
    items: list[BatchItem]


@dataclass(frozen=True)
class Outcome:
    """What became of a photo: a result in the storage, or an error."""

    error: str = ""
    source_sha256: str = ""
    result: str = ""
    result_sha256: str = ""
    result_bytes: int = 0
    width: int = 0
    height: int = 0
    software: str = ""


class Lease(leases.Lease):
    """A worker's hold on a chunk; lost when no photo of it is left to this worker."""

    def __init__(self, chunk: Chunk) -> None:
        super().__init__(JOB_LEASES, _owned(chunk))
        self.chunk = chunk


@contextmanager
def claimed(batch_id: uuid.UUID) -> Iterator[Lease | None]:
    """Claim a chunk and hold it for the length of a ``with`` block; then ask for the next one.

    An error inside fails what is left of the chunk.

    Yields:
        The lease, or None when there is nothing to do, or no more workers may help.
    """
    chunk = _take_turn(batch_id)
    if chunk is None:
        yield None
        return
    with renewing(Lease(chunk), f"chunk-{chunk.id}") as lease:
        try:
            yield lease
        except LeaseLostError:
            log.info("chunk_lost", batch=str(chunk.batch.pk), chunk=str(chunk.id))
        except (OperationalError, InterfaceError):
            # Nothing is wrong with the photos: the lease runs out, and they are done again.
            log.exception("database_lost", batch=str(chunk.batch.pk), chunk=str(chunk.id))
            connection.close()
            return
        except Exception:
            log.exception("chunk_failed", batch=str(chunk.batch.pk), chunk=str(chunk.id))
            with translation.override(chunk.batch.language):
                error = gettext("This photo could not be coloured. Please try again.")
            for item in chunk.items:
                finish(chunk=chunk, item=item, outcome=Outcome(error=error))
    go_on(batch_id=chunk.batch.pk)


def _take_turn(batch_id: uuid.UUID) -> Chunk | None:
    """Claim a chunk of the batch whose turn it is, or else of the one that was asked for."""
    now = database_now()
    chosen = next_batch(batch_id, now=now)
    chunk = claim(batch_id=chosen, now=now)
    return chunk if chunk or chosen == batch_id else claim(batch_id=batch_id, now=now)


def lock_batch(batch_id: uuid.UUID) -> Batch | None:
    """Return a batch with its row locked for the running transaction; None if it is gone."""
    return Batch.objects.select_for_update(no_key=True).filter(pk=batch_id).first()


def send_to_workers(batch: Batch, *, chunks: int = 1) -> None:
    """Have a batch looked at by so many workers after the commit; saved by the caller."""
    batch.enqueued = database_now()
    for _ in range(chunks):
        enqueue("batches.work", batch.pk, queue="batch")


@transaction.atomic
def claim(*, batch_id: uuid.UUID, now: datetime) -> Chunk | None:
    """Take the next photos of a batch that fit one run of the network.

    Returns:
        The chunk, its photos running; None if the batch is not to be worked on, nothing of it
        waits, enough workers are at it, or there is no model to colour with.
    """
    batch = lock_batch(batch_id)
    if batch is None or batch.status not in Batch.WORKING:
        return None
    at_work = batch.items.filter(status=Status.RUNNING).values("chunk").distinct().count()
    if at_work >= settings.BATCH_PARALLEL_CHUNKS:
        return None
    items = _next_items(batch)
    if not items:
        return None
    try:
        model_version = items[0].model_version or batch.model_version or live_model()
    except NoLiveModelError:  # looked at again when the reaper asks the next time
        log.warning("batch_waits_for_a_model", batch=str(batch_id))
        return None
    chunk = Chunk(uuid.uuid4(), batch, model_version, items)
    rows = BatchItem.objects.filter(pk__in=[item.pk for item in items])
    JOB_LEASES.claim(rows, now=now, chunk=chunk.id, model_version=model_version)
    for item in items:
        item.status = Status.RUNNING
    if batch.status == Batch.Status.QUEUED:
        batch.status, batch.started = Batch.Status.RUNNING, batch.started or now
        batch.resumed, batch.resumed_with = now, batch.ended
    _save(batch, items)
    return chunk


def _next_items(batch: Batch) -> list[BatchItem]:
    """Return waiting photos like the first one, as many as make a chunk.

    A photo that has been tried before comes alone: it may be what stopped the worker.
    """
    waiting = batch.items.select_related("photo", "model_version").filter(status=Status.QUEUED)
    first = waiting.first()
    if first is None:
        return []
    if first.attempt:
        return [first]
    chosen: list[BatchItem] = []
    pixels = 0
    for item in waiting.filter(attempt=0, shape=first.shape)[: settings.BATCH_CHUNK_PHOTOS]:
        pixels += item.pixels
        if chosen and pixels > settings.BATCH_CHUNK_PIXELS:
            break
        chosen.append(item)
    return chosen


@transaction.atomic
def finish(*, chunk: Chunk, item: BatchItem, outcome: Outcome) -> bool:
    """End a photo of a chunk, unless it is no longer this worker's.

    Returns:
        Whether this call ended it; else what was written to the storage is for nothing.
    """
    batch = lock_batch(chunk.batch.pk)
    if batch is None:
        return False
    status = Status.FAILED if outcome.error else Status.DONE
    fields = vars(outcome) | {"chunk": None, "finished": database_now()}
    if not JOB_LEASES.end(_owned(chunk).filter(pk=item.pk), status, **fields):
        return False
    item.status, item.error = status, outcome.error
    if status == Status.DONE:
        batch.done += 1
    else:
        batch.failed += 1
    _settle(batch)
    _save(batch, [item])
    return True


@transaction.atomic
def go_on(*, batch_id: uuid.UUID) -> None:
    """Ask for a batch's next chunk, if there is one and the batch is to be worked on."""
    batch = lock_batch(batch_id)
    if batch is None or batch.status not in Batch.WORKING:
        return
    if batch.items.filter(status=Status.QUEUED).exists():
        send_to_workers(batch)
        batch.save(update_fields=["enqueued"])


def reap(*, now: datetime, everything: bool = False) -> int:
    """Bring back photos whose worker has gone, and batches that no worker was told of.

    Args:
        now: leases that end before are over.
        everything: no worker is left at all (the embedded process has just started): leases that
            still run, and batches told of a moment ago, count as lost too.

    Returns:
        How many batches were touched.
    """
    dead = BatchItem.objects.filter(status=Status.RUNNING)
    queued = BatchItem.objects.filter(batch=OuterRef("pk"), status=Status.QUEUED)
    waiting = Batch.objects.filter(Exists(queued), status__in=Batch.WORKING)
    if everything:
        waiting_ids = set(waiting.values_list("pk", flat=True))
    else:
        dead = JOB_LEASES.expired(dead, now=now)
        waiting_ids = set(unsent(waiting, queue="batch", now=now))
    dead_ids = set(dead.order_by().values_list("batch_id", flat=True).distinct())
    waiting_ids -= dead_ids
    for batch_id in dead_ids:
        _requeue(batch_id, dead)
    for batch_id in waiting_ids:
        go_on(batch_id=batch_id)
    return len(dead_ids | waiting_ids)


@transaction.atomic
def _requeue(batch_id: uuid.UUID, dead: QuerySet[BatchItem]) -> None:
    """Requeue a batch's photos that are among the dead still, or fail them after too often."""
    batch = lock_batch(batch_id)
    if batch is None:
        return
    with translation.override(batch.language):
        error = gettext("Colouring this photo stopped the worker several times.")
    items = list(dead.filter(batch=batch))
    for item in items:
        item.chunk = item.lease_until = None
        if JOB_LEASES.is_spent(item.attempt):
            item.status, item.error, item.finished = Status.FAILED, error, database_now()
            batch.failed += 1
        else:
            item.status = Status.QUEUED
    BatchItem.objects.bulk_update(items, ["status", "error", "chunk", "lease_until", "finished"])
    _settle(batch)
    if batch.status in Batch.WORKING:
        send_to_workers(batch)
    log.warning("chunk_requeued", batch=str(batch_id), photos=len(items))
    _save(batch, items)


def _settle(batch: Batch) -> None:
    """End a batch whose last photo has ended."""
    if batch.status in Batch.ALIVE and batch.ended >= batch.total:
        batch.status = Batch.Status.DONE if batch.done else Batch.Status.FAILED
        batch.finished = database_now()


def _save(batch: Batch, items: list[BatchItem]) -> None:
    batch.seq += 1
    batch.save()
    publish_on_commit(batch, items)


def _owned(chunk: Chunk) -> QuerySet[BatchItem]:
    """Return the photos that are still a chunk's."""
    return BatchItem.objects.filter(chunk=chunk.id, status=Status.RUNNING)
