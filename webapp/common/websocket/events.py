"""Events from wherever rows changed to the sockets that show them.

An event is a hint that rows have changed, never the truth: it may be lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

log = structlog.get_logger(__name__)


def send_event(group: str, event: Mapping[str, Any]) -> None:
    """Send an event to a group of sockets; a layer that is down is logged and no error."""
    try:
        async_to_sync(get_channel_layer().group_send)(group, dict(event))
    except Exception:  # rows are committed: a layer that is down costs promptness, nothing else
        log.exception("event_not_sent", group=group, what=event.get("what", event["type"]))
