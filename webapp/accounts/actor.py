"""Who is acting: a signed-in user, or a guest known by a random key in the session."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from webapp.accounts.models import User

GUEST_KEY = "guest_key"


@dataclass(frozen=True)
class Actor:
    """A user or a guest. ``Actor(None, "")`` is a guest who has brought nothing yet."""

    user: User | None = None
    guest_key: str = ""

    @property
    def key(self) -> str:
        """Identify the actor in group names and counters; empty for a guest without a key."""
        if self.user is not None:
            return f"user.{self.user.pk}"
        return f"guest.{self.guest_key}" if self.guest_key else ""


def actor_of(source: HttpRequest | Mapping[str, Any]) -> Actor:
    """Return who sends a request, or who opened a websocket.

    Args:
        source: a Django request, or a Channels scope that carries ``user`` and ``session``.
            Reading either may query the database, so in async code call this in a thread.
    """
    user: Any
    if isinstance(source, HttpRequest):
        user, session = source.user, source.session
    else:
        user, session = source.get("user"), source.get("session", {})
    if isinstance(user, User) and user.is_authenticated and user.is_active:
        return Actor(user=user)
    key = session.get(GUEST_KEY, "")
    return Actor(guest_key=key if isinstance(key, str) else "")


def ensure_actor(request: HttpRequest) -> Actor:
    """Return who sends ``request``, giving a guest a key to keep photos under."""
    actor = actor_of(request)
    if actor.key:
        return actor
    request.session[GUEST_KEY] = secrets.token_urlsafe(24)
    return actor_of(request)
