"""Photos over HTTP."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import PurePath
from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from webapp.accounts.actor import Actor, actor_of, ensure_actor
from webapp.common.media import sealed, send_stored
from webapp.common.operations import FILE, Rate, Scope, operation
from webapp.photos import services
from webapp.photos.access import access_photo
from webapp.photos.addresses import photo_address
from webapp.photos.files import ORIGINALS
from webapp.photos.models import Photo
from webapp.photos.selectors import labels_on, revision_of, same_as
from webapp.photos.thumbnails import thumbnail_mark

router = Router(tags=["photos"])

MARK_LETTERS = 8


class PhotoRef(Schema):
    """Another photo, as far as one has to know to go there."""

    id: uuid.UUID
    title: str
    url: str


class LabelRef(Schema):
    """A tag or a collection of a photo."""

    id: uuid.UUID
    name: str


class MetadataOut(Schema):
    """What is known about a photo besides its pixels; empty or null where nothing is.

    Dates are ISO 8601 as far as they are known: `1943`, `1943-05`, `1943-05-12`. Place is told in
    words and in degrees.
    """

    title: str = ""
    caption: str = ""
    taken: str = ""
    digitized: str = ""
    people: list[str] = Field(default_factory=list)
    keywords: list[str] = Field(default_factory=list)
    creator: list[str] = Field(default_factory=list)
    credit: str = ""
    source: str = ""
    copyright: str = ""
    location: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    make: str = ""
    model: str = ""
    lens: str = ""
    exposure_time: float | None = None
    f_number: float | None = None
    iso: float | None = None
    focal_length: float | None = None
    dpi: tuple[float, float] | None = None


class PhotoOut(Schema):
    """A photo and where its pictures are.

    `same_as` is told once, when a photo has just been added: an older one with the same pixels.
    """

    id: uuid.UUID
    title: str
    width: int
    height: int
    bits: int = Field(description="Of a sample: 8 or 16.")
    format: str = Field(description="Of the uploaded file.")
    page: int = Field(1, description="Which of the file's pages the photo is.")
    pages: int = Field(1, description="How many pages the file has.")
    is_grey: bool
    starred: bool
    metadata: MetadataOut
    tags: list[LabelRef]
    collections: list[LabelRef]
    created: datetime
    updated: datetime
    expires_at: datetime | None
    trashed_at: datetime | None
    url: str
    lightness_url: str
    thumbnail_url: str
    original_url: str
    revision: int
    same_as: PhotoRef | None = None


@router.post("/photos", response={201: PhotoOut}, summary="Upload a photo")
@operation(Scope.PHOTOS_WRITE, rate=Rate.UPLOADS, body=FILE, admission=True, errors=(415, 507))
def upload_photo(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    page: Annotated[int, Form(ge=1, description="Of a PDF.")] = 1,
) -> Status[PhotoOut]:
    """Take in a photo (JPEG, PNG, TIFF, HEIC and more); colouring it begins at once.

    Of a PDF, the page with the number `page` is taken; the answer says how many `pages` there are.

    Problems: 400 `empty` or `damaged`, 413 `too_many_bytes` or `too_many_pixels`, 415
    `unsupported_format`, 422 `too_small`, `too_narrow`, `animated`, `several_pages`, `no_scan`,
    `no_such_page` or `encrypted`, 429 `quota`.
    """
    actor = ensure_actor(request)
    photo = services.add_photo(actor=actor, upload=file, page=page)
    return Status(201, serialize_new(actor, photo))


@router.get("/photos/{uuid:photo_id}", response=PhotoOut, summary="Read a photo's facts")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_photo(request: HttpRequest, photo_id: uuid.UUID) -> PhotoOut:
    """Return one photo's facts and addresses."""
    return serialize(access_photo(actor_of(request), photo_id))


@router.get("/photos/{uuid:photo_id}/lightness", summary="Get a photo's lightness")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_lightness(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Return a grey JPEG of CIELAB's L * 2.55, at most 4096 pixels a side; it never changes."""
    photo = access_photo(actor_of(request), photo_id)
    return send_stored(request, photo.lightness, content_type="image/jpeg")


@router.get("/photos/{uuid:photo_id}/original", summary="Download a photo as it was uploaded")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_original(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Return the uploaded file, byte for byte."""
    photo = access_photo(actor_of(request), photo_id)
    extension, content_type = ORIGINALS[photo.format]
    name = PurePath(f"{photo.title or photo.id}.{extension}").name
    return send_stored(request, photo.original, content_type=content_type, filename=name)


@router.get(
    "/photos/{uuid:photo_id}/preview", summary="Get a small picture of a photo as it came in"
)
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_photo_preview(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Return a JPEG of at most 320 pixels a side in the upload's own colours; it never changes."""
    photo = access_photo(actor_of(request), photo_id)
    return sealed(HttpResponse(services.preview(photo=photo)), content_type="image/jpeg")


@router.get("/photos/{uuid:photo_id}/image", summary="Get a photo as it has come in")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_photo_image(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponseBase:
    """Return the photo's pixels as PNG: upright, sRGB, on white, 8 or 16 bits, no metadata."""
    photo = access_photo(actor_of(request), photo_id)
    return sealed(HttpResponse(services.plain_image(photo=photo)), content_type="image/png")


def serialize(photo: Photo) -> PhotoOut:
    """Return a photo as the API and the pages show it."""
    labels = labels_on(photo)
    return PhotoOut(
        id=photo.id,
        title=photo.title,
        width=photo.width,
        height=photo.height,
        bits=photo.bits,
        format=photo.format,
        page=photo.page,
        pages=photo.pages,
        is_grey=photo.is_grey,
        starred=photo.starred,
        metadata=MetadataOut(**photo.known.to_json()),
        tags=[LabelRef(id=one.id, name=one.name) for one in labels if one.kind == "tag"],
        collections=[LabelRef(id=one.id, name=one.name) for one in labels if one.kind != "tag"],
        created=photo.created,
        updated=photo.updated,
        expires_at=photo.expires_at,
        trashed_at=photo.trashed_at,
        url=photo.get_absolute_url(),
        lightness_url=photo_address("api:get_lightness", photo.id),
        thumbnail_url=thumbnail_url(photo),
        original_url=photo_address("api:get_original", photo.id),
        revision=revision_of(photo),
    )


def thumbnail_url(photo: Photo) -> str:
    """Return the address of the small picture; another one once it looks different."""
    address = photo_address("api:get_thumbnail", photo.id)
    return f"{address}?v={thumbnail_mark(photo)[:MARK_LETTERS]}"


def serialize_new(actor: Actor, photo: Photo) -> PhotoOut:
    """Return a photo that has just been added, and say if the actor had it already."""
    serialized = serialize(photo)
    older = same_as(actor, photo)
    if older is not None:
        serialized.same_as = PhotoRef(id=older.id, title=older.title, url=older.get_absolute_url())
    return serialized
