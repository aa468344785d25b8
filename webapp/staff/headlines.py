"""The models with the few figures that tell them apart; all of them are on the Models page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any
from uuid import UUID

from training.models import ModelVersion, Score
from training.registry.scores import method_of
from training.registry.versions import model_before, published_models
from webapp.models.labels import PROTOCOLS, LabelText

FIGURES = ("psnr", "ssim", "ciede2000")
_MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Headline:
    """A model's means over all amounts of hints of one protocol; None where nothing is known."""

    title: LabelText
    pictures: int
    psnr: float | None
    ssim: float | None
    ciede2000: float | None


@dataclass(frozen=True, slots=True)
class ShownModel:
    """A model version and its headlines, one a protocol."""

    version: ModelVersion
    headlines: list[Headline]


@dataclass(frozen=True, slots=True)
class Models:
    """What may be live: the version that is, the one that was before it, and all others."""

    live: ShownModel | None
    before: ModelVersion | None
    others: list[ShownModel]


def models() -> Models:
    """Return every version that is no draft with its headlines; three queries."""
    versions = published_models()
    scores = _scores_of(versions)
    shown = [ShownModel(version, _headlines(version, scores[version.pk])) for version in versions]
    live = shown.pop(0) if shown and shown[0].version.is_live else None
    return Models(live, model_before(), shown)


def headlines_of(version: ModelVersion) -> list[Headline]:
    """Return one version's headlines."""
    return _headlines(version, _scores_of([version])[version.pk])


def _scores_of(versions: Iterable[ModelVersion]) -> dict[UUID | None, dict[str, Score]]:
    """For each version and protocol the score on most pictures."""
    found: dict[UUID | None, dict[str, Score]] = defaultdict(dict)
    for score in Score.objects.filter(model_version__in=versions).order_by("pictures", "created"):
        if score.method == method_of(score.method):  # as it comes, not played in another way
            found[score.model_version_id][score.protocol] = score
    return found


def _headlines(version: ModelVersion, scores: Mapping[str, Score]) -> list[Headline]:
    if not scores:
        return _of_card(version.card)
    return [
        _headline(protocol, score.pictures, {name: _means(score, name) for name in FIGURES})
        for protocol in PROTOCOLS
        if (score := scores.get(protocol)) is not None
    ]


def _means(score: Score, name: str) -> dict[str, float]:
    return {cell["column"]: cell[name] for cell in score.figures if cell.get(name) is not None}


def _of_card(card: Mapping[str, Any]) -> list[Headline]:
    """What the card of a model that was scored elsewhere says, as the shipped one does."""
    reported = card.get("scores")
    if not isinstance(reported, dict):
        return []
    name = card.get("name", "")
    return [
        _headline(
            protocol,
            reported[protocol].get("pictures", 0),
            {figure: reported[protocol].get(figure, {}).get(name, {}) for figure in FIGURES},
        )
        for protocol in PROTOCOLS
        if protocol in reported
    ]


def _headline(protocol: str, pictures: int, columns: Mapping[str, Mapping[str, float]]) -> Headline:
    means = {
        name: values[_MEAN] if _MEAN in values else fmean(values.values())
        for name, values in columns.items()
        if values
    }
    return Headline(PROTOCOLS[protocol][0], pictures, *(means.get(name) for name in FIGURES))
