"""Who and what a line of the log is about: the request, the actor and the task, through Celery.

The words are structlog's context variables. A task carries those of the request that asked for it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from celery.signals import before_task_publish, task_postrun, task_prerun
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import bind_contextvars, clear_contextvars, get_contextvars

HEADER = "X-Request-ID"
CARRIED = ("request", "actor")
_PREFIX = "rehue_"


class LogMiddleware:
    """Give each request an id, which its log lines and its answer show."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Bind the id, and the user's number once it is known."""
        clear_contextvars()
        request_id = uuid.uuid4().hex
        bind_contextvars(request=request_id)
        try:
            response = self._get_response(request)
        finally:
            clear_contextvars()
        response.headers[HEADER] = request_id
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        """Bind who asks, where a session says so: a number, never a name."""
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            bind_contextvars(actor=f"user.{user.pk}")


@before_task_publish.connect(dispatch_uid="webapp.common.logs")  # type: ignore[untyped-decorator]  # celery ships no types
def on_publish(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Let a task carry what its log lines are about."""
    if headers is not None:
        bound = get_contextvars()
        headers.update({_PREFIX + name: bound[name] for name in CARRIED if name in bound})


@task_prerun.connect(dispatch_uid="webapp.common.logs")  # type: ignore[untyped-decorator]
def on_start(task_id: str = "", task: Any = None, args: Any = (), **_: Any) -> None:
    """Bind what a task is about: its own id, what it was asked to do, and who asked."""
    clear_contextvars()
    bind_contextvars(task=task_id, name=task.name, about=args[0] if args else None)
    for name in CARRIED:
        carried = task.request.get(_PREFIX + name)
        if carried:
            bind_contextvars(**{name: carried})


@task_postrun.connect(dispatch_uid="webapp.common.logs")  # type: ignore[untyped-decorator]
def on_end(**_: Any) -> None:
    """Leave nothing to the next task."""
    clear_contextvars()
