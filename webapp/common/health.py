"""What stands in the way of colouring a photo, part by part; apps register parts of their own."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_noop

from webapp.common.celery import app
from webapp.common.disk import has_room
from webapp.common.workers import reaper_late, worker_alive

BROKER_SECONDS = 2
DATABASE_AWAY = gettext_noop("the database does not answer")
UNKNOWN = gettext_noop("unknown while the database does not answer")
MIGRATIONS = gettext_noop("migrations have to be applied")
BROKER_AWAY = gettext_noop("the broker does not answer")
REAPER_LATE = gettext_noop("nothing has looked for what dead workers left lately")
DISK_FULL = gettext_noop("there is no room left on the disk")
NO_WORKER = gettext_noop("no worker has answered lately")

Check = Callable[[], str]


def register(name: str, check: Check) -> None:
    """Remember a part of the site and how it is checked: what is wrong with it, or nothing."""
    _checks[name] = check


def problems() -> dict[str, str]:
    """Return for each part what stands in the way of colouring a photo; empty where all is well."""
    return {name: check() for name, check in _checks.items()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return DATABASE_AWAY
    return ""


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return UNKNOWN
    return MIGRATIONS if pending else ""


def _broker() -> str:
    if settings.EMBEDDED:
        return ""
    try:
        with app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except Exception:  # every transport has its own family of errors
        return BROKER_AWAY
    return ""


def _worker() -> str:
    try:
        return "" if worker_alive() else NO_WORKER
    except DatabaseError:
        return UNKNOWN


def _reaper() -> str:
    return REAPER_LATE if reaper_late() else ""


def _disk() -> str:
    return "" if has_room() else DISK_FULL


_checks: dict[str, Check] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
    "reaper": _reaper,
    "disk": _disk,
}
