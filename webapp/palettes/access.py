"""The only ways to a palette: its owner's, by id, and anybody's who has its token."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from webapp.accounts.models import User
from webapp.palettes.models import Palette


class PaletteNotFoundError(Exception):
    """There is no such palette, it is not shared, or it is another user's: which is not said."""


def palettes_of(user: User) -> QuerySet[Palette]:
    """Return the palettes of ``user``, by name."""
    return Palette.objects.filter(owner=user)


def access_palette(user: User | None, palette_id: uuid.UUID) -> Palette:
    """Return a palette of ``user``.

    Raises:
        PaletteNotFoundError: it does not exist, or is another user's.
    """
    palette = palettes_of(user).filter(pk=palette_id).first() if user else None
    if palette is None:
        raise PaletteNotFoundError
    return palette


def open_palette(token: str) -> Palette:
    """Return the palette whose link somebody followed.

    Raises:
        PaletteNotFoundError: no palette has the token, or its owner's account is closed.
    """
    palette = Palette.objects.filter(token=token, owner__is_active=True).first()
    if palette is None:
        raise PaletteNotFoundError
    return palette
