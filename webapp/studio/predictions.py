"""What the network thinks of a photo, asked of a worker while somebody waits for the answer.

A request and its answer pass through the cache and are kept nowhere: what is lost is asked
again. Per photo and kind one is worked on and one waits; a newer one takes the place of that one.
Requests have a queue of their own, which workers look into when no stroke waits.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Literal

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext

from colorizer.hints import HintSet
from colorizer.model import ModelError
from training.models import ModelVersion
from training.registry.versions import NoLiveModelError, has_distribution
from webapp.common.queue import enqueue
from webapp.photos.models import Photo
from webapp.studio.selectors import model_for

log = structlog.get_logger(__name__)

Kind = Literal["suggestions", "uncertainty", "outline", "trial"]
Answer = dict[str, Any]

LOOK_SECONDS = 0.01
"""How often who waits looks for the answer at first; later less often."""
LONGEST_LOOK_SECONDS = 0.08


class NoPredictionsError(Exception):
    """The model that colours the photo has none; the message says so."""

    def __init__(self) -> None:
        super().__init__(
            gettext("The photo's model cannot suggest colours or show where it is unsure.")
        )


class SupersededError(Exception):
    """A newer request about the same photo took this one's place."""


class UnansweredError(Exception):
    """No worker has answered in time, or the one that tried has failed."""


@dataclass(frozen=True, slots=True)
class PredictionRequest:
    """What is asked about a photo with its hints.

    ``place`` is for suggestions and outlines, ``count`` for suggestions, ``size`` for outlines.
    """

    id: uuid.UUID
    kind: Kind
    photo_id: uuid.UUID
    model_id: uuid.UUID
    hints: dict[str, Any]
    place: tuple[float, float] = (0.5, 0.5)
    count: int = 0
    size: float = 0.5

    def to_json(self) -> dict[str, Any]:
        """Return what the cache keeps of it."""
        ids = {"id": str(self.id), "photo_id": str(self.photo_id), "model_id": str(self.model_id)}
        return asdict(self) | ids

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PredictionRequest:
        """Return what the cache has kept."""
        ids = {name: uuid.UUID(data[name]) for name in ("id", "photo_id", "model_id")}
        x, y = data["place"]
        return cls(**data | ids | {"place": (x, y)})


def has_predictions(photo: Photo) -> bool:
    """Tell whether the model that colours ``photo`` can be asked anything."""
    try:
        return has_distribution(model_for(photo))
    except NoLiveModelError:
        return False


def ask(
    *,
    kind: Kind,
    photo: Photo,
    hint_set: HintSet,
    place: tuple[float, float] = (0.5, 0.5),
    count: int = 0,
    size: float = 0.5,
    model: ModelVersion | None = None,
) -> Answer:
    """Ask a worker about a photo, and wait for what it answers.

    Args:
        kind: what is asked.
        photo: about which photo.
        hint_set: the hints to think it coloured with.
        place: where a colour or a thing is wanted, relative to width and height.
        count: how many colours at most.
        size: of the thing, from 0 to 1.
        model: who is asked; the one that colours the photo if left out.

    Returns:
        What :func:`webapp.studio.inference.prediction` returned, and the ``model``'s name.

    Raises:
        NoPredictionsError: the photo's model gives none.
        SupersededError: somebody asks something newer about the photo.
        UnansweredError: it took too long, or failed.
        training.registry.versions.NoLiveModelError: there is no model at all.
    """
    model = model or model_for(photo)
    if kind in {"suggestions", "uncertainty"} and not has_distribution(model):
        raise NoPredictionsError
    request = PredictionRequest(
        uuid.uuid4(), kind, photo.pk, model.pk, hint_set.to_json(), place, count, size
    )
    put(request)
    enqueue("studio.predict", request.id, queue="predictions")
    return _wait_for(request) | {"model": model.name}


def put(request: PredictionRequest) -> None:
    """Leave a request where a worker finds it, in the place of an older one of its kind."""
    cache.set(_newest_key(request), str(request.id), timeout=settings.PREDICTION_WAIT_SECONDS)
    cache.set(_request_key(request.id), request.to_json(), timeout=settings.PREDICTION_WAIT_SECONDS)


@contextmanager
def claimed(request_id: uuid.UUID) -> Iterator[PredictionRequest | None]:
    """Take a request; an error inside the ``with`` block is told to who waits.

    Yields:
        The request, or None when nobody waits for its answer any more.
    """
    waiting: dict[str, Any] | None = cache.get(_request_key(request_id))
    if waiting is None:
        yield None
        return
    taken = PredictionRequest.from_json(waiting)
    cache.delete(_request_key(request_id))
    if cache.get(_newest_key(taken)) != str(request_id):
        answer(request=taken, status="superseded")
        yield None
        return
    try:
        yield taken
    except ModelError:
        answer(request=taken, status="no_predictions")
    except Exception:  # whatever it was, somebody waits for an answer
        log.exception("prediction_failed", photo=str(taken.photo_id), kind=taken.kind)
        answer(request=taken, status="failed")


def answer(
    *, request: PredictionRequest, status: str = "done", prediction: Answer | None = None
) -> None:
    """Hand the answer to who waits for it."""
    cache.set(
        _answer_key(request.id), [status, prediction], timeout=settings.PREDICTION_WAIT_SECONDS
    )


def _wait_for(request: PredictionRequest) -> Answer:
    end = time.monotonic() + settings.PREDICTION_WAIT_SECONDS
    pause = LOOK_SECONDS
    while (reply := cache.get(_answer_key(request.id))) is None:
        if time.monotonic() > end:
            raise UnansweredError
        time.sleep(pause)
        pause = min(LONGEST_LOOK_SECONDS, pause * 1.25)
    cache.delete(_answer_key(request.id))
    status, prediction = reply
    if status == "done" and prediction is not None:
        return dict(prediction)
    raise {"superseded": SupersededError, "no_predictions": NoPredictionsError}.get(
        status, UnansweredError
    )


def _request_key(request_id: uuid.UUID) -> str:
    return f"prediction.request.{request_id}"


def _answer_key(request_id: uuid.UUID) -> str:
    return f"prediction.answer.{request_id}"


def _newest_key(request: PredictionRequest) -> str:
    return f"prediction.newest.{request.kind}.{request.photo_id}"
