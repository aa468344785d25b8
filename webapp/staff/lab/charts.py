"""Charts of work in progress, as ``<rehue-chart>`` draws them; new rows lengthen them live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from training.models import Run, Search, Work


@dataclass(frozen=True, slots=True)
class WorkChart:
    """A chart of rows.

    Attributes:
        x: the key of a row that goes along.
        y: the key that goes up.
        data: what to draw, as frontend/src/staff/chart-data.ts reads it.
    """

    x: str
    y: str
    data: dict[str, Any]


def charts_of(work: Work, rows: Sequence[dict[str, Any]]) -> list[WorkChart]:
    """Return the charts of a run or a search; an evaluation has none."""
    if isinstance(work, Run):
        figures = {
            "loss": (gettext("Loss"), gettext("mean since the last measurement")),
            "psnr": (gettext("PSNR"), gettext("dB, on the validation pictures")),
            "ssim": (gettext("SSIM"), gettext("on the validation pictures")),
            "learning_rate": (gettext("Learning rate"), ""),
        }
        return [
            _chart(rows, "step", gettext("Step"), key, title, unit)
            for key, (title, unit) in figures.items()
        ]
    if isinstance(work, Search):
        title, unit = gettext("Trials"), gettext("PSNR, dB, on the validation pictures")
        return [_chart(rows, "number", gettext("Trial"), "value", title, unit)]
    return []


def _chart(
    rows: Sequence[dict[str, Any]], x: str, x_label: str, y: str, title: str, unit: str
) -> WorkChart:
    points = [[row[x], row[y]] for row in rows if x in row and row.get(y) is not None]
    data = {
        "title": title,
        "x": {"label": x_label, "kind": "linear"},
        "y": {"label": unit},
        "series": [{"name": title, "points": points}],
    }
    return WorkChart(x, y, data)
