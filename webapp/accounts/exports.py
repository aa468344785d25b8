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
from django.db.models import F, QuerySet
from django.utils import timezone

from webapp.accounts import mail
from webapp.accounts.archive import pieces_of
from webapp.accounts.models import DataExport, User
from webapp.runtime.queue import enqueue

log = structlog.get_logger(__name__)

FOLDER = "exports"
TASK = "accounts.export"
LEASE = timedelta(minutes=2)
ATTEMPTS = 3


class TooManyExports(Exception):
    """The user has asked for as many exports today as they may."""


def request_export(*, user: User, site: str) -> DataExport:
    """Ask for a ZIP of all of a user's data; one that is being made already is returned.

    Args:
        user: whose data.
        site: the site's address as the user sees it, for the link in the mail.

    Raises:
        TooManyExports: there were enough today (``EXPORTS_PER_DAY``).
    """
    alive = user.exports.filter(status__in=DataExport.ALIVE).first()
    if alive is not None:
        return alive
    day = timezone.now() - timedelta(days=1)
    if user.exports.filter(created__gt=day).count() >= settings.EXPORTS_PER_DAY:
        raise TooManyExports
    try:
        with transaction.atomic():
            export = DataExport.objects.create(
                user=user, site=site[:200], lease_until=timezone.now() + LEASE
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
    key = f"{FOLDER}/{export.pk}.zip"
    try:
        size = _write(export, key)
    except Exception:  # the disk is full, a file is gone: told on the page, noted here
        log.exception("export_failed", export=str(export.pk))
        _mine(export).update(status=DataExport.Status.FAILED)
        return
    expires = timezone.now() + timedelta(days=settings.EXPORT_RETENTION_DAYS)
    ready = {"status": DataExport.Status.READY, "file": key, "bytes": size, "expires_at": expires}
    if not _mine(export).update(**ready):
        default_storage.delete(key)
        return
    _delete_older(export)
    context = {"link": f"{export.site.rstrip('/')}/account/data", "expires": expires}
    mail.send(user=export.user, template="accounts/mail/export_ready", context=context)


def revive_exports(*, now: datetime) -> None:
    """Ask again for exports whose worker has gone, a few times."""
    for export in DataExport.objects.filter(status__in=DataExport.ALIVE, lease_until__lt=now):
        tired = export.attempt >= ATTEMPTS
        status = DataExport.Status.FAILED if tired else DataExport.Status.QUEUED
        with transaction.atomic():
            if _mine(export).update(status=status, lease_until=now + LEASE) and not tired:
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
    claimed = queued.update(
        status=DataExport.Status.RUNNING,
        attempt=F("attempt") + 1,
        lease_until=timezone.now() + LEASE,
    )
    return DataExport.objects.select_related("user").get(pk=export_id) if claimed else None


def _mine(export: DataExport) -> QuerySet[DataExport]:
    """The row, as long as it is this attempt's."""
    return DataExport.objects.filter(
        pk=export.pk, attempt=export.attempt, status__in=DataExport.ALIVE
    )


def _write(export: DataExport, key: str) -> int:
    """Write the ZIP and return its size; the lease is renewed on the way."""
    renew_at = timezone.now() + LEASE / 4
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        for piece in pieces_of(export.user):
            file.write(piece)
            if timezone.now() > renew_at:
                renew_at = timezone.now() + LEASE / 4
                _mine(export).update(lease_until=timezone.now() + LEASE)
        size = file.tell()
        file.seek(0)
        default_storage.save(key, File(file, name=key))
    return size


def _delete_older(export: DataExport) -> None:
    for older in export.user.exports.exclude(pk=export.pk).exclude(status__in=DataExport.ALIVE):
        if older.file:
            default_storage.delete(older.file)
            DataExport.objects.filter(pk=older.pk).update(file="", expires_at=timezone.now())


def _delete(export: DataExport) -> None:
    default_storage.delete(export.file or f"{FOLDER}/{export.pk}.zip")
    export.delete()
