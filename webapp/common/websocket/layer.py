"""The channel layer of the embedded profile: in memory, and bound to the server's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from channels.layers import InMemoryChannelLayer


class LoopBoundLayer(InMemoryChannelLayer):  # type: ignore[misc]  # channels ships no types
    """An in-memory layer that other threads may send to.

    The stock layer puts messages into ``asyncio.Queue`` objects from whatever loop the sender
    runs, so that a worker thread's event wakes nobody until the server's loop happens to turn
    (up to a second later). This one remembers the loop that listens and hands every send over to
    it. Senders keep the ordinary ``async_to_sync(layer.group_send)``, the same as with Redis.
    """

    def __init__(self, **config: Any) -> None:
        super().__init__(**config)
        self._owner: asyncio.AbstractEventLoop | None = None

    async def group_add(self, group: str, channel: str) -> None:
        """Add a channel to a group; the running loop becomes the one that listens."""
        await self._own()
        await super().group_add(group, channel)

    async def receive(self, channel: str) -> dict[str, Any]:
        """Wait for a channel's next message; the running loop becomes the one that listens."""
        await self._own()
        message: dict[str, Any] = await super().receive(channel)
        return message

    async def send(self, channel: str, message: dict[str, Any]) -> None:
        """Put a message into a channel, on the loop that listens."""
        await self._on_owner(super().send(channel, message))

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        """Put a message into every channel of a group, on the loop that listens."""
        await self._on_owner(super().group_send(group, message))

    async def _own(self) -> None:
        """Bind the layer to the running loop; what a loop that has ended left behind is dropped."""
        running = asyncio.get_running_loop()
        if self._owner is running:
            return
        if self._owner is not None and not self._owner.is_closed():
            raise RuntimeError("The in-memory channel layer listens in one event loop only.")
        self._owner = running
        await self.flush()

    async def _on_owner(self, work: Coroutine[Any, Any, None]) -> None:
        owner = self._owner
        if owner is asyncio.get_running_loop():
            await work
        elif owner is None or owner.is_closed():
            work.close()  # nobody listens
        else:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, owner))
