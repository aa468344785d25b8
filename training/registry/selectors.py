"""What the public pages read: versions that are no drafts, runs with scores, finished searches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db.models import Prefetch

from training.models import Measurement, ModelVersion, Run, Search, Work
from training.registry.scores import ScoreRow, ScoreTable, score_tables

_DRAFT = ModelVersion.State.DRAFT


def find_model(name: str) -> ModelVersion:
    """Return a version that everyone may see, with its run and the run's measurements.

    Raises:
        ModelVersion.DoesNotExist: there is none of that name, or it is a draft.
    """
    measurements = Prefetch("run__measurements", Measurement.objects.order_by("step"))
    versions = ModelVersion.objects.exclude(state=_DRAFT).select_related("run")
    return versions.prefetch_related(measurements).get(name=name)


def find_run(name: str) -> Run:
    """Return a run whose scores everyone may see, with its measurements.

    Raises:
        Run.DoesNotExist: there is none of that name, or none of its scores is public.
    """
    scored = Run.objects.filter(scores__isnull=False, scores__model_version=None).distinct()
    return scored.select_related("publication").prefetch_related("measurements").get(name=name)


def public_searches() -> list[Search]:
    """Return the searches that are done, the newest first."""
    return list(Search.objects.filter(status=Work.Status.DONE))


def find_search(name: str) -> Search:
    """Return a search that is done.

    Raises:
        Search.DoesNotExist: there is none of that name.
    """
    done = Search.objects.filter(status=Work.Status.DONE)
    return done.select_related("publication").get(name=name)


def public_score_tables(
    selection: Callable[[ScoreRow], bool] = lambda row: True,
) -> list[ScoreTable]:
    """Return the tables of scores without the rows of drafts; one query.

    Args:
        selection: which of the networks; tables that have none of them are left out.
    """
    tables = []
    for table in score_tables():
        networks = [row for row in table.rows if _is_public(row) and selection(row)]
        if networks:
            free = [row for row in table.rows if row.is_training_free]
            tables.append(replace(table, rows=[*free, *networks]))
    return tables


def _is_public(row: ScoreRow) -> bool:
    model_version = row.score.model_version
    return not row.is_training_free and (model_version is None or model_version.state != _DRAFT)
