"""Who is acting: a signed-in user, or a guest known by a random key in the session."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from webapp.accounts.models import User

GUEST_KEY = "guest_key"


@dataclass(frozen=True)
class Actor:
    """A user or a guest. ``Actor(None, "")`` is a guest who has brought nothing yet."""

    user: User | None = None
    guest_key: str = ""
    network: str = field(default="", compare=False)
    """Where a guest comes from, as :func:`network_of` has it: sessions are had for nothing."""

    @property
    def key(self) -> str:
        """Identify the actor in group names and counters; empty for a guest without a key."""
        if self.user is not None:
            return f"user.{self.user.pk}"
        return f"guest.{self.guest_key}" if self.guest_key else ""

    @property
    def turn_key(self) -> str:
        """Identify whose turn it is: all guests of a network have one between them."""
        return self.key if self.user is not None or not self.network else f"at.{self.network}"


def actor_of(source: HttpRequest | Mapping[str, Any]) -> Actor:
    """Return who sends a request, or who opened a websocket.

    Args:
        source: a Django request, or a Channels scope that carries ``user`` and ``session``.
            Reading either may query the database, so in async code call this in a thread.
    """
    user: Any
    if isinstance(source, HttpRequest):
        user, session = source.user, source.session
        address = source.META.get("REMOTE_ADDR", "")
    else:
        user, session = source.get("user"), source.get("session", {})
        address = (source.get("client") or ("",))[0]
    if isinstance(user, User) and user.is_authenticated and user.is_active:
        return Actor(user=user)
    key = session.get(GUEST_KEY, "")
    return Actor(guest_key=key if isinstance(key, str) else "", network=network_of(address))


def network_of(address: str) -> str:
    """Return a word for the network of an address, from which the address cannot be told.

    It is one address of IPv4, and the 64 leading bits of IPv6, which one household has. Empty for
    what is no address.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    bits = 64 if ip.version == 6 else 32
    network = ipaddress.ip_network((ip, bits), strict=False)
    return salted_hmac("accounts.network", str(network)).hexdigest()[:24]


def ensure_actor(request: HttpRequest) -> Actor:
    """Return who sends ``request``, giving a guest a key to keep photos under."""
    actor = actor_of(request)
    if actor.key:
        return actor
    request.session[GUEST_KEY] = secrets.token_urlsafe(24)
    return actor_of(request)
