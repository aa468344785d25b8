"""Palettes over HTTP."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import AfterValidator, Field, StringConstraints

from webapp.accounts.actor import actor_of
from webapp.common.operations import Scope, operation
from webapp.common.problems import ProblemError
from webapp.palettes.access import PaletteNotFoundError, access_palette, palettes_of
from webapp.palettes.models import NAME_LENGTH, Palette
from webapp.palettes.services import (
    PaletteRefusedError,
    change_palette,
    create_palette,
    delete_palette,
    revoke_palette,
    share_palette,
)

router = Router(tags=["palettes"])

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=NAME_LENGTH)
]
Color = Annotated[str, StringConstraints(pattern="^#[0-9a-fA-F]{6}$"), AfterValidator(str.lower)]
Colors = Annotated[list[Color], Field(max_length=settings.COLORS_PER_PALETTE)]


class PaletteIn(Schema):
    """A name, and colours as `#rrggbb`."""

    name: Name
    colors: Colors = Field(default_factory=list)


class PaletteChanges(Schema):
    """What is to change; null or left out stays as it is."""

    name: Name | None = None
    colors: Colors | None = None


class PaletteOut(Schema):
    """Colours kept by a name; `url` is the link to them, or null where they are not shared."""

    id: uuid.UUID
    name: str
    colors: list[str]
    url: str | None


class PalettesOut(Schema):
    """The palettes of a user, by name; guests have none."""

    palettes: list[PaletteOut]


@router.get("/palettes", response=PalettesOut, summary="List palettes")
@operation(Scope.PHOTOS_READ)
def list_palettes(request: HttpRequest) -> PalettesOut:
    """Return one's palettes, by name; guests have none."""
    user = actor_of(request).user
    mine = palettes_of(user) if user else ()
    return PalettesOut(palettes=[_serialize(request, palette) for palette in mine])


@router.post("/palettes", response={201: PaletteOut}, summary="Keep a palette")
@operation(Scope.PHOTOS_WRITE, errors=(409,))
def add_palette(request: HttpRequest, body: PaletteIn) -> Status[PaletteOut]:
    """Keep colours by a name; 409 for guests, a name that is taken, and beyond the limit."""
    try:
        palette = create_palette(user=actor_of(request).user, name=body.name, colors=body.colors)
    except PaletteRefusedError as error:
        raise ProblemError(409, error.code, str(error)) from None
    return Status(201, _serialize(request, palette))


@router.patch("/palettes/{uuid:palette_id}", response=PaletteOut, summary="Change a palette")
@operation(Scope.PHOTOS_WRITE, errors=(404, 409))
def patch_palette(request: HttpRequest, palette_id: uuid.UUID, body: PaletteChanges) -> PaletteOut:
    """Rename a palette, or give it other colours; 409 where the name is taken."""
    palette = _palette(request, palette_id)
    try:
        change_palette(palette=palette, name=body.name, colors=body.colors)
    except PaletteRefusedError as error:
        raise ProblemError(409, error.code, str(error)) from None
    return _serialize(request, palette)


@router.delete("/palettes/{uuid:palette_id}", response={204: None}, summary="Delete a palette")
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def remove_palette(request: HttpRequest, palette_id: uuid.UUID) -> Status[None]:
    """Delete a palette, and with it its link."""
    delete_palette(palette=_palette(request, palette_id))
    return Status(204, None)


@router.post(
    "/palettes/{uuid:palette_id}/share", response=PaletteOut, summary="Share a palette by a link"
)
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def post_palette_share(request: HttpRequest, palette_id: uuid.UUID) -> PaletteOut:
    """Give a palette a link; a shared one keeps that which it has."""
    palette = _palette(request, palette_id)
    share_palette(palette=palette)
    return _serialize(request, palette)


@router.delete(
    "/palettes/{uuid:palette_id}/share", response={204: None}, summary="Take a palette's link back"
)
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def delete_palette_share(request: HttpRequest, palette_id: uuid.UUID) -> Status[None]:
    """Take a palette's link back: it opens nothing from now on."""
    revoke_palette(palette=_palette(request, palette_id))
    return Status(204, None)


def _palette(request: HttpRequest, palette_id: uuid.UUID) -> Palette:
    try:
        return access_palette(actor_of(request).user, palette_id)
    except PaletteNotFoundError:
        raise ProblemError(404) from None


def _serialize(request: HttpRequest, palette: Palette) -> PaletteOut:
    url = request.build_absolute_uri(palette.get_absolute_url()) if palette.token else None
    return PaletteOut(id=palette.id, name=palette.name, colors=palette.colors, url=url)
