"""Photos over HTTP, as lists of them show and change them; see also :mod:`webapp.photos.api`."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext
from ninja import Query, Schema, Status
from pydantic import Field, model_validator

from colorizer.metadata.fields import MAX_NAME, MAX_NAMES, MAX_TEXT
from webapp.accounts.actor import actor_of
from webapp.common.media import IMMUTABLE, REVALIDATE, sealed
from webapp.common.operations import Scope, operation
from webapp.common.problems import ProblemError
from webapp.gallery.labels import set_labels
from webapp.gallery.listing import InvalidCursorError, PhotoFilter, Sort, ids_of, matching, page_of
from webapp.gallery.trash import trash_photos
from webapp.photos import services
from webapp.photos.access import access_photo, find_including_trashed
from webapp.photos.api import MARK_LETTERS, PhotoOut, serialize
from webapp.photos.api import router as router
from webapp.photos.models import LABEL_LENGTH, TITLE_LENGTH, Label, Photo
from webapp.photos.thumbnails import thumbnail_mark
from webapp.studio.thumbnails import thumbnail_of

MAX_LABELS = 50
MAX_IDS = 10_000
DATE = r"^(\d{4}(-\d\d(-\d\d)?)?)?$"


Name = Annotated[str, Field(max_length=MAX_NAME)]


class PhotoPage(Schema):
    """Some of the photos, how many there are in all, and the cursor of the page after these."""

    items: list[PhotoOut]
    count: int
    next: str | None


class PhotoSearch(Schema):
    """Which photos, and in which order."""

    q: Annotated[
        str, Field(max_length=TITLE_LENGTH, description="Words of name, caption, people or place.")
    ] = ""
    sort: Sort = "newest"
    starred: bool = False
    tag: Annotated[str, Field(max_length=LABEL_LENGTH)] = ""
    collection: uuid.UUID | None = None
    model: Annotated[str, Field(max_length=100, description="Of the newest colours.")] = ""
    since: Annotated[date | None, Field(description="First day of upload, in UTC.")] = None
    until: Annotated[date | None, Field(description="Last day of upload, in UTC.")] = None
    taken_since: Annotated[
        str, Field(pattern=DATE, description="Taken then or later: a year, month or day.")
    ] = ""
    taken_until: Annotated[
        str, Field(pattern=DATE, description="Taken then or earlier, that year or month included.")
    ] = ""
    trash: Annotated[bool, Field(description="Those in the trash instead.")] = False

    def photo_filter(self) -> PhotoFilter:
        """Return what is asked for."""
        names = (
            "sort", "starred", "tag", "collection", "model", "since", "until", "taken_since",
            "taken_until", "trash",
        )  # fmt: skip
        return PhotoFilter(query=self.q, **{name: getattr(self, name) for name in names})


class PhotoQuery(PhotoSearch):
    """Which photos, in which order, and how many; `cursor` goes on where a page ended."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    cursor: Annotated[str, Field(max_length=2000)] = ""


class PhotoIds(Schema):
    """The photos that a search finds, in its order, and how many there are in all."""

    ids: list[uuid.UUID]
    count: int


class MetadataIn(Schema):
    """What can be changed of what is known about a photo; empty or null forgets a field."""

    title: Name = ""
    caption: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    taken: Annotated[str, Field(max_length=25, description="ISO 8601 as far as known.")] = ""
    people: Annotated[list[Name], Field(max_length=MAX_NAMES)] = Field(default_factory=list)
    location: Name = ""
    city: Name = ""
    state: Name = ""
    country: Name = ""
    latitude: Annotated[float | None, Field(ge=-90, le=90)] = None
    longitude: Annotated[float | None, Field(ge=-180, le=180)] = None
    altitude: Annotated[float | None, Field(ge=-12_000, le=100_000)] = None


class PhotoPatch(Schema):
    """What can be changed of a photo; what is left out stays."""

    title: Annotated[str, Field(max_length=TITLE_LENGTH)] = ""
    starred: bool = False
    metadata: MetadataIn = Field(default_factory=MetadataIn)
    tags: Annotated[list[str], Field(max_length=MAX_LABELS, description="All of them.")] = Field(
        default_factory=list
    )
    collections: Annotated[list[str], Field(max_length=MAX_LABELS, description="By name.")] = Field(
        default_factory=list
    )

    @model_validator(mode="after")
    def _not_empty(self) -> PhotoPatch:
        if not self.model_fields_set:
            raise ValueError("nothing to change")
        return self


