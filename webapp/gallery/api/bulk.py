"""Many photos at once over HTTP, and the trash."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext
from ninja import Form, Router, Schema
from pydantic import Field

from webapp.accounts.actor import actor_of
from webapp.common.archives import send_archive
from webapp.common.operations import Scope, operation
from webapp.common.problems import ProblemError
from webapp.gallery.archive import What, archive_of
from webapp.gallery.bulk import Action, change_photos, render_photos
from webapp.gallery.trash import delete_from_trash
from webapp.photos.models import LABEL_LENGTH
from webapp.studio.api.results import ExportIn

router = Router(tags=["photos"])

Ids = Annotated[list[uuid.UUID], Field(min_length=1)]


class BulkIn(Schema):
    """What to do to which photos; `name` is that of the tag or the collection."""

    action: Action
    ids: Ids
    name: Annotated[str, Field(max_length=LABEL_LENGTH)] = ""


class BulkOut(Schema):
    """The photos it was done to, and those that are not there (any more)."""

    done: list[uuid.UUID]
    missing: list[uuid.UUID]


class RendersIn(Schema):
    """Which photos; `retry` asks again for those that failed."""

    ids: Ids
    retry: bool = False


class RendersOut(Schema):
    """Photos by how far the full-size result with their newest hints is."""

    ready: list[uuid.UUID]
    waiting: list[uuid.UUID]
    failed: list[uuid.UUID]


class ArchiveIn(ExportIn):
    """Which photos, and as what."""

    ids: Ids
    what: What = "coloured"


class Emptied(Schema):
    """How many photos are gone for good."""

    count: int


@router.post("/photos/bulk", response=BulkOut, summary="Change many photos")
@operation(Scope.PHOTOS_WRITE, errors=(503,))
def post_bulk(request: HttpRequest, payload: BulkIn) -> BulkOut:
    """Star, tag, collect, trash, restore, delete or colour again; at most `BULK_MAX_PHOTOS`.

    `restore` and `delete` (for good) are for photos in the trash. Photos that are not there are
    told in `missing`, and the others are dealt with.
    """
    ids = _few(payload.ids)
    done = change_photos(actor=actor_of(request), action=payload.action, ids=ids, name=payload.name)
    known = set(done)
    return BulkOut(done=done, missing=[one for one in ids if one not in known])


@router.post("/photos/renders", response=RendersOut, summary="Ask for many full-size results")
@operation(Scope.PHOTOS_WRITE, errors=(503, 507))
def post_renders(request: HttpRequest, payload: RendersIn) -> RendersOut:
    """Ask for the full-size results that photos lack; ask again to hear how far they are."""
    found = render_photos(actor=actor_of(request), ids=_few(payload.ids), retry=payload.retry)
    return RendersOut(ready=found.ready, waiting=found.waiting, failed=found.failed)


@router.post("/photos/archive", summary="Download many photos")
@operation(Scope.PHOTOS_WRITE)
def post_archive(request: HttpRequest, payload: Form[ArchiveIn]) -> StreamingHttpResponse:
    """Return a ZIP, made while it is sent: each photo's newest full-size result, or its original.

    Photos without a result are named in `missing.txt`; `POST /api/photos/renders` makes them.
    """
    archive = archive_of(
        actor_of(request), ids=_few(payload.ids), what=payload.what, options=payload.options()
    )
    return send_archive(request, archive, name="rehue-photos")


@router.delete("/trash", response=Emptied, summary="Empty the trash")
@operation(Scope.PHOTOS_WRITE)
def empty_trash(request: HttpRequest) -> Emptied:
    """Delete all photos in your trash for good."""
    return Emptied(count=len(delete_from_trash(actor=actor_of(request))))


def _few(ids: list[uuid.UUID]) -> list[uuid.UUID]:
    few = list(dict.fromkeys(ids))
    if len(few) > settings.BULK_MAX_PHOTOS:
        message = gettext("Choose at most %(limit)d photos at a time.")
        raise ProblemError(422, "too_many_photos", message % {"limit": settings.BULK_MAX_PHOTOS})
    return few
