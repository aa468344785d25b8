"""What the site reads of model versions."""

from __future__ import annotations

from functools import lru_cache

from django.db import DatabaseError
from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext_noop

from training.models import ModelVersion
from training.registry.versions import (
    USABLE,
    ModelUnusableError,
    NoLiveModelError,
    folder_of,
    live_model,
    verify,
)
from webapp.common.health import UNKNOWN

NO_MODEL = gettext_noop("no model is live")
MODEL_HARMED = gettext_noop("the live model's files are missing or damaged")


def choosable_models() -> QuerySet[ModelVersion]:
    """Return the model versions that may be asked for: the live one, then by age."""
    states = ModelVersion.State
    return ModelVersion.objects.filter(state__in=[states.LIVE, states.PUBLISHED]).order_by(
        Case(When(state=states.LIVE, then=0), default=1), "-created"
    )


def model_of(user_id: int | None) -> ModelVersion:
    """Return the model to colour a user's photos with: their choice while it is usable, else live.

    Args:
        user_id: whose photos; None for guests.

    Raises:
        training.registry.versions.NoLiveModelError: none is live.
    """
    if user_id is not None:
        chosen = ModelVersion.objects.filter(chosen_by=user_id, state__in=USABLE).first()
        if chosen is not None:
            return chosen
    return live_model()


def live_model_problem() -> str:
    """Return what is wrong with the live model; empty where nothing is."""
    try:
        model_version = live_model()
        stamp = max(file.stat().st_mtime_ns for file in folder_of(model_version).iterdir())
        _verified(model_version.pk, stamp)
    except NoLiveModelError:
        return NO_MODEL
    except (OSError, ModelUnusableError):
        return MODEL_HARMED
    except DatabaseError:
        return UNKNOWN
    return ""


@lru_cache(maxsize=4)
def _verified(model_id: object, stamp: int) -> None:
    """Verify the live model once for each state of its file; a failure is not remembered."""
    verify(live_model())
