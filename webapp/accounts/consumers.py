"""The base of every websocket that an actor opens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webapp.accounts.actor import Actor, actor_of
from webapp.common.websocket.consumer import Consumer


class ActorConsumer(Consumer):
    """A websocket about one thing that an actor may see."""

    actor: Actor

    def find_actor(self, scope: Mapping[str, Any]) -> Actor:
        """Return who opened the socket: a user, or the guest of the session."""
        return actor_of(scope)
