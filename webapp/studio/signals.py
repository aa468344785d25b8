"""A photo that has just been added is coloured at once."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from webapp.photos.models import Photo
from webapp.photos.signals import photo_added
from webapp.studio.requests import request_colorization


@receiver(photo_added, dispatch_uid="webapp.studio.photo_added")
def on_photo_added(*, photo: Photo, **_: Any) -> None:
    """Ask for the photo's first colouring.

    Raises:
        training.registry.versions.NoLiveModelError: there is no model to colour with.
    """
    request_colorization(photo=photo)
