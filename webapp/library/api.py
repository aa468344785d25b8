"""Photos over HTTP."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from pathlib import PurePath
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field, model_validator

from webapp.accounts.actor import Actor, actor_of, ensure_actor
from webapp.library import services
from webapp.library.access import access_photo, find_kept
from webapp.library.addresses import photo_address
from webapp.library.labels import set_labels
from webapp.library.listing import BadCursor, Sort, Wanted, ids_of, matching, page_of
from webapp.library.media import IMMUTABLE, REVALIDATE, sealed, send_stored
from webapp.library.models import LABEL_LENGTH, TITLE_LENGTH, Label, Photo
from webapp.library.selectors import labels_on, revision_of, same_as
from webapp.library.thumbnails import thumbnail_mark, thumbnail_of
from webapp.library.trash import trash_photos
from webapp.problems import Problem

router = Router(tags=["photos"])

MARK_LETTERS = 8
MOST_LABELS = 50
MOST_IDS = 10_000


class PhotoRef(Schema):
    """Another photo, as far as one has to know to go there."""

    id: uuid.UUID
    title: str
    url: str


class LabelRef(Schema):
    """A tag or a collection of a photo."""

    id: uuid.UUID
    name: str


class PhotoOut(Schema):
    """A photo and where its pictures are.

    `same_as` is told once, when a photo has just been added: an older one with the same pixels.
    """

    id: uuid.UUID
    title: str
    width: int
    height: int
    is_grey: bool
    starred: bool
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


class PhotoPage(Schema):
    """Some of the photos, how many there are in all, and the cursor of the page after these."""

    items: list[PhotoOut]
    count: int
    next: str | None


class PhotoSearch(Schema):
    """Which photos, and in which order."""

    q: Annotated[str, Field(max_length=TITLE_LENGTH, description="Words of the title.")] = ""
    sort: Sort = "newest"
    starred: bool = False
    tag: Annotated[str, Field(max_length=LABEL_LENGTH)] = ""
    collection: uuid.UUID | None = None
    model: Annotated[str, Field(max_length=100, description="Of the newest colours.")] = ""
    since: Annotated[date | None, Field(description="First day of upload, in UTC.")] = None
    until: Annotated[date | None, Field(description="Last day of upload, in UTC.")] = None
    trash: Annotated[bool, Field(description="Those in the trash instead.")] = False

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        names = ("sort", "starred", "tag", "collection", "model", "since", "until", "trash")
        return Wanted(query=self.q, **{name: getattr(self, name) for name in names})


class PhotoQuery(PhotoSearch):
    """Which photos, in which order, and how many; `cursor` goes on where a page ended."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    cursor: Annotated[str, Field(max_length=2000)] = ""


class PhotoIds(Schema):
    """The photos that a search finds, in its order, and how many there are in all."""

    ids: list[uuid.UUID]
    count: int


class PhotoPatch(Schema):
    """What can be changed of a photo; what is left out stays."""

    title: Annotated[str, Field(max_length=TITLE_LENGTH)] = ""
    starred: bool = False
    tags: Annotated[list[str], Field(max_length=MOST_LABELS, description="All of them.")] = Field(
        default_factory=list
    )
    collections: Annotated[list[str], Field(max_length=MOST_LABELS, description="By name.")] = (
        Field(default_factory=list)
    )

    @model_validator(mode="after")
    def _not_empty(self) -> PhotoPatch:
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        return self


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
def get_photos(request: HttpRequest, query: Query[PhotoQuery]) -> PhotoPage:
    """Return photos of yours; go on with `cursor`, which photos that come and go do not shift."""
    actor, wanted = actor_of(request), query.wanted()
    try:
        page = page_of(actor, wanted, cursor=query.cursor, offset=query.offset, size=query.limit)
    except BadCursor:
        raise Problem(422, "bad_cursor", gettext("The list cannot go on from there.")) from None
    items = [describe(photo) for photo in page.items]
    return PhotoPage(items=items, count=matching(actor, wanted).count(), next=page.after)


@router.get("/photos/ids", response=PhotoIds, summary="List the ids of a search")
def get_photo_ids(request: HttpRequest, query: Query[PhotoSearch]) -> PhotoIds:
    """Return the ids of all photos that a search finds, at most 10,000 of them."""
    actor, wanted = actor_of(request), query.wanted()
    ids = ids_of(actor, wanted, most=MOST_IDS)
    count = len(ids) if len(ids) < MOST_IDS else matching(actor, wanted).count()
    return PhotoIds(ids=ids, count=count)


@router.get("/photos/{uuid:photo_id}", response=PhotoOut, summary="Read a photo's facts")
def get_photo(request: HttpRequest, photo_id: uuid.UUID) -> PhotoOut:
    """Return one photo's facts and addresses."""
    return describe(access_photo(actor_of(request), photo_id))


@router.patch("/photos/{uuid:photo_id}", response=PhotoOut, summary="Change a photo's facts")
def patch_photo(request: HttpRequest, photo_id: uuid.UUID, payload: PhotoPatch) -> PhotoOut:
    """Change a photo's title, star, tags or collections; tags and collections are made if new."""
    actor = actor_of(request)
    photo = access_photo(actor, photo_id)
    with transaction.atomic():
        if "title" in payload.model_fields_set:
            services.rename_photo(photo=photo, title=payload.title)
        if "starred" in payload.model_fields_set:
            services.star_photo(photo=photo, starred=payload.starred)
        for kind, names in (("tag", payload.tags), ("collection", payload.collections)):
            if f"{kind}s" in payload.model_fields_set:
                set_labels(actor=actor, photo=photo, kind=Label.Kind(kind), names=names)
    return describe(photo)


@router.delete("/photos/{uuid:photo_id}", response={204: None}, summary="Delete a photo")
def delete_photo(request: HttpRequest, photo_id: uuid.UUID, for_good: bool = False) -> Status[None]:
    """Put a photo into the trash, or delete it with its hints, results and files, for good."""
    actor = actor_of(request)
    photo = access_photo(actor, photo_id)
    if for_good:
        services.delete_photo(photo=photo, by=actor.user)
    else:
        trash_photos(actor=actor, ids=[photo.pk])
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
def get_thumbnail(
    request: HttpRequest, photo_id: uuid.UUID, v: Annotated[str, Query(max_length=40)] = ""
) -> HttpResponseBase:
    """Return a JPEG of at most 320 pixels a side, in the photo's newest colours.

    `thumbnail_url` of a photo carries `v`, and then the answer may be kept for good. Photos in the
    trash have theirs.
    """
    photo = find_kept(actor_of(request), photo_id)
    mark = thumbnail_mark(photo)
    etag = f'"{photo.pk}-{mark}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(thumbnail_of(photo))
    response.headers["ETag"] = etag
    cache = IMMUTABLE if v and v == mark[:MARK_LETTERS] else REVALIDATE
    return sealed(response, content_type="image/jpeg", cache=cache)


def describe(photo: Photo) -> PhotoOut:
    """Return a photo as the API and the pages show it."""
    labels = labels_on(photo)
    return PhotoOut(
        id=photo.id,
        title=photo.title,
        width=photo.width,
        height=photo.height,
        is_grey=photo.is_grey,
        starred=photo.starred,
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


def describe_new(actor: Actor, photo: Photo) -> PhotoOut:
    """Return a photo that has just been added, and say if the actor had it already."""
    described = describe(photo)
    older = same_as(actor, photo)
    if older is not None:
        described.same_as = PhotoRef(id=older.id, title=older.title, url=older.get_absolute_url())
    return described
