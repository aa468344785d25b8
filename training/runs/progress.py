"""How far work in progress is: what its page and its websocket tell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from training.models import Run, Search, Work
from training.runs.claims import KINDS, kind_of
from training.runs.states import WorkKind, WorkState, WorkStatus


def seq_of(kind: str, work_id: str) -> int | None:
    """Return how often a piece of work has changed; None if it is gone."""
    rows = KINDS[kind].objects.filter(pk=work_id)  # type: ignore[attr-defined]
    return cast("int | None", rows.values_list("seq", flat=True).first())


def state_of(work: Work) -> WorkState:
    """Return how far a piece of work is, with all its rows."""
    rows = rows_of(work)
    return WorkState(
        kind=cast("WorkKind", kind_of(work)),
        id=str(work.pk),
        status=cast("WorkStatus", str(work.status)),
        seq=work.seq,
        done=work.done,
        total=work.total,
        seconds=work.seconds,
        error=work.error,
        best=best_of(work, rows),
        rows=rows,
    )


def rows_of(work: Work) -> list[dict[str, Any]]:
    """Return a run's measurements or a search's trials, in order; an evaluation has none."""
    if isinstance(work, Run):
        return [{"step": row.step, **row.values} for row in work.measurements.all()]
    return list(work.trials) if isinstance(work, Search) else []


def best_of(work: Work, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of a run's best step, or a search's best trial."""
    if isinstance(work, Run):
        return dict(work.best)
    return best_trial(rows) or {}


def best_trial(trials: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the complete trial with the highest value; None where none is."""
    complete = [trial for trial in trials if trial.get("state") == "complete"]
    return max(complete, key=lambda trial: float(trial["value"]), default=None)


def row_key(row: dict[str, Any]) -> Any:
    """What tells a row from the others of its work: a measurement's step, a trial's number."""
    return row["step"] if "step" in row else row.get("number")
