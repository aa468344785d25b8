"""What the network thinks of a photo, asked of a worker while somebody waits for the answer.

An ask and its answer pass through the cache and are kept nowhere: what is lost is asked again. Per
photo and kind one is worked on and one waits; a newer one takes the place of the one that waits.
Asks have a queue of their own, which workers look into when no stroke waits.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext

from colorizer.hints import HintSet
from colorizer.model import ModelError
from training.registry import NoLiveModel, gives_opinions
from webapp.library.models import Photo
from webapp.runtime.queue import enqueue
from webapp.studio.selectors import model_for

log = structlog.get_logger(__name__)

Kind = Literal["suggestions", "doubt"]
Answer = dict[str, Any]

LOOK_SECONDS = 0.01
"""How often who waits looks for the answer at first; later less often."""
LONGEST_LOOK_SECONDS = 0.08


class NoOpinions(Exception):
    """The model that colours the photo has none; the message says so."""

    def __init__(self) -> None:
        super().__init__(
            gettext("The model that colours this photo cannot suggest colours or tell doubt.")
        )


class Superseded(Exception):
    """A newer ask about the same photo took this one's place."""


class Unanswered(Exception):
    """No worker has answered in time, or the one that tried has failed."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about a photo with its hints; ``place`` and ``count`` are for suggestions."""

    id: uuid.UUID
    kind: Kind
    photo_id: uuid.UUID
    model_id: uuid.UUID
    hints: dict[str, Any]
    place: tuple[float, float] = (0.5, 0.5)
    count: int = 0


def has_opinions(photo: Photo) -> bool:
    """Tell whether the model that colours ``photo`` can be asked anything."""
    try:
        return gives_opinions(model_for(photo))
    except NoLiveModel:
        return False


def ask(
    *,
    kind: Kind,
    photo: Photo,
    hint_set: HintSet,
    place: tuple[float, float] = (0.5, 0.5),
    count: int = 0,
) -> Answer:
    """Ask a worker about a photo, and wait for what it answers.

    Args:
        kind: what is asked.
        photo: about which photo.
        hint_set: the hints to think it coloured with.
        place: where a colour is wanted, relative to width and height.
        count: how many colours at most.

    Returns:
        What :func:`webapp.studio.inference.opinion` found, and the ``model``'s name.

    Raises:
        NoOpinions: the photo's model gives none.
        Superseded: somebody asks something newer about the photo.
        Unanswered: it took too long, or failed.
        training.registry.NoLiveModel: there is no model at all.
    """
    model = model_for(photo)
    if not gives_opinions(model):
        raise NoOpinions
    asked = Ask(uuid.uuid4(), kind, photo.pk, model.pk, hint_set.to_json(), place, count)
    put(asked)
    enqueue("studio.give_opinion", asked.id, queue="opinions")
    return _wait_for(asked) | {"model": model.name}


def put(ask: Ask) -> None:
    """Leave an ask where a worker finds it, in the place of an older one about the same photo."""
    cache.set(_newest_key(ask), ask.id, timeout=settings.OPINION_WAIT_SECONDS)
    cache.set(_ask_key(ask.id), ask, timeout=settings.OPINION_WAIT_SECONDS)


@contextmanager
def asked(ask_id: uuid.UUID) -> Iterator[Ask | None]:
    """Take an ask; an error inside the ``with`` block is told to who waits.

    Yields:
        The ask, or None when nobody waits for its answer any more.
    """
    taken: Ask | None = cache.get(_ask_key(ask_id))
    if taken is None:
        yield None
        return
    cache.delete(_ask_key(ask_id))
    if cache.get(_newest_key(taken)) != ask_id:
        answer(ask=taken, status="superseded")
        yield None
        return
    try:
        yield taken
    except ModelError:
        answer(ask=taken, status="no_opinions")
    except Exception:  # whatever it was, somebody waits for an answer
        log.exception("opinion_failed", photo=str(taken.photo_id), kind=taken.kind)
        answer(ask=taken, status="failed")


def answer(*, ask: Ask, status: str = "done", opinion: Answer | None = None) -> None:
    """Hand the answer to who waits for it."""
    cache.set(_answer_key(ask.id), (status, opinion), timeout=settings.OPINION_WAIT_SECONDS)


def _wait_for(asked: Ask) -> Answer:
    end = time.monotonic() + settings.OPINION_WAIT_SECONDS
    pause = LOOK_SECONDS
    while (found := cache.get(_answer_key(asked.id))) is None:
        if time.monotonic() > end:
            raise Unanswered
        time.sleep(pause)
        pause = min(LONGEST_LOOK_SECONDS, pause * 1.25)
    cache.delete(_answer_key(asked.id))
    status, opinion = found
    if status == "done" and opinion is not None:
        return dict(opinion)
    raise {"superseded": Superseded, "no_opinions": NoOpinions}.get(status, Unanswered)


def _ask_key(ask_id: uuid.UUID) -> str:
    return f"opinion.ask.{ask_id}"


def _answer_key(ask_id: uuid.UUID) -> str:
    return f"opinion.answer.{ask_id}"


def _newest_key(ask: Ask) -> str:
    return f"opinion.newest.{ask.kind}.{ask.photo_id}"
