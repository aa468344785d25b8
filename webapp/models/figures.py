"""Scores and measurements as the pages show them: tables of words, and the data of charts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from training.models import Measurement
from training.registry.scores import ScoreRow, ScoreTable
from webapp.models.labels import FIGURES, PROTOCOLS, STATES, TRIAL, LabelText

GREY = "grey"
MEAN = "mean"


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One figure in words; empty where the row has none."""

    value: str = ""
    error: str = ""
    gain: str = ""
    is_better: bool = False


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A method's figures; ``url`` leads to what is known of a network."""

    name: str
    url: str
    is_muted: bool
    is_live: bool
    has_weights: bool
    cells: list[ShownCell]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One figure of a protocol: a row a method, a column an amount of hints."""

    title: LabelText
    columns: list[str]
    rows: list[ShownRow]


@dataclass(frozen=True, slots=True)
class ShownScores:
    """One table of scores: what was measured on which pictures, its figures, its chart."""

    table: ScoreTable
    title: LabelText
    about: LabelText
    figures: list[FigureTable]
    chart: dict[str, Any]


def show_scores(table: ScoreTable) -> ShownScores:
    """Put one table of scores into words and a chart."""
    name = table.protocol.name
    title, about, counted = PROTOCOLS.get(name, (name, table.protocol.about, ""))
    figures = [tabled for figure in FIGURES if (tabled := _figure_table(table, figure)).rows]
    return ShownScores(table, title, about, figures, _psnr_chart(table, counted))


def curves(measurements: Iterable[Measurement]) -> list[dict[str, Any]]:
    """Return the charts of a training: its loss, and PSNR on the validation pictures."""
    rows = list(measurements)
    if not rows:
        return []
    amounts = [key for key in rows[-1].values if key.startswith("psnr ")]
    psnr = [_curve(rows, "psnr", _("mean")), *(_curve(rows, key, key[5:]) for key in amounts)]
    for series in psnr[1:]:
        series["muted"] = True
    return [
        _over_steps(
            _("Loss"), _("loss on the training pictures"), [_curve(rows, "loss", _("loss"))]
        ),
        _over_steps(_("Validation"), _("PSNR on the validation pictures, dB"), psnr),
    ]


def trials_table(trials: Iterable[dict[str, Any]]) -> list[list[tuple[LabelText, LabelText]]]:
    """Return a search's trials, the best first, each as pairs of heading and value."""
    return [
        [(heading, _trial_value(trial, key, form)) for key, (heading, form) in TRIAL.items()]
        for trial in sorted(trials, key=_rank)
    ]


def _rank(trial: dict[str, Any]) -> tuple[bool, float]:
    """Trials that ended come before those that did not, each with the highest value first."""
    value = trial.get("value")
    return trial.get("state") != "complete", float("inf") if value is None else -value


def _trial_value(trial: dict[str, Any], key: str, form: str) -> LabelText:
    value = trial.get(key)
    if value is None:
        return "–"
    return STATES.get(value, value) if key == "state" else f"{value:{form}}"


def _figure_table(table: ScoreTable, figure: str) -> FigureTable:
    title, digits = FIGURES[figure]
    at = [n for n, column in enumerate(table.protocol.columns) if figure in column.figures]
    return FigureTable(
        title=title,
        columns=[table.columns[n] for n in at],
        rows=[
            ShownRow(
                name=row.score.method,
                url=_url(row),
                is_muted=row.is_training_free,
                is_live=bool(row.score.model_version and row.score.model_version.is_live),
                has_weights=row.score.publication_id is None
                or row.score.model_version_id is not None,
                cells=[_cell(row, n, figure, digits) for n in at],
            )
            for row in table.rows
            if any(figure in row.cells[n] for n in at)
        ],
    )


def _cell(row: ScoreRow, n: int, figure: str, digits: int) -> ShownCell:
    cell = row.cells[n]
    if figure not in cell:
        return ShownCell()
    error = cell.get(f"{figure}_error")
    gain = row.gains[n] if figure == "psnr" and not row.is_training_free else None
    return ShownCell(
        value=f"{cell[figure]:.{digits}f}",
        error="" if error is None else f"±{error:.{digits}f}",
        gain="" if gain is None else f"{gain:+.2f}".replace("-", "−"),
        is_better=gain is not None and gain > 0,
    )


def _url(row: ScoreRow) -> str:
    """Where a network's page is; a draft has none yet."""
    version = row.score.model_version
    if version is not None:
        is_draft = version.state == version.State.DRAFT
        return "" if is_draft else reverse("model", args=[version.name])
    return reverse("model_run", args=[row.score.run.name]) if row.score.run else ""


def _psnr_chart(table: ScoreTable, counted: LabelText) -> dict[str, Any]:
    """PSNR over the amounts of hints, a line a method that takes hints."""
    series = []
    for row in table.rows:
        if row.score.method == GREY:  # the same everywhere: it would only press the others together
            continue
        points = [
            [column, cell["psnr"]]
            for column, cell in zip(table.columns, row.cells, strict=True)
            if "psnr" in cell and column != MEAN
        ]
        if points:
            series.append(
                {"name": row.score.method, "points": points, "muted": row.is_training_free}
            )
    return {
        "title": _("PSNR of each method"),
        "x": {"label": counted, "kind": "category"},
        "y": {"label": _("dB, mean over the pictures")},
        "series": series,
    }


def _over_steps(title: str, label: str, series: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "title": title,
        "x": {"label": _("step"), "kind": "linear"},
        "y": {"label": label},
        "series": series,
    }


def _curve(rows: list[Measurement], key: str, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "points": [[row.step, row.values[key]] for row in rows if key in row.values],
    }
