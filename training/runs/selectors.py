"""What the lab's staff pages show."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from training.evaluation.protocols import PROTOCOLS
from training.models import DataSet, Evaluation, ModelVersion, Run, Search
from training.registry.data_sets import list_data_sets
from training.registry.scores import ScoreTable, score_tables

RECENT = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the lab has, the newest work first."""

    data_sets: list[DataSet]
    runs: list[Run]
    searches: list[Search]
    evaluations: list[Evaluation]
    models: list[ModelVersion]


def has_packages() -> bool:
    """Whether the extra ``train`` is installed; looks without importing it."""
    return all(find_spec(name) is not None for name in ("torch", "optuna"))


def overview() -> Overview:
    """Return what the lab's first page shows."""
    return Overview(
        data_sets=list_data_sets(),
        runs=_recent(Run),
        searches=_recent(Search),
        evaluations=_recent(Evaluation),
        models=list(ModelVersion.objects.select_related("run")),
    )


def _recent(model: type[Any]) -> list[Any]:
    return list(model.objects.select_related("actor")[:RECENT])


def table_of(evaluation: Evaluation) -> ScoreTable | None:
    """Return what an evaluation found as a table; None before it has ended."""
    return next(iter(score_tables(evaluation.scores.all())), None)


def scorable_names() -> list[str]:
    """Return the names of what can be scored: model versions, then runs that kept weights."""
    versions = ModelVersion.objects.values_list("name", flat=True)
    runs = Run.objects.filter(publication=None).exclude(best={}).values_list("name", flat=True)
    return list(dict.fromkeys([*versions, *runs]))


def protocols() -> dict[str, str]:
    """Return the names of what can be scored under, each with what it does."""
    return {protocol.name: protocol.about for protocol in PROTOCOLS.values()}
