"""The network's predictions over the HTTP API: colours, outlines, and uncertainty."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import Field

from colorizer.hints import HintError, HintSet
from webapp.accounts.actor import actor_of
from webapp.common.operations import Rate, Scope, operation
from webapp.common.problems import ProblemError
from webapp.photos.access import access_photo
from webapp.photos.models import Photo
from webapp.studio.predictions import (
    Answer,
    Kind,
    NoPredictionsError,
    SupersededError,
    UnansweredError,
    ask,
)
from webapp.studio.selectors import hints_of

MAX_SUGGESTIONS = 12

router = Router(tags=["studio"])

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Hints = Annotated[
    dict[str, Any] | None, Field(description="A hint set; the photo's newest if left out.")
]


class SuggestionsIn(Schema):
    """A place of the photo, relative to its width and height, and the hints to think it with."""

    x: Share
    y: Share
    count: Annotated[int, Field(ge=1, le=MAX_SUGGESTIONS)] = 6
    hints: Hints = None


class SuggestionOut(Schema):
    """A colour with the lightness of the place, and how likely it is: in all at most 1."""

    color: str
    weight: float


class SuggestionsOut(Schema):
    """Colours for a place, the likeliest first; ``model`` is the name of the model version."""

    model: str
    suggestions: list[SuggestionOut]


class UncertaintyIn(Schema):
    """The hints to think the photo coloured with."""

    hints: Hints = None


class UncertaintyOut(Schema):
    """How far off the colours may be, place by place.

    ``data`` is base64 of a grey PNG of ``width`` x ``height`` pixels over the whole photo; a pixel
    times ``unit`` is the error to expect there, in units of CIELAB's a and b.
    """

    model: str
    width: int
    height: int
    encoding: Literal["png"]
    unit: float
    data: str


class OutlineIn(Schema):
    """A place of the photo, relative to its width and height, and how much belongs to the thing."""

    x: Share = 0.5
    y: Share = 0.5
    size: Share = 0.5


class OutlineOut(Schema):
    """Corners ``[x, y]``, relative to width and height; the last is joined to the first."""

    model: str
    points: list[tuple[float, float]]


@router.post(
    "/photos/{uuid:photo_id}/suggestions",
    response=SuggestionsOut,
    summary="Suggest colours for a place",
)
@operation(Scope.PHOTOS_WRITE, rate=Rate.PREDICTIONS, errors=(404, 503))
def suggest_colors(request: HttpRequest, photo_id: uuid.UUID, body: SuggestionsIn) -> Answer:
    """Return colours that suit a place of the photo, the likeliest first.

    409 `no_opinions` where the photo's model cannot tell, 409 `superseded` when a newer request
    about the same photo took this one's place.
    """
    photo = access_photo(actor_of(request), photo_id)
    place = (body.x, body.y)
    return _answered("suggestions", photo, body.hints, place=place, count=body.count)


@router.post(
    "/photos/{uuid:photo_id}/uncertainty",
    response=UncertaintyOut,
    summary="Show where colours are unsure",
)
@operation(Scope.PHOTOS_WRITE, rate=Rate.PREDICTIONS, errors=(404, 503))
def map_uncertainty(request: HttpRequest, photo_id: uuid.UUID, body: UncertaintyIn) -> Answer:
    """Return how far off the colours may be, everywhere in the photo.

    409 `no_opinions` and `superseded` as with suggestions.
    """
    photo = access_photo(actor_of(request), photo_id)
    return _answered("uncertainty", photo, body.hints)


@router.post(
    "/photos/{uuid:photo_id}/doubt",
    response={308: None},
    summary="The old address of the uncertainty",
    deprecated=True,
)
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def doubt(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Send programs of version 0.1 on to `POST /api/photos/{id}/uncertainty`; it will go."""
    access_photo(actor_of(request), photo_id)
    return redirect("api:map_uncertainty", photo_id, permanent=True, preserve_request=True)


@router.get(
    "/photos/{uuid:photo_id}/outline", response=OutlineOut, summary="Outline the thing at a place"
)
@operation(Scope.PHOTOS_READ, rate=Rate.PREDICTIONS, errors=(404, 409, 503))
def outline_thing(
    request: HttpRequest, photo_id: uuid.UUID, place: Annotated[OutlineIn, Query()]
) -> Answer:
    """Return the thing at a place as a polygon, fit for a region of a hint set.

    `size` is from 0, what is most like the place, to 1, all that is somewhat like it. 409
    `superseded` as with suggestions.
    """
    photo = access_photo(actor_of(request), photo_id)
    no_hints = HintSet.empty.to_json()
    return _answered("outline", photo, no_hints, place=(place.x, place.y), size=place.size)


def _answered(kind: Kind, photo: Photo, hints: dict[str, Any] | None, **facts: Any) -> Answer:
    try:
        hint_set = HintSet.parse(hints_of(photo)[1] if hints is None else hints)
        return ask(kind=kind, photo=photo, hint_set=hint_set, **facts)
    except HintError as error:
        raise ProblemError(422, "bad_hints", str(error)) from None
    except NoPredictionsError as error:
        raise ProblemError(409, "no_opinions", str(error)) from None
    except SupersededError:
        sentence = gettext("A newer request about this photo took the place of this one.")
        raise ProblemError(409, "superseded", sentence) from None
    except UnansweredError:
        sentence = gettext("No worker had time to answer. Please try again in a moment.")
        raise ProblemError(503, "unanswered", sentence) from None
