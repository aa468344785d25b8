"""What a page is told of work in progress; plain values, for the websocket's schema too."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

WorkKind = Literal["run", "search", "evaluation"]
WorkStatus = Literal["queued", "running", "done", "failed", "cancelled"]


class WorkState(TypedDict):
    """A run, search or evaluation: how far it is, and its rows.

    ``done`` of ``total`` are steps, trials or pictures; ``best`` are figures, ``rows`` a run's
    measurements or a search's trials.
    """

    kind: WorkKind
    id: str
    status: WorkStatus
    seq: int
    done: int
    total: int
    seconds: float
    error: str
    best: dict[str, Any]
    rows: list[dict[str, Any]]
