"""Events of a batch, from wherever it changed to the sockets that show it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Literal, TypedDict

from django.db import transaction

from webapp.batches.models import Batch, BatchItem
from webapp.batches.selectors import batch_state, item_state
from webapp.common.websocket.events import send_event
from webapp.common.websocket.messages import BatchItemState, BatchState


class BatchEvent(TypedDict):
    """What the layer carries; ``type`` names the consumer's method; no state: it is gone."""

    type: Literal["batch.changed"]
    state: BatchState | None
    items: list[BatchItemState]


def batch_group(batch_id: uuid.UUID | str) -> str:
    """Return the name of the group of sockets that show a batch."""
    return f"batch.{batch_id}"


def publish_on_commit(batch: Batch, items: Sequence[BatchItem] = ()) -> None:
    """Tell a batch's sockets how it and ``items`` stand, once this transaction is committed."""
    event = BatchEvent(
        type="batch.changed",
        state=batch_state(batch),
        items=[item_state(item) for item in items],
    )
    transaction.on_commit(partial(send_event, batch_group(batch.pk), event))


def publish_removal_on_commit(batch_id: uuid.UUID) -> None:
    """Tell a batch's sockets that it is gone, once this transaction is committed."""
    event = BatchEvent(type="batch.changed", state=None, items=[])
    transaction.on_commit(partial(send_event, batch_group(batch_id), event))