@router.get("/photos", response=PhotoPage, summary="List your photos")
@operation(Scope.PHOTOS_READ)
def get_photos(request: HttpRequest, query: Query[PhotoQuery]) -> PhotoPage:
    """Return photos of yours; go on with `cursor`, which photos that come and go do not shift."""
    actor, photo_filter = actor_of(request), query.photo_filter()
    try:
        page = page_of(
            actor, photo_filter, cursor=query.cursor, offset=query.offset, size=query.limit
        )
    except InvalidCursorError:
        raise ProblemError(
            422, "bad_cursor", gettext("The list cannot go on from there.")
        ) from None
    items = [serialize(photo) for photo in page.items]
    return PhotoPage(items=items, count=matching(actor, photo_filter).count(), next=page.after)


@router.get("/photos/ids", response=PhotoIds, summary="List the ids of a search")
@operation(Scope.PHOTOS_READ)
def get_photo_ids(request: HttpRequest, query: Query[PhotoSearch]) -> PhotoIds:
    """Return the ids of all photos that a search finds, at most 10,000 of them."""
    actor, photo_filter = actor_of(request), query.photo_filter()
    ids = ids_of(actor, photo_filter, limit=MAX_IDS)
    count = len(ids) if len(ids) < MAX_IDS else matching(actor, photo_filter).count()
    return PhotoIds(ids=ids, count=count)


@router.patch("/photos/{uuid:photo_id}", response=PhotoOut, summary="Change a photo's facts")
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def patch_photo(request: HttpRequest, photo_id: uuid.UUID, payload: PhotoPatch) -> PhotoOut:
    """Change a photo's title, star, metadata, tags or collections.

    Of the metadata only the fields that are given change. Tags and collections are made if new.
    """
    actor = actor_of(request)
    photo = access_photo(actor, photo_id)
    with transaction.atomic():
        if "title" in payload.model_fields_set:
            services.rename_photo(photo=photo, title=payload.title)
        if "starred" in payload.model_fields_set:
            services.star_photo(photo=photo, starred=payload.starred)
        if "metadata" in payload.model_fields_set:
            _describe(photo, payload.metadata)
        for kind, names in (("tag", payload.tags), ("collection", payload.collections)):
            if f"{kind}s" in payload.model_fields_set:
                set_labels(actor=actor, photo=photo, kind=Label.Kind(kind), names=names)
    return serialize(photo)


def _describe(photo: Photo, given: MetadataIn) -> None:
    changes = given.model_dump(include=given.model_fields_set)
    try:
        services.describe_photo(photo=photo, changes=changes)
    except ValueError:
        message = gettext("Write the date as a year, a month or a day: 1943, 1943-05, 1943-05-12.")
        raise ProblemError(422, "bad_date", message) from None


@router.delete("/photos/{uuid:photo_id}", response={204: None}, summary="Delete a photo")
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def delete_photo(request: HttpRequest, photo_id: uuid.UUID, for_good: bool = False) -> Status[None]:
    """Put a photo into the trash, or delete it with its hints, results and files, for good."""
    actor = actor_of(request)
    photo = access_photo(actor, photo_id)
    if for_good:
        services.delete_photo(photo=photo, by=actor.user)
    else:
        trash_photos(actor=actor, ids=[photo.pk])
    return Status(204, None)


@router.get("/photos/{uuid:photo_id}/thumbnail", summary="Get a small picture")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_thumbnail(
    request: HttpRequest, photo_id: uuid.UUID, v: Annotated[str, Query(max_length=40)] = ""
) -> HttpResponseBase:
    """Return a JPEG of at most 320 pixels a side, in the photo's newest colours.

    `thumbnail_url` of a photo carries `v`, and then the answer may be kept for good. Photos in the
    trash have theirs.
    """
    photo = find_including_trashed(actor_of(request), photo_id)
    mark = thumbnail_mark(photo)
    etag = f'"{photo.pk}-{mark}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(thumbnail_of(photo))
    response.headers["ETag"] = etag
    cache = IMMUTABLE if v and v == mark[:MARK_LETTERS] else REVALIDATE
    return sealed(response, content_type="image/jpeg", cache=cache)
