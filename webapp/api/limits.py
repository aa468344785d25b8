"""How often somebody may call: so many requests a minute, counted in Django's cache."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from webapp.accounts.actor import Actor

_MINUTE = 60
_READING = {"GET", "HEAD", "OPTIONS"}


class Limit(BaseThrottle):
    """Requests of one kind in a minute: of a user, or of an address for all guests behind it.

    A counter rather than ninja's list of moments: one number to add to, however high the limit.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request, and tell whether it is still within the limit."""
        kind = kind_of(request)
        most = int(getattr(settings, f"API_{kind.upper()}_PER_MINUTE"))
        minute = int(time.time()) // _MINUTE
        key = f"api.limit.{kind}.{_caller(request)}.{minute}"
        cache.add(key, 0, timeout=2 * _MINUTE)
        try:
            count = cache.incr(key)
        except ValueError:  # the cache dropped it in between, for want of room
            return True
        return count <= most

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return _MINUTE - time.time() % _MINUTE


def kind_of(request: HttpRequest) -> str:
    """Return ``reads``, ``writes``, ``uploads`` or ``opinions``: each has a limit of its own."""
    if request.method in _READING:
        return "reads"
    path = request.path_info
    if path.startswith("/api/photos/") and path.endswith(("/suggestions", "/doubt")):
        return "opinions"
    is_upload = path.startswith("/api/uploads") or (path == "/api/photos")
    return "uploads" if is_upload else "writes"


def _caller(request: HttpRequest) -> str:
    """Guests count by address: a new session is had for nothing."""
    actor = getattr(request, "auth", None)
    if isinstance(actor, Actor) and actor.user is not None:
        return actor.key
    return f"address.{request.META.get('REMOTE_ADDR', '')}"
