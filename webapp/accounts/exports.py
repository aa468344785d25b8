"""Exports of a user's own data: asked for, made by a worker, fetched, and cleared away."""

from __future__ import annotations

import tempfile
import uuid
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from training.leases import QUEUED, Lease, LeaseLostError, database_now, owned, renewing
from webapp.accounts import mail
from webapp.accounts.archive import pieces_of
from webapp.accounts.models import DataExport, User
from webapp.common.leases import JOB_LEASES
from webapp.common.queue import enqueue

log = structlog.get_logger(__name__)

FOLDER = "exports"
TASK = "accounts.export"
RESEND = timedelta(minutes=2)
"""An export that no worker took for so long is sent again; ``lease_until`` says when."""


class ExportLimitError(Exception):
    """The user has asked for as many exports today as they may."""


def request_export(*, user: User, site: str) -> DataExport:
    """Ask for a ZIP of all of a user's data; one that is being made already is returned.

    Args:
        user: whose data.
        site: the site's address as the user sees it, for the link in the mail.

    Raises:
        ExportLimitError: there were enough today (``EXPORTS_PER_DAY``).
    """
    alive = user.exports.filter(status__in=DataExport.ALIVE).first()
    if alive is not None:
        return alive
    day = timezone.now() - timedelta(days=1)
    if user.exports.filter(created__gt=day).count() >= settings.EXPORTS_PER_DAY:
        raise ExportLimitError
    try:
        with transaction.atomic():
            export = DataExport.objects.create(
                user=user, site=site[:200], lease_until=database_now() + RESEND
            )
            enqueue(TASK, export.pk)
    except IntegrityError:  # somebody pressed twice, and the other request was quicker
        return user.exports.get(status__in=DataExport.ALIVE)
    return export


def make_export(*, export_id: uuid.UUID) -> None:
    """Make the ZIP of an export, unless another worker does; then write to its user."""
    export = _claim(export_id)
    if export is None:
        return
    key = _key(export, export.attempt)
    with renewing(Lease(JOB_LEASES, owned(export)), f"export-{export.pk}") as lease:
        try:
            size = _write(export, key, lease)
        except LeaseLostError:
            log.info("export_lost", export=str(export.pk), attempt=export.attempt)
            return
        except Exception:  # the disk is full, a file is gone: shown on the page, logged here
            log.exception("export_failed", export=str(export.pk))
            JOB_LEASES.end(owned(export), DataExport.Status.FAILED)
            return
        expires = timezone.now() + timedelta(days=settings.EXPORT_RETENTION_DAYS)
        ready = {"file": key, "bytes": size, "expires_at": expires}
        if not JOB_LEASES.end(owned(export), DataExport.Status.READY, **ready):
            default_storage.delete(key)
            return
    _delete_older(export)
    context = {"link": f"{export.site.rstrip('/')}/account/data", "expires": expires}
    mail.send(user=export.user, template="accounts/mail/export_ready", context=context)


def requeue_exports(*, now: datetime) -> None:
    """Give exports whose worker has gone to another, a few times; send again what still waits."""
    for export in JOB_LEASES.expired(DataExport.objects.all(), now=now):
        if JOB_LEASES.is_spent(export.attempt):
            JOB_LEASES.end(owned(export), DataExport.Status.FAILED)
        else:
            JOB_LEASES.end(owned(export), QUEUED, lease_until=now)
    for export in DataExport.objects.filter(status=QUEUED, lease_until__lte=now):
        waiting = DataExport.objects.filter(pk=export.pk, status=QUEUED)
        with transaction.atomic():
            if waiting.update(lease_until=now + RESEND):
                enqueue(TASK, export.pk)


def purge_exports(*, now: datetime) -> None:
    """Delete exports that have been kept long enough, with their files."""
    for export in DataExport.objects.filter(expires_at__lte=now):
        _delete(export)


def delete_exports(user: User) -> None:
    """Delete all exports of a user, with their files."""
    for export in user.exports.all():
        _delete(export)


def _claim(export_id: uuid.UUID) -> DataExport | None:
    queued = DataExport.objects.filter(pk=export_id, status=DataExport.Status.QUEUED)
    if not JOB_LEASES.claim(queued, now=database_now()):
        return None
    return DataExport.objects.select_related("user").get(pk=export_id)


def _key(export: DataExport, attempt: int) -> str:
    """Return where an attempt writes: one that lost its lease touches no other's file."""
    return f"{FOLDER}/{export.pk}-{attempt}.zip"


def _write(export: DataExport, key: str, lease: Lease) -> int:
    """Write the ZIP and return its size."""
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        for piece in pieces_of(export.user):
            lease.check()
            file.write(piece)
        size = file.tell()
        file.seek(0)
        default_storage.save(key, File(file, name=key))
    return size


def _delete_older(export: DataExport) -> None:
    for older in export.user.exports.exclude(pk=export.pk).exclude(status__in=DataExport.ALIVE):
        _delete_files(older)
        if older.file:
            DataExport.objects.filter(pk=older.pk).update(file="", expires_at=timezone.now())


def _delete_files(export: DataExport) -> None:
    """Delete the ZIP, and what attempts left that were killed behind their last step."""
    if export.file:
        default_storage.delete(export.file)
    for attempt in range(1, export.attempt + 1):
        default_storage.delete(_key(export, attempt))


def _delete(export: DataExport) -> None:
    _delete_files(export)
    export.delete()
