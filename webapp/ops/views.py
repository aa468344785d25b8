"""Is the site alive, and is it ready? For supervisors and load balancers."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from webapp.common.health import problems

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
