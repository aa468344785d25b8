"""The model versions over HTTP, with their scores."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from ninja import Router, Schema

from training.models import ModelVersion, Score
from training.registry.versions import published_models
from webapp.common.operations import Scope, operation
from webapp.common.paging import Limit, Offset, Page, page_of

router = Router(tags=["models"])


class ScoreOut(Schema):
    """What a model reached under one protocol; rows compare where the data are the same."""

    protocol: str
    data: str
    data_sha256: str
    pictures: int
    seconds: float
    figures: list[dict[str, Any]]
    created: datetime


class ModelOut(Schema):
    """A model version that photos are or were coloured with."""

    id: uuid.UUID
    name: str
    net: str
    sha256: str
    live: bool
    created: datetime
    card: dict[str, Any]
    scores: list[ScoreOut]


@router.get("/models", response=Page[ModelOut], summary="List the models")
@operation(Scope.MODELS_READ)
def list_models(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> dict[str, Any]:
    """Return the published model versions with their cards and scores, the live one first."""
    versions = published_models()
    prefetch_related_objects(versions[offset : offset + limit], "scores")
    return page_of(versions, _serialize, limit=limit, offset=offset)


def _serialize(version: ModelVersion) -> ModelOut:
    return ModelOut(
        id=version.id,
        name=version.name,
        net=version.net,
        sha256=version.sha256,
        live=version.is_live,
        created=version.created,
        card=version.card,
        scores=[_serialize_score(score) for score in version.scores.all()],
    )


def _serialize_score(score: Score) -> ScoreOut:
    return ScoreOut(
        protocol=score.protocol,
        data=score.data,
        data_sha256=score.data_sha256,
        pictures=score.pictures,
        seconds=score.seconds,
        figures=score.figures,
        created=score.created,
    )
