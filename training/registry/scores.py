"""Scores: what evaluations found, kept in the site's database and put together as tables."""

from __future__ import annotations

import functools
import importlib.metadata
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from training.evaluation.protocols import PROTOCOLS, TRAINING_FREE, Cell, Protocol, gains
from training.evaluation.protocols import method_of as method_of
from training.models import ModelVersion, Run, Score

if TYPE_CHECKING:
    from training.evaluation.methods import Subject  # it brings ONNX Runtime along

_CODE = ("colorizer", "training")
_DATA_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One row of a table of scores.

    Attributes:
        score: the row as it is kept.
        cells: the figures of each column, under their names; empty where it has none.
        gains: PSNR above the better of ``levin`` and ``prior`` in each column, in dB; None where
            there is none to tell.
    """

    score: Score
    cells: list[dict[str, float]]
    gains: list[float | None]

    @property
    def is_training_free(self) -> bool:
        """Whether nothing was learnt for this row."""
        return not self.score.subject_sha256


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """Scores that compare: one protocol, the same pictures.

    Attributes:
        protocol: which.
        data: what the pictures were called when they were last scored.
        data_sha256: their fingerprint.
        pictures: how many.
        columns: headings.
        rows: training-free ones first, then networks, the best first.
    """

    protocol: Protocol
    data: str
    data_sha256: str
    pictures: int
    columns: list[str]
    rows: list[ScoreRow]


def save_scores(
    *,
    protocol: Protocol,
    results: dict[str, list[Cell]],
    subjects: Sequence[Subject],
    data: str,
    data_sha256: str,
    pictures: int,
) -> list[Score]:
    """Keep what an evaluation found; a row that was scored before on the same pictures is replaced.

    Args:
        protocol: that was played.
        results: for each row its cells.
        subjects: the networks among the rows.
        data: what people call the pictures.
        data_sha256: their fingerprint.
        pictures: how many there were.
    """
    by_name = {subject.name: subject for subject in subjects}
    with transaction.atomic():
        return [
            Score.objects.update_or_create(
                protocol=protocol.name,
                method=row,
                subject_sha256=subject.sha256 if subject else "",
                data_sha256=data_sha256,
                pictures=pictures,
                defaults={
                    "data": data[:_DATA_LENGTH],
                    "hints_seed": protocol.hints_seed,
                    "code_version": code_version(),
                    "figures": [{"column": c.column.label, **c.to_json()} for c in cells],
                    "seconds": _mean_seconds(cells),
                    "publication": None,
                    **_links(subject),
                },
            )[0]
            for row, cells in results.items()
            for subject in (by_name.get(method_of(row)),)
        ]


def score_tables(selection: QuerySet[Score] | None = None) -> list[ScoreTable]:
    """Return scores as tables, those on most pictures first; one query.

    Args:
        selection: which scores; all if left out.
    """
    scores = Score.objects.all() if selection is None else selection
    groups: dict[tuple[str, str, int], list[Score]] = defaultdict(list)
    for score in scores.select_related("model_version", "run").order_by("created"):
        if score.protocol in PROTOCOLS:
            groups[score.protocol, score.data_sha256, score.pictures].append(score)
    order = list(PROTOCOLS)
    tables = [_table(scores) for scores in groups.values()]
    return sorted(tables, key=lambda table: (order.index(table.protocol.name), -table.pictures))


@functools.cache
def code_version() -> str:
    """Return the version of the package and, in a checkout, its commit.

    ``+dirty`` follows where ``colorizer`` or ``training`` have changes that are not committed.
    """
    version = importlib.metadata.version("rehue")
    if not (Path(settings.BASE_DIR) / ".git").exists():
        return version
    commit = _git("rev-parse", "--short=12", "HEAD")
    if commit is None:
        return version
    return f"{version} {commit}{'+dirty' if _git('status', '--porcelain', '--', *_CODE) else ''}"


def _git(*arguments: str) -> str | None:
    """What git says in the checkout; None where there is no git, or it fails."""
    command = ["git", "-C", str(settings.BASE_DIR), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _links(subject: Subject | None) -> dict[str, Any]:
    """The model version and the run that a scored network belongs to."""
    if subject is None:
        return {"model_version": None, "run": None}
    versions = ModelVersion.objects.filter(sha256=subject.sha256)
    runs = (
        run for run in Run.objects.filter(publication=None) if run.path == subject.path.resolve()
    )
    return {
        "model_version": versions.filter(name=subject.name).first() or versions.first(),
        "run": next(runs, None),
    }


def _mean_seconds(cells: Iterable[Cell]) -> float:
    seconds = [cell.figures["seconds"] for cell in cells if "seconds" in cell.figures]
    return sum(seconds) / len(seconds) if seconds else 0.0


def _table(scores: list[Score]) -> ScoreTable:
    latest = scores[-1]
    protocol = PROTOCOLS[latest.protocol]
    columns = [column.label for column in protocol.columns]
    cells = {score.pk: _cells(score, columns) for score in scores}
    psnr = {pk: [cell.get("psnr") for cell in row] for pk, row in cells.items()}
    rivals = {score.method: psnr[score.pk] for score in scores if not score.subject_sha256}
    rows = [ScoreRow(score, cells[score.pk], _gains(psnr[score.pk], rivals)) for score in scores]
    return ScoreTable(
        protocol=protocol,
        data=latest.data,
        data_sha256=latest.data_sha256,
        pictures=latest.pictures,
        columns=columns,
        rows=sorted(rows, key=_order),
    )


def _cells(score: Score, columns: list[str]) -> list[dict[str, float]]:
    known = {cell["column"]: cell for cell in score.figures}
    return [
        {key: value for key, value in known.get(column, {}).items() if key != "column"}
        for column in columns
    ]


def _gains(psnr: list[float | None], rivals: dict[str, list[float | None]]) -> list[float | None]:
    unknown: list[float | None] = [None] * len(psnr)
    among = {
        "row": psnr,
        "levin": rivals.get("levin", unknown),
        "prior": rivals.get("prior", unknown),
    }
    return gains(among, "row")


def _order(row: ScoreRow) -> tuple[bool, int, float, str]:
    """Training-free rows as in every table, other such rows, then networks, the best first.

    The best have the highest mean of the first column's main figure.
    """
    method, main = row.score.method, PROTOCOLS[row.score.protocol].columns[0].main
    known = TRAINING_FREE.index(method) if method in TRAINING_FREE else len(TRAINING_FREE)
    values = [cell[main] for cell in row.cells if main in cell]
    mean = sum(values) / len(values) if values else 0.0
    return not row.is_training_free, known, -mean, method
