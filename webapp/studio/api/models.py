"""Which model colours a photo, over the HTTP API: the choice, and each one's colours beside it."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema

from colorizer.hints import HintSet
from training.models import ModelVersion
from webapp.accounts.actor import actor_of
from webapp.common.operations import Rate, Scope, operation
from webapp.common.problems import ProblemError
from webapp.models.selectors import choosable_models
from webapp.photos.access import access_photo
from webapp.studio.predictions import Answer, SupersededError, UnansweredError, ask
from webapp.studio.selectors import hints_of, model_for
from webapp.studio.services import choose_model

router = Router(tags=["studio"])


class PhotoModelOut(Schema):
    """A model that can colour the photo; `colors_it` where it does, `figures` from its card."""

    id: uuid.UUID
    name: str
    live: bool
    colors_it: bool
    url: str
    figures: dict[str, float]


class PhotoModelsOut(Schema):
    """The models to choose from, the live one first."""

    models: list[PhotoModelOut]


class ModelIn(Schema):
    """The model to colour the photo with; null for one's preference, or the live one."""

    model: uuid.UUID | None


class TrialOut(Schema):
    """The photo as a model colours it with its hints now.

    `data` is base64 of a JPEG at the network's size; `seconds` is what the network itself took.
    """

    model: str
    seconds: float
    data: str


@router.get(
    "/photos/{uuid:photo_id}/models",
    response=PhotoModelsOut,
    summary="List the models that can colour a photo",
)
@operation(Scope.PHOTOS_READ, errors=(404,))
def list_photo_models(request: HttpRequest, photo_id: uuid.UUID) -> PhotoModelsOut:
    """Return the models to choose from, the live one first."""
    photo = access_photo(actor_of(request), photo_id)
    now = model_for(photo)
    models = [
        PhotoModelOut(
            id=version.pk,
            name=version.name,
            live=version.is_live,
            colors_it=version.pk == now.pk,
            url=f"/models/{version.name}",
            figures=_figures(version),
        )
        for version in choosable_models()
    ]
    return PhotoModelsOut(models=models)


@router.put(
    "/photos/{uuid:photo_id}/model",
    response=PhotoModelsOut,
    summary="Choose the model of a photo",
)
@operation(Scope.PHOTOS_WRITE, errors=(404, 503))
def put_photo_model(request: HttpRequest, photo_id: uuid.UUID, body: ModelIn) -> PhotoModelsOut:
    """Have the photo coloured with a model, from now on and at once; 404 for one not to be had."""
    photo = access_photo(actor_of(request), photo_id)
    choose_model(photo=photo, model_version=_usable(body.model))
    return list_photo_models(request, photo_id)


@router.get(
    "/photos/{uuid:photo_id}/models/{uuid:model_id}/trial",
    response=TrialOut,
    summary="See a photo as another model colours it",
)
@operation(Scope.PHOTOS_READ, rate=Rate.PREDICTIONS, errors=(404, 409, 503))
def get_trial(request: HttpRequest, photo_id: uuid.UUID, model_id: uuid.UUID) -> Answer:
    """Return the photo, small, as a model colours it with the newest hints; nothing is kept.

    409 `superseded` when a newer trial of the photo took this one's place.
    """
    photo = access_photo(actor_of(request), photo_id)
    hint_set = HintSet.parse(hints_of(photo)[1])
    try:
        return ask(kind="trial", photo=photo, hint_set=hint_set, model=_usable(model_id))
    except SupersededError:
        sentence = gettext("A newer request about this photo took the place of this one.")
        raise ProblemError(409, "superseded", sentence) from None
    except UnansweredError:
        sentence = gettext("No worker had time to answer. Please try again in a moment.")
        raise ProblemError(503, "unanswered", sentence) from None


def _usable(model_id: uuid.UUID | None) -> ModelVersion | None:
    if model_id is None:
        return None
    version = choosable_models().filter(pk=model_id).first()
    if version is None:
        raise ProblemError(404)
    return version


def _figures(version: ModelVersion) -> dict[str, float]:
    """Return what its card says of it with 0 and 10 hints: PSNR in dB, under the main protocol."""
    points: Any = version.card.get("scores", {}).get("points", {})
    curve = points.get("psnr", {}).get(version.card.get("name"), {})
    return {f"psnr{amount}": curve[amount] for amount in ("@0", "@10") if amount in curve}
