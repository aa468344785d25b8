"""Which photos may give their colours to another."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext

from colorizer.hints import HintError
from webapp.accounts.actor import Actor
from webapp.photos.access import photos_of
from webapp.photos.models import Photo


def check_references(*, photo: Photo, ids: set[str]) -> None:
    """See that photos can give ``photo`` their colours.

    One that was there when it was taken may go later: then it gives nothing.

    Raises:
        HintError: one is not there, or has no colours; the message says so.
    """
    check_colors_of(actor=Actor(user=photo.owner, guest_key=photo.guest_key), ids=ids)


def check_colors_of(*, actor: Actor, ids: Collection[str]) -> None:
    """See that photos of ``actor`` have colours to give.

    Raises:
        HintError: one is not there, or has no colours; the message says so.
    """
    grey = dict(photos_of(actor).filter(pk__in=ids).values_list("pk", "is_grey"))
    if len(grey) < len(set(ids)):
        raise HintError(gettext("The photo to take colours from is not there any more."))
    if any(grey.values()):
        raise HintError(gettext("That photo is grey itself: it has no colours to give."))
