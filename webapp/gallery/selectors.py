"""What the gallery reads beside its lists."""

from __future__ import annotations

from webapp.accounts.actor import Actor
from webapp.photos.access import photos_of


def models_of(actor: Actor) -> list[str]:
    """Return the names of the models that coloured the actor's photos."""
    names = photos_of(actor).filter(chroma__isnull=False).order_by("chroma__model_version__name")
    return list(names.values_list("chroma__model_version__name", flat=True).distinct())
