"""The websocket of a batch; docs/reference/websocket.md is its contract."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from pydantic import TypeAdapter

from webapp.accounts.consumers import ActorConsumer
from webapp.batches.access import BatchNotFoundError, access_batch
from webapp.batches.events import BatchEvent, batch_group
from webapp.batches.models import Batch
from webapp.batches.selectors import batch_state
from webapp.common.websocket.consumer import NoAccessError
from webapp.common.websocket.messages import (
    BATCH_CLIENT_MESSAGE,
    BatchProgressMessage,
    BatchSnapshotMessage,
)
from webapp.common.websocket.threads import in_thread


class BatchConsumer(ActorConsumer):
    """Progress out; nothing is taken in."""

    inbound: ClassVar[TypeAdapter[Any]] = BATCH_CLIENT_MESSAGE

    batch: Batch
    _seq: int = -1

    def group(self) -> str:
        """Return the group of the batch in the address."""
        return batch_group(self.batch.pk)

    def check_access(self) -> None:
        """Look the batch up as the actor's, as it is now."""
        batch_id: uuid.UUID = self.scope["url_route"]["kwargs"]["batch_id"]
        try:
            self.batch = access_batch(self.actor, batch_id)
        except BatchNotFoundError:
            raise NoAccessError from None

    async def on_open(self) -> None:
        """Send how the batch stands, read after the subscription."""
        await in_thread(self.check_access)()
        await self._send_snapshot()

    async def on_watch(self) -> None:
        """Send how the batch stands if news of it was lost; it has just been looked up."""
        if self.batch.seq > self._seq:
            await self._send_snapshot()

    async def on_close(self) -> None:
        """Do nothing: clients send nothing that would have to be finished."""

    async def batch_changed(self, event: BatchEvent) -> None:
        """Pass on what happened to the batch."""
        state = event["state"]
        if state is None:
            await self.revoke()
            return
        self._seq = max(self._seq, state["seq"])
        await self.tell(BatchProgressMessage(type="progress", items=event["items"], **state))

    async def _send_snapshot(self) -> None:
        state = batch_state(self.batch)
        self._seq = state["seq"]
        await self.tell(BatchSnapshotMessage(type="snapshot", **state))
