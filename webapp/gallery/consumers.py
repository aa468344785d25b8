"""The websocket of one's photos; docs/reference/websocket.md is its contract."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import Count, Max
from pydantic import TypeAdapter

from webapp.accounts.actor import Actor
from webapp.accounts.consumers import ActorConsumer
from webapp.common.websocket.consumer import NoAccessError
from webapp.common.websocket.messages import MY_CLIENT_MESSAGE, MySnapshotMessage, PhotosMessage
from webapp.common.websocket.threads import in_thread
from webapp.photos.access import photos_of
from webapp.photos.events import PhotosEvent, owner_group


class MyConsumer(ActorConsumer):
    """News of the actor's photos, whichever window or worker made them; nothing is taken in."""

    inbound: ClassVar[TypeAdapter[Any]] = MY_CLIENT_MESSAGE

    _opened_as: str = ""

    def group(self) -> str:
        """Return the group of the actor."""
        return owner_group(self.actor.key)

    def check_access(self) -> None:
        """Let in whoever may have photos; a socket stays with whom it was opened by."""
        if not self.actor.key or self.actor.key != (self._opened_as or self.actor.key):
            raise NoAccessError
        self._opened_as = self.actor.key

    async def on_open(self) -> None:
        """Tell where things stand, so that who was away sees whether anything was missed."""
        await self.tell(await in_thread(my_snapshot)(self.actor))

    async def on_watch(self) -> None:
        """Tell again: an event may have been lost."""
        await self.tell(await in_thread(my_snapshot)(self.actor))

    async def on_close(self) -> None:
        """Do nothing: clients send nothing that would have to be finished."""

    async def photos_changed(self, event: PhotosEvent) -> None:
        """Pass on what happened to the actor's photos."""
        message = PhotosMessage(type="photos", what=event["what"], ids=event["ids"])
        await self.guarded(self.tell(message))


def my_snapshot(actor: Actor) -> MySnapshotMessage:
    """Return how many photos an actor has, and a mark of their state."""
    facts = photos_of(actor).aggregate(count=Count("pk"), newest=Max("updated"))
    newest = facts["newest"].isoformat() if facts["newest"] else ""
    return MySnapshotMessage(
        type="snapshot", count=facts["count"], mark=f"{facts['count']}-{newest}"
    )
