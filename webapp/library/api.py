"""Photos over HTTP."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import PurePath
from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from webapp.accounts.actor import Actor, actor_of, ensure_actor
from webapp.library import services
from webapp.library.access import access_photo
from webapp.library.media import REVALIDATE, sealed, send_stored
from webapp.library.models import TITLE_LENGTH, Photo
from webapp.library.selectors import list_photos, revision_of, same_as
from webapp.library.thumbnails import make_thumbnail, thumbnail_etag

router = Router(tags=["photos"])


class PhotoRef(Schema):
    """Another photo, as far as one has to know to go there."""

    id: uuid.UUID
    title: str
    url: str


class PhotoOut(Schema):
    """A photo and where its pictures are.

    `same_as` is told once, when a photo has just been added: an older one with the same pixels.
    """

    id: uuid.UUID
    title: str
    width: int
    height: int
    is_grey: bool
    created: datetime
    expires_at: datetime | None
    url: str
    lightness_url: str
    thumbnail_url: str
    original_url: str
    revision: int
    same_as: PhotoRef | None = None


class PhotoPage(Schema):
    """Some of the photos, newest first, and how many there are in all."""

    items: list[PhotoOut]
    count: int


class PhotoIn(Schema):
    """What can be changed of a photo."""

    title: Annotated[str, Field(max_length=TITLE_LENGTH)]


@router.post("/photos", response={201: PhotoOut}, summary="Upload a photo")
def upload_photo(request: HttpRequest, file: Annotated[UploadedFile, File()]) -> Status[PhotoOut]:
    """Take in a JPEG, PNG, WebP or TIFF; colouring it begins at once.

    Problems: 400 `empty` or `damaged`, 413 `too_many_bytes` or `too_many_pixels`, 415
    `unsupported_format`, 422 `too_small`, `too_narrow`, `animated` or `several_pages`, 429 `quota`.
    """
    actor = ensure_actor(request)
    photo = services.add_photo(actor=actor, upload=file)
    return Status(201, describe_new(actor, photo))


@router.get("/photos", response=PhotoPage, summary="List your photos")
def get_photos(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=TITLE_LENGTH)] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> PhotoPage:
    """Return your photos, newest first; `q` looks for words in their titles."""
    photos = list_photos(actor_of(request), query=q)
    items = [describe(photo) for photo in photos[offset : offset + limit]]
    return PhotoPage(items=items, count=photos.count())


@router.get("/photos/{uuid:photo_id}", response=PhotoOut, summary="Read a photo's facts")
def get_photo(request: HttpRequest, photo_id: uuid.UUID) -> PhotoOut:
    """Return one photo's facts and addresses."""
    return describe(access_photo(actor_of(request), photo_id))


@router.patch("/photos/{uuid:photo_id}", response=PhotoOut, summary="Rename a photo")
def patch_photo(request: HttpRequest, photo_id: uuid.UUID, payload: PhotoIn) -> PhotoOut:
    """Change a photo's title."""
    photo = access_photo(actor_of(request), photo_id)
    return describe(services.rename_photo(photo=photo, title=payload.title))


@router.delete("/photos/{uuid:photo_id}", response={204: None}, summary="Delete a photo")
def delete_photo(request: HttpRequest, photo_id: uuid.UUID) -> Status[None]:
    """Delete a photo with its hints, results and files, for good."""
    services.delete_photo(photo=access_photo(actor_of(request), photo_id))
    return Status(204, None)


@router.get("/photos/{uuid:photo_id}/lightness", summary="Get a photo's lightness")
def get_lightness(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Return a grey JPEG of CIELAB's L * 2.55, at most 4096 pixels a side; it never changes."""
    photo = access_photo(actor_of(request), photo_id)
    return send_stored(request, photo.lightness, content_type="image/jpeg")


@router.get("/photos/{uuid:photo_id}/original", summary="Download a photo as it was uploaded")
def get_original(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Return the uploaded pixels as PNG, upright and in sRGB, without any metadata."""
    photo = access_photo(actor_of(request), photo_id)
    name = PurePath(f"{photo.title or photo.id}.png").name
    return send_stored(request, photo.original, content_type="image/png", filename=name)


@router.get("/photos/{uuid:photo_id}/thumbnail", summary="Get a small picture")
def get_thumbnail(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Return a JPEG of at most 320 pixels a side, in the photo's newest colours."""
    photo = access_photo(actor_of(request), photo_id)
    etag = thumbnail_etag(photo)
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(make_thumbnail(photo))
    response.headers["ETag"] = etag
    return sealed(response, content_type="image/jpeg", cache=REVALIDATE)


def describe(photo: Photo) -> PhotoOut:
    """Return a photo as the API and the pages show it."""
    return PhotoOut(
        id=photo.id,
        title=photo.title,
        width=photo.width,
        height=photo.height,
        is_grey=photo.is_grey,
        created=photo.created,
        expires_at=photo.expires_at,
        url=photo.get_absolute_url(),
        lightness_url=reverse("api:get_lightness", args=[photo.id]),
        thumbnail_url=reverse("api:get_thumbnail", args=[photo.id]),
        original_url=reverse("api:get_original", args=[photo.id]),
        revision=revision_of(photo),
    )


def describe_new(actor: Actor, photo: Photo) -> PhotoOut:
    """Return a photo that has just been added, and say if the actor had it already."""
    described = describe(photo)
    older = same_as(actor, photo)
    if older is not None:
        described.same_as = PhotoRef(id=older.id, title=older.title, url=older.get_absolute_url())
    return described
