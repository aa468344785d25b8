"""The studio's part of the HTTP API: hints, jobs and versions of a photo."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from ninja import File, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import BeforeValidator, Field

from colorizer.hints import HintError, HintSet
from colorizer.metadata.fields import Carry
from colorizer.output import (
    FORMATS,
    Bits,
    FormatName,
    OutputOptions,
    Place,
    Subsampling,
    openraster,
)
from webapp.accounts.actor import actor_of
from webapp.common.media import REVALIDATE, sealed, send_pieces, send_stored
from webapp.common.operations import FILE, Rate, Scope, operation
from webapp.common.paging import Limit, Offset, Page, page_of
from webapp.common.problems import ProblemError
from webapp.common.websocket.messages import MAX_REVISION, JobKind, JobStatus
from webapp.photos.access import access_photo, photos_of
from webapp.studio.copies import CopyError, bring_in_copy
from webapp.studio.history import VersionNotFoundError, delete_version, name_version
from webapp.studio.models import VERSION_NAME_LENGTH, Job, Version
from webapp.studio.requests import request_render
from webapp.studio.selectors import hints_of
from webapp.studio.services import (
    StaleRevisionError,
    cancel_job,
    save_hints,
)
from webapp.studio.thumbnails import version_thumbnail
from webapp.studio.versions import ExportOptions, layers_file, result_file

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
    """A finished full-size result; ``model`` is the name of the model version.

    It is empty for colours that were brought in from a copy.
    """

    id: uuid.UUID
    parent: Annotated[
        uuid.UUID | None, Field(description="The result that its work went on from, if any.")
    ]
    session_end: Annotated[
        datetime | None,
        Field(description="It keeps a session of work, whose last hints were saved then."),
    ]
    name: str
    brought_in: bool = Field(description="Its colours are those of a copy coloured elsewhere.")
    revision: int
    hints: int = Field(description="How many hints it was made with.")
    model: str
    width: int
    height: int
    created: datetime


class VersionPatch(Schema):
    """A full-size result's new name; empty for none."""

    name: Annotated[str, Field(max_length=VERSION_NAME_LENGTH)]


class ExportIn(Schema):
    """What a result is saved as; `metadata` is as the account prefers when left out."""

    format: FormatName = "png"
    quality: Annotated[int, Field(ge=1, le=100, description="Of JPEG and WebP.")] = 95
    subsampling: Annotated[Subsampling, Field(description="Of JPEG's colours.")] = "4:4:4"
    bits: Annotated[Bits, BeforeValidator(int), Field(description="Of PNG and TIFF, at most.")] = 16
    metadata: Carry | None = None
    mark: Annotated[Place, Field(description="A visible note, in a corner or below.")] = "none"

    def options(self) -> ExportOptions:
        """Return it as the services want it."""
        output = OutputOptions(
            quality=self.quality,
            subsampling=self.subsampling,
            bits=self.bits,
        )
        return ExportOptions(format=self.format, output=output, carry=self.metadata, mark=self.mark)


@router.get("/photos/{uuid:photo_id}/hints", response=HintsOut, summary="Read a photo's hints")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_hints(request: HttpRequest, photo_id: uuid.UUID) -> HintsOut:
    """Return a photo's newest hint set; revision 0 before any was saved."""
    revision, hints = hints_of(access_photo(actor_of(request), photo_id))
    return HintsOut(revision=revision, hints=hints)


@router.put("/photos/{uuid:photo_id}/hints", response=HintsOut, summary="Save a photo's hints")
@operation(Scope.PHOTOS_WRITE, errors=(404, 409, 503))
def put_hints(request: HttpRequest, photo_id: uuid.UUID, body: HintsIn) -> HintsOut:
    """Save a hint set and have the photo coloured with it; 409 if newer hints are saved."""
    photo = access_photo(actor_of(request), photo_id)
    try:
        hint_set = HintSet.parse(body.hints)
        save_hints(photo=photo, hint_set=hint_set, revision=body.revision)
    except HintError as error:
        raise ProblemError(422, "bad_hints", str(error)) from None
    except StaleRevisionError as stale:
        sentence = gettext("Newer hints are saved already, perhaps from another window.")
        raise ProblemError(409, "stale_revision", sentence, revision=stale.stored) from None
    return HintsOut(revision=body.revision, hints=hint_set.to_json())


