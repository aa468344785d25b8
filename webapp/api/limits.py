"""How often somebody may call: so many requests a minute, counted in Django's cache."""

from __future__ import annotations

import math
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext
from ninja.throttling import BaseThrottle

from webapp.accounts.actor import Actor, actor_of
from webapp.common.operations import declaration_of
from webapp.common.problems import ProblemError
from webapp.studio.turns import stroke_load

_MINUTE = 60


class Limit(BaseThrottle):
    """Requests of one kind in a minute: of a user, or of an address for all guests behind it.

    A counter rather than ninja's list of moments: one number to add to, however high the limit.
    """

    def allow_request(self, request: HttpRequest) -> bool:
        """Count the request, and tell whether it is still within the limit.

        Raises:
            ProblemError: 503, for something new while the site has more to do than it can.
        """
        declared = declaration_of(request)
        if declared.admission:
            admit(_actor(request))
        limit = int(getattr(settings, declared.rate))
        minute = int(time.time()) // _MINUTE
        key = f"api.limit.{declared.rate}.{_caller(request)}.{minute}"
        cache.add(key, 0, timeout=2 * _MINUTE)
        try:
            count = cache.incr(key)
        except ValueError:  # the cache dropped it in between, for want of room
            return True
        return count <= limit

    def wait(self) -> float:
        """Return the seconds until the next minute begins."""
        return _MINUTE - time.time() % _MINUTE


def admit(actor: Actor) -> None:
    """See that the site can take on something new; pieces of what has begun go on arriving.

    Raises:
        ProblemError: 503, when the actor's strokes would wait for so long that it is no fun.
    """
    load = stroke_load(actor)
    if load.is_heavy:
        message = gettext("Many people are painting at the moment. Please try again in a moment.")
        seconds = math.ceil(load.seconds)
        raise ProblemError(503, "busy", message, retry_after=seconds)


def _actor(request: HttpRequest) -> Actor:
    actor = getattr(request, "auth", None)
    return actor if isinstance(actor, Actor) else actor_of(request)


def _caller(request: HttpRequest) -> str:
    """Guests count by address: a new session is had for nothing."""
    actor = _actor(request)
    if actor.user is not None:
        return actor.key
    return f"address.{request.META.get('REMOTE_ADDR', '')}"
