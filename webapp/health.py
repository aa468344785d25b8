"""Is the site alive, and is it ready? For supervisors and load balancers."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from training.registry import ModelUnusable, NoLiveModel, folder_of, live_model, verify
from webapp.celery import app
from webapp.runtime.health import worker_alive

BROKER_SECONDS = 2
DATABASE_AWAY = gettext_noop("the database does not answer")
UNKNOWN = gettext_noop("unknown while the database does not answer")
MIGRATIONS = gettext_noop("migrations have to be applied")
BROKER_AWAY = gettext_noop("the broker does not answer")
NO_WORKER = gettext_noop("no worker has answered lately")
NO_MODEL = gettext_noop("no model is live")
MODEL_HARMED = gettext_noop("the live model's files are missing or damaged")

log = structlog.get_logger(__name__)


@require_safe
@never_cache
async def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the server's loop answers; looks at nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether a photo could be coloured now; 503 and what stands in the way if not."""
    checks = problems()
    ready = not any(checks.values())
    if not ready:
        log.warning("not_ready", **checks)
    body = {"status": "ok" if ready else "not ready"}
    return JsonResponse(
        body | {"checks": {name: problem or "ok" for name, problem in checks.items()}},
        status=200 if ready else 503,
    )


def problems() -> dict[str, str]:
    """Return for each part what stands in the way of colouring a photo; empty where all is well."""
    return {name: check() for name, check in _CHECKS.items()}


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


def _model() -> str:
    try:
        model_version = live_model()
        stamp = (folder_of(model_version) / "model.onnx").stat().st_mtime_ns
        _verified(model_version.pk, stamp)
    except NoLiveModel:
        return NO_MODEL
    except (OSError, ModelUnusable):
        return MODEL_HARMED
    except DatabaseError:
        return UNKNOWN
    return ""


@lru_cache(maxsize=4)
def _verified(model_id: object, stamp: int) -> None:
    """Verify the live model once for each state of its file; a failure is not remembered."""
    verify(live_model())


_CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "broker": _broker,
    "worker": _worker,
    "model": _model,
}