@router.post(
    "/photos/{uuid:photo_id}/renders", response={202: JobOut}, summary="Ask for a full-size result"
)
@operation(Scope.PHOTOS_WRITE, errors=(404, 503, 507))
def post_render(request: HttpRequest, photo_id: uuid.UUID) -> Status[Job]:
    """Ask for the full-size result with the newest hints; asking twice gives the same job."""
    actor = actor_of(request)
    photo = access_photo(actor, photo_id)
    return Status(202, request_render(photo=photo, network=actor.network))


@router.post(
    "/photos/{uuid:photo_id}/colorize",
    response={308: None},
    summary="The old address of the full-size result",
    deprecated=True,
)
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def colorize(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Send programs of version 0.1 on to `POST /api/photos/{id}/renders`; this address will go."""
    access_photo(actor_of(request), photo_id)
    return redirect("api:post_render", photo_id, permanent=True, preserve_request=True)


@router.get("/jobs/{uuid:job_id}", response=JobOut, summary="Read a job")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_job(request: HttpRequest, job_id: uuid.UUID) -> Job:
    """Return a job as it stands."""
    return _job(request, job_id)


@router.post("/jobs/{uuid:job_id}/cancel", response=JobOut, summary="Cancel a job")
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def cancel(request: HttpRequest, job_id: uuid.UUID) -> Job:
    """Cancel a job that waits or runs; a finished one stays as it is."""
    return cancel_job(job=_job(request, job_id))


@router.get(
    "/photos/{uuid:photo_id}/versions", response=Page[VersionOut], summary="List a photo's results"
)
@operation(Scope.PHOTOS_READ, errors=(404,))
def list_versions(
    request: HttpRequest, photo_id: uuid.UUID, limit: Limit = 50, offset: Offset = 0
) -> dict[str, Any]:
    """Return a photo's finished full-size results, newest first; `parent` makes them a tree.

    Each is a point of the history: a download, a named state, a copy that was brought in, or how a
    session of work ended. A new one hangs on the result whose hints it went on from: saving the
    hints of an earlier one again begins a branch there.
    """
    photo = access_photo(actor_of(request), photo_id)
    versions = photo.versions.select_related("model_version", "job")
    return page_of(versions, _serialize, limit=limit, offset=offset)


@router.post(
    "/photos/{uuid:photo_id}/versions", response={201: VersionOut}, summary="Bring in a copy"
)
@operation(
    Scope.PHOTOS_WRITE,
    rate=Rate.UPLOADS,
    body=FILE,
    admission=True,
    errors=(404, 415, 422, 507),
)
def bring_in(
    request: HttpRequest, photo_id: uuid.UUID, file: Annotated[UploadedFile, File()]
) -> Status[VersionOut]:
    """Make a result with the colours of a copy coloured elsewhere, and the photo's own lightness.

    The copy may have another size and a border; it is not kept. Problems: those of
    `POST /api/photos`, and 422 `grey_copy` and `other_photo`.
    """
    photo = access_photo(actor_of(request), photo_id)
    try:
        version = bring_in_copy(photo=photo, upload=file)
    except CopyError as error:
        raise ProblemError(422, error.code, str(error)) from None
    return Status(201, _serialize(version))


@router.patch("/versions/{uuid:version_id}", response=VersionOut, summary="Name a result")
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def patch_version(request: HttpRequest, version_id: uuid.UUID, body: VersionPatch) -> VersionOut:
    """Give a full-size result a name, by which the history lists it."""
    version = _version(request, version_id)
    try:
        return _serialize(name_version(version=version, name=body.name))
    except VersionNotFoundError:
        raise _gone() from None


@router.get("/versions/{uuid:version_id}/layers", summary="Download a result in layers")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_layers(request: HttpRequest, version_id: uuid.UUID) -> HttpResponseBase:
    """Return an OpenRaster file: the photo's lightness, and above it the colours alone; 8 bits."""
    version = _version(request, version_id)
    name = f"{version.photo.title or 'photo'}.{openraster.EXTENSION}"
    pieces = iter([layers_file(version)])
    return send_pieces(request, pieces, content_type=openraster.CONTENT_TYPE, filename=name)


@router.get("/versions/{uuid:version_id}/image", summary="Download a result")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_image(
    request: HttpRequest, version_id: uuid.UUID, query: Query[ExportIn]
) -> HttpResponseBase:
    """Download a full-size result; 422 `too_large_for_format` where the format cannot hold it.

    It carries what is known about the photo now, as far as `metadata` says.
    """
    version = _version(request, version_id)
    file = result_file(version, query.options())
    chosen = FORMATS[query.format]
    kind, name = chosen.content_type, f"{version.photo.title or 'photo'}.{chosen.extension}"
    if file.key:
        return send_stored(request, file.key, content_type=kind, filename=name, cache=REVALIDATE)
    return send_pieces(request, file.pieces, content_type=kind, filename=name)


@router.get("/versions/{uuid:version_id}/thumbnail", summary="Get a result's small picture")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_version_thumbnail(request: HttpRequest, version_id: uuid.UUID) -> HttpResponseBase:
    """Return a JPEG of at most 320 pixels a side of a full-size result; it never changes."""
    response = HttpResponse(version_thumbnail(_version(request, version_id)))
    return sealed(response, content_type="image/jpeg")


@router.get("/versions/{uuid:version_id}/hints", response=HintsOut, summary="Read a result's hints")
@operation(Scope.PHOTOS_READ, errors=(404,))
def get_version_hints(request: HttpRequest, version_id: uuid.UUID) -> HintsOut:
    """Return the hint set that a full-size result was coloured with, to go back to."""
    version = _version(request, version_id)
    return HintsOut(revision=version.revision, hints=version.hints)


@router.delete("/versions/{uuid:version_id}", response={204: None}, summary="Delete a result")
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def delete_one_version(request: HttpRequest, version_id: uuid.UUID) -> Status[None]:
    """Delete a full-size result with its files; the photo and its hints stay.

    Results that hang on it hang on its parent then. 404 `version_not_found` if it is gone.
    """
    version = _version(request, version_id)
    try:
        delete_version(version=version)
    except VersionNotFoundError:
        raise _gone() from None
    return Status(204, None)


def _version(request: HttpRequest, version_id: uuid.UUID) -> Version:
    mine = Version.objects.filter(photo__in=photos_of(actor_of(request)))
    version = mine.select_related("photo", "model_version", "job").filter(pk=version_id).first()
    if version is None:
        raise _gone()
    return version


def _gone() -> ProblemError:
    return ProblemError(
        404,
        "version_not_found",
        gettext(
            "This state is not in your history. It may have been deleted, perhaps from another "
            "window."
        ),
    )


def _serialize(version: Version) -> VersionOut:
    return VersionOut(
        id=version.id,
        parent=version.parent_id,
        session_end=version.job.session_end if version.job else None,
        name=version.name,
        brought_in=version.model_version is None,
        revision=version.revision,
        hints=len(version.hints.get("hints", [])),
        model=version.model_version.name if version.model_version else "",
        width=version.width,
        height=version.height,
        created=version.created,
    )


def _job(request: HttpRequest, job_id: uuid.UUID) -> Job:
    job = Job.objects.filter(pk=job_id, photo__in=photos_of(actor_of(request))).first()
    if job is None:
        raise ProblemError(404)
    return job
