"""The network's opinions over the HTTP API: colours for a place, and where it is unsure."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Router, Schema
from pydantic import Field

from colorizer.hints import HintError, HintSet
from webapp.accounts.actor import actor_of
from webapp.library.access import access_photo
from webapp.library.models import Photo
from webapp.problems import Problem
from webapp.studio.opinions import Answer, Kind, NoOpinions, Superseded, Unanswered, ask
from webapp.studio.selectors import hints_of

MOST_SUGGESTIONS = 12

router = Router(tags=["studio"])

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Hints = Annotated[
    dict[str, Any] | None, Field(description="A hint set; the photo's newest if left out.")
]


class SuggestionsIn(Schema):
    """A place of the photo, relative to its width and height, and the hints to think it with."""

    x: Share
    y: Share
    count: Annotated[int, Field(ge=1, le=MOST_SUGGESTIONS)] = 6
    hints: Hints = None


class SuggestionOut(Schema):
    """A colour with the lightness of the place, and how likely it is: in all at most 1."""

    color: str
    weight: float


class SuggestionsOut(Schema):
    """Colours for a place, the likeliest first; ``model`` is the name of the model version."""

    model: str
    suggestions: list[SuggestionOut]


class DoubtIn(Schema):
    """The hints to think the photo coloured with."""

    hints: Hints = None


class DoubtOut(Schema):
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


@router.post(
    "/photos/{uuid:photo_id}/suggestions",
    response=SuggestionsOut,
    summary="Suggest colours for a place",
)
def suggest_colors(request: HttpRequest, photo_id: uuid.UUID, body: SuggestionsIn) -> Answer:
    """Return colours that suit a place of the photo, the likeliest first.

    409 `no_opinions` where the photo's model cannot tell, 409 `superseded` when a newer request
    about the same photo took this one's place.
    """
    photo = access_photo(actor_of(request), photo_id)
    place = (body.x, body.y)
    return _answered("suggestions", photo, body.hints, place=place, count=body.count)


@router.post(
    "/photos/{uuid:photo_id}/doubt", response=DoubtOut, summary="Tell where colours are unsure"
)
def map_doubt(request: HttpRequest, photo_id: uuid.UUID, body: DoubtIn) -> Answer:
    """Return how far off the colours may be, everywhere in the photo.

    409 `no_opinions` and `superseded` as with suggestions.
    """
    photo = access_photo(actor_of(request), photo_id)
    return _answered("doubt", photo, body.hints)


def _answered(kind: Kind, photo: Photo, hints: dict[str, Any] | None, **facts: Any) -> Answer:
    try:
        hint_set = HintSet.parse(hints_of(photo)[1] if hints is None else hints)
        return ask(kind=kind, photo=photo, hint_set=hint_set, **facts)
    except HintError as error:
        raise Problem(422, "bad_hints", str(error)) from None
    except NoOpinions as error:
        raise Problem(409, "no_opinions", str(error)) from None
    except Superseded:
        sentence = gettext("A newer request about this photo took the place of this one.")
        raise Problem(409, "superseded", sentence) from None
    except Unanswered:
        sentence = gettext("No worker had time to answer. Please try again in a moment.")
        raise Problem(503, "unanswered", sentence) from None
