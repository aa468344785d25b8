"""What is done with palettes: made, changed, shared, copied, deleted."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from webapp.accounts.models import User
from webapp.common.links import new_token
from webapp.palettes.access import palettes_of
from webapp.palettes.models import NAME_LENGTH, Palette


class PaletteRefusedError(ValueError):
    """A palette cannot be kept so; the message says why, for people to read.

    Attributes:
        code: for programs.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def create_palette(*, user: User | None, name: str, colors: Sequence[str]) -> Palette:
    """Keep colours by a name.

    Args:
        user: whose they are; None for a guest.
        name: not empty, and not that of another palette of the user, in whatever case.
        colors: as #rrggbb.

    Raises:
        PaletteRefusedError: for guests, with a name that is taken, or beyond the limit.
    """
    if user is None:
        raise PaletteRefusedError("sign_up", gettext("Sign up to keep palettes."))
    if palettes_of(user).count() >= settings.PALETTES_PER_USER:
        message = gettext("You have %(limit)d palettes. Delete one first.")
        raise PaletteRefusedError(
            "too_many_palettes", message % {"limit": settings.PALETTES_PER_USER}
        )
    palette = Palette(owner=user, name=name, colors=list(colors))
    _save(palette)
    return palette


def change_palette(
    *, palette: Palette, name: str | None = None, colors: Sequence[str] | None = None
) -> None:
    """Rename a palette, give it other colours, or both; None leaves a part as it is.

    Raises:
        PaletteRefusedError: the name is that of another palette of the user.
    """
    if name is not None:
        palette.name = name
    if colors is not None:
        palette.colors = list(colors)
    _save(palette)


def delete_palette(*, palette: Palette) -> None:
    """Delete a palette, and with it its link."""
    Palette.objects.filter(pk=palette.pk).delete()


def share_palette(*, palette: Palette) -> None:
    """Give a palette a link; a shared one keeps that which it has."""
    Palette.objects.filter(pk=palette.pk, token="").update(token=new_token())
    palette.refresh_from_db(fields=["token"])


def revoke_palette(*, palette: Palette) -> None:
    """Take a palette's link back: it opens nothing from now on."""
    Palette.objects.filter(pk=palette.pk).update(token="")


def copy_palette(*, palette: Palette, user: User) -> Palette:
    """Keep a copy of a palette for another user; where its name is taken, with a number.

    Raises:
        PaletteRefusedError: the user has too many.
    """
    names = {name.casefold() for name in palettes_of(user).values_list("name", flat=True)}
    name, number = palette.name, 1
    while name.casefold() in names:
        number += 1
        end = f" ({number})"
        name = palette.name[: NAME_LENGTH - len(end)] + end
    return create_palette(user=user, name=name, colors=palette.colors)


def _save(palette: Palette) -> None:
    try:
        with transaction.atomic():
            palette.save()
    except IntegrityError:
        message = gettext("You have a palette of that name already.")
        raise PaletteRefusedError("name_taken", message) from None
