"""The studio's part of the HTTP API: hints, jobs and versions of a photo."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext
from ninja import Query, Router, Schema, Status
from pydantic import Field

from colorizer.hints import HintError, HintSet
from webapp.accounts.actor import actor_of
from webapp.library.access import access_photo, photos_of
from webapp.library.media import sealed, send_stored
from webapp.library.thumbnails import version_thumbnail
from webapp.paging import Limit, Offset, Page, page_of
from webapp.problems import Problem
from webapp.realtime.messages import MAX_REVISION, JobKind, JobStatus
from webapp.studio.models import Job, Version
from webapp.studio.selectors import hints_of
from webapp.studio.services import (
    StaleRevision,
    cancel_job,
    delete_version,
    request_render,
    save_hints,
)
from webapp.studio.versions import FORMATS, image_key

router = Router(tags=["studio"])


class HintsOut(Schema):
    """The newest hint set of a photo."""

    revision: int
    hints: dict[str, Any]


class HintsIn(Schema):
    """A photo's whole new hint set; ``revision`` is higher than the stored one."""

    revision: Annotated[int, Field(ge=1, le=MAX_REVISION, strict=True)]
    hints: dict[str, Any]


class JobOut(Schema):
    """A job; ``version_id`` is what a render made, once it is done."""

    id: uuid.UUID
    kind: JobKind
    status: JobStatus
    revision: int
    attempt: int
    seq: int
    error: str
    version_id: uuid.UUID | None

    @staticmethod
    def resolve_error(job: Job) -> str:
        """Return the sentence in the reader's language."""
        return gettext(job.error) if job.error else ""

    @staticmethod
    def resolve_version_id(job: Job) -> uuid.UUID | None:
        """Return the id of the version that the job made."""
        return Version.objects.filter(job=job).values_list("pk", flat=True).first()


class VersionOut(Schema):
    """A finished full-size result; ``model`` is the name of the model version."""

    id: uuid.UUID
    revision: int
    model: str
    width: int
    height: int
    created: datetime


@router.get("/photos/{uuid:photo_id}/hints", response=HintsOut, summary="Read a photo's hints")
def get_hints(request: HttpRequest, photo_id: uuid.UUID) -> HintsOut:
    """Return a photo's newest hint set; revision 0 before any was saved."""
    revision, hints = hints_of(access_photo(actor_of(request), photo_id))
    return HintsOut(revision=revision, hints=hints)


@router.put("/photos/{uuid:photo_id}/hints", response=HintsOut, summary="Save a photo's hints")
def put_hints(request: HttpRequest, photo_id: uuid.UUID, body: HintsIn) -> HintsOut:
    """Save a hint set and have the photo coloured with it; 409 if newer hints are saved."""
    photo = access_photo(actor_of(request), photo_id)
    try:
        hint_set = HintSet.parse(body.hints)
        save_hints(photo=photo, hint_set=hint_set, revision=body.revision)
    except HintError as error:
        raise Problem(422, "bad_hints", str(error)) from None
    except StaleRevision as stale:
        sentence = gettext("Newer hints are saved already, perhaps from another window.")
        raise Problem(409, "stale_revision", sentence, revision=stale.stored) from None
    return HintsOut(revision=body.revision, hints=hint_set.to_json())


@router.post(
    "/photos/{uuid:photo_id}/colorize", response={202: JobOut}, summary="Ask for a full-size result"
)
def colorize(request: HttpRequest, photo_id: uuid.UUID) -> Status[Job]:
    """Ask for the full-size result with the newest hints; asking twice gives the same job."""
    return Status(202, request_render(photo=access_photo(actor_of(request), photo_id)))


@router.get("/jobs/{uuid:job_id}", response=JobOut, summary="Read a job")
def get_job(request: HttpRequest, job_id: uuid.UUID) -> Job:
    """Return a job as it stands."""
    return _job(request, job_id)


@router.post("/jobs/{uuid:job_id}/cancel", response=JobOut, summary="Cancel a job")
def cancel(request: HttpRequest, job_id: uuid.UUID) -> Job:
    """Cancel a job that waits or runs; a finished one stays as it is."""
    return cancel_job(job=_job(request, job_id))


@router.get(
    "/photos/{uuid:photo_id}/versions", response=Page[VersionOut], summary="List a photo's results"
)
def list_versions(
    request: HttpRequest, photo_id: uuid.UUID, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Return a photo's finished full-size results, newest first."""
    photo = access_photo(actor_of(request), photo_id)
    versions = photo.versions.select_related("model_version")
    return page_of(versions, _describe, limit=limit, offset=offset)


@router.get("/versions/{uuid:version_id}/image", summary="Download a result")
def get_image(
    request: HttpRequest,
    version_id: uuid.UUID,
    name: Annotated[Literal["png", "jpeg", "webp"], Query(alias="format")] = "png",
) -> HttpResponseBase:
    """Download a full-size result."""
    version = _version(request, version_id)
    chosen = FORMATS[name]
    return send_stored(
        request,
        image_key(version, chosen),
        content_type=chosen.content_type,
        filename=f"{version.photo.title or 'photo'}.{chosen.extension}",
    )


@router.get("/versions/{uuid:version_id}/thumbnail")
def get_version_thumbnail(request: HttpRequest, version_id: uuid.UUID) -> HttpResponseBase:
    """Return a JPEG of at most 320 pixels a side of a full-size result; it never changes."""
    response = HttpResponse(version_thumbnail(_version(request, version_id)))
    return sealed(response, content_type="image/jpeg")


@router.get("/versions/{uuid:version_id}/hints", response=HintsOut)
def get_version_hints(request: HttpRequest, version_id: uuid.UUID) -> HintsOut:
    """Return the hint set that a full-size result was coloured with, to go back to."""
    version = _version(request, version_id)
    return HintsOut(revision=version.revision, hints=version.hints)


@router.delete("/versions/{uuid:version_id}", response={204: None})
def delete_one_version(request: HttpRequest, version_id: uuid.UUID) -> Status[None]:
    """Delete a full-size result with its files; the photo and its hints stay."""
    delete_version(version=_version(request, version_id))
    return Status(204, None)


def _version(request: HttpRequest, version_id: uuid.UUID) -> Version:
    mine = Version.objects.filter(photo__in=photos_of(actor_of(request)))
    version = mine.select_related("photo").filter(pk=version_id).first()
    if version is None:
        raise Problem(404)
    return version


def _describe(version: Version) -> VersionOut:
    return VersionOut(
        id=version.id,
        revision=version.revision,
        model=version.model_version.name,
        width=version.width,
        height=version.height,
        created=version.created,
    )


def _job(request: HttpRequest, job_id: uuid.UUID) -> Job:
    job = Job.objects.filter(pk=job_id, photo__in=photos_of(actor_of(request))).first()
    if job is None:
        raise Problem(404)
    return job
