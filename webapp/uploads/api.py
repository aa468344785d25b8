"""Uploads over HTTP: tus 1.0, and one request more that makes a photo of what has arrived."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Header, Query, Router, Status
from ninja.decorators import decorate_view
from pydantic import Field

from webapp.accounts.actor import actor_of, ensure_actor
from webapp.common.operations import Body, Rate, Scope, operation
from webapp.common.problems import ProblemError
from webapp.photos.api import PhotoOut, serialize_new
from webapp.uploads import services, tus
from webapp.uploads.access import UploadNotFoundError, access_upload
from webapp.uploads.models import Upload

router = Router(tags=["uploads"])

MAX_LENGTH = 2**53 - 1
Length = Annotated[int, Field(ge=0, le=MAX_LENGTH), Header(alias="Upload-Length")]
Offset = Annotated[int, Field(ge=0, le=MAX_LENGTH), Header(alias="Upload-Offset")]
Metadata = Annotated[str, Header(alias="Upload-Metadata")]
PIECE = Body("UPLOAD_PIECE_MAX_BYTES", error=services.too_large_piece)


@router.api_operation(["OPTIONS"], "/uploads", response={204: None}, summary="Ask what is spoken")
@operation(Scope.PHOTOS_READ)
def upload_options(request: HttpRequest) -> HttpResponse:
    """Say which version and extensions of tus are spoken, and how large an upload may be."""
    response = HttpResponse(status=204)
    response.headers["Tus-Resumable"] = response.headers["Tus-Version"] = tus.VERSION
    response.headers["Tus-Extension"] = tus.EXTENSIONS
    response.headers["Tus-Max-Size"] = str(services.max_bytes(Upload.Purpose.ARCHIVE))
    return response


@router.post("/uploads", response={201: None}, summary="Begin a resumable upload")
@operation(Scope.PHOTOS_WRITE, rate=Rate.UPLOADS, admission=True, errors=(412, 413, 507))
@decorate_view(tus.speaks_tus)
def begin_upload(request: HttpRequest, length: Length, metadata: Metadata = "") -> HttpResponse:
    """Make room for a file (tus creation); the answer's `Location` takes its pieces.

    `Upload-Metadata` may carry `filename`, and `purpose`: `photo` (the default), or `archive` for
    what a batch is made of, which users alone may upload.
    """
    facts = tus.parse_metadata(metadata)
    purpose = tus.purpose_of(facts)
    actor = ensure_actor(request)
    if purpose == Upload.Purpose.ARCHIVE and actor.user is None:
        raise ProblemError(401)
    upload = services.begin_upload(
        actor=actor,
        size=length,
        name=facts.get("filename", ""),
        purpose=purpose,
        metadata=metadata,
    )
    response = HttpResponse(status=201)
    response.headers["Location"] = reverse("api:head_upload", args=[upload.pk])
    return tus.serialize(upload, response)


@router.api_operation(
    ["HEAD"], "/uploads/{uuid:upload_id}", response={200: None}, summary="Ask how far it is"
)
@operation(Scope.PHOTOS_READ, errors=(404, 412))
@decorate_view(tus.speaks_tus)
def head_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Say how many bytes of an upload have arrived for good: go on from there."""
    upload = _upload(request, upload_id)
    response = HttpResponse()
    response.headers["Upload-Length"] = str(upload.size)
    response.headers["Cache-Control"] = "no-store"
    if upload.metadata:
        response.headers["Upload-Metadata"] = upload.metadata
    return tus.serialize(upload, response)


@router.patch("/uploads/{uuid:upload_id}", response={204: None}, summary="Send a piece")
@operation(Scope.PHOTOS_WRITE, rate=Rate.UPLOADS, body=PIECE, errors=(404, 409, 412, 413, 415, 507))
@decorate_view(tus.speaks_tus)
def append_to_upload(request: HttpRequest, upload_id: uuid.UUID, offset: Offset) -> HttpResponse:
    """Add bytes at the end: at most `UPLOAD_PIECE_MAX_BYTES` a request.

    Problems: 409 `conflict` if the upload ends elsewhere, 413 `too_many_bytes` or
    `too_large_piece`, 415 unless the content is `application/offset+octet-stream`.
    """
    upload = _upload(request, upload_id)
    if request.content_type != tus.PIECE_TYPE:
        raise ProblemError(415)
    data = request.read(settings.UPLOAD_PIECE_MAX_BYTES + 1)
    if len(data) > settings.UPLOAD_PIECE_MAX_BYTES:
        raise services.too_large_piece()
    upload = services.append(upload=upload, offset=offset, data=data)
    return tus.serialize(upload, HttpResponse(status=204))


@router.delete("/uploads/{uuid:upload_id}", response={204: None}, summary="Give an upload up")
@operation(Scope.PHOTOS_WRITE, rate=Rate.UPLOADS, errors=(404, 412))
@decorate_view(tus.speaks_tus)
def end_upload(request: HttpRequest, upload_id: uuid.UUID) -> HttpResponse:
    """Delete an upload with what has arrived of it; a photo made of it stays."""
    services.release(upload=_upload(request, upload_id))
    return HttpResponse(status=204)


@router.post(
    "/uploads/{uuid:upload_id}/photo", response={201: PhotoOut}, summary="Make a photo of it"
)
@operation(Scope.PHOTOS_WRITE, rate=Rate.UPLOADS, admission=True, errors=(404, 413, 415, 507))
def make_photo(
    request: HttpRequest,
    upload_id: uuid.UUID,
    page: Annotated[int, Query(ge=1, description="Of a PDF.")] = 1,
) -> Status[PhotoOut]:
    """Take a complete upload in as a photo; asked again, the answer is the same photo.

    Problems: those of `POST /api/photos`, and 409 `conflict` while it is not complete.
    """
    actor = actor_of(request)
    photo = services.take_photo(actor=actor, upload=_upload(request, upload_id), page=page)
    return Status(201, serialize_new(actor, photo))


def _upload(request: HttpRequest, upload_id: uuid.UUID) -> Upload:
    try:
        return access_upload(actor_of(request), upload_id)
    except UploadNotFoundError:
        raise ProblemError(404) from None
