"""Batches over HTTP."""

from __future__ import annotations

import uuid
from typing import Annotated, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from ninja import Query, Router, Status

from colorizer.output import FORMATS
from training.models import ModelVersion
from webapp.accounts.actor import actor_of
from webapp.accounts.models import User
from webapp.batches import previews, services
from webapp.batches.access import access_batch, batches_of
from webapp.batches.api.schemas import (
    BatchHintsOut,
    BatchIn,
    BatchItemOut,
    BatchItemPage,
    BatchOut,
    BatchPage,
    PreviewIn,
    PreviewOut,
)
from webapp.batches.bundle import send_bundle
from webapp.batches.errors import InvalidBatchError
from webapp.batches.models import Batch, BatchItem
from webapp.batches.selectors import hints_for, hints_like, items_of, remaining_seconds
from webapp.batches.thumbnails import result_thumbnail
from webapp.common.media import REVALIDATE, sealed, send_stored
from webapp.common.operations import Scope, operation
from webapp.common.problems import ProblemError
from webapp.common.websocket.messages import BatchStatus, ItemStatus
from webapp.models.selectors import choosable_models
from webapp.photos.addresses import photo_address

router = Router(tags=["batches"])

Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]


@router.post("/batches", response={201: BatchOut}, summary="Make and start a batch")
@operation(Scope.BATCHES_WRITE, errors=(404, 415, 507))
def make_batch(request: HttpRequest, body: BatchIn) -> Status[BatchOut]:
    """Colour many photos: those of a ZIP (`upload`, the id of a finished upload), or `photos`.

    Problems: 404 for an upload that is not there or was used already, 409 `conflict` while it is
    not complete, 413 `too_many_files` or `too_large_unpacked`, 415 `not_a_zip`, 422 with what is
    wrong in the ZIP, in the hints or in the choice, 429 `quota`.
    """
    owner = _owner(request)
    options = services.BatchOptions(
        name=body.name,
        model_version=_model_named(body.model),
        format=Batch.Format(body.format),
        quality=body.quality,
        metadata=body.metadata,
        mark=Batch.Mark(body.mark),
        keep_photos=body.keep_photos,
        hints=Batch.Hints(body.hints),
        palette=body.palette,
        references=body.references,
        strength=body.strength,
    )
    if body.upload is not None and body.photos is None:
        batch = services.make_batch_of_upload(owner=owner, upload_id=body.upload, options=options)
    elif body.photos is not None and body.upload is None:
        batch = services.make_batch_of_photos(owner=owner, photo_ids=body.photos, options=options)
    else:
        message = gettext("A batch is made of an upload or of photos: give one of the two.")
        raise InvalidBatchError(422, "source", message)
    return Status(201, serialize(batch))


@router.post("/batches/previews", response={202: PreviewOut}, summary="Try hints on a sample")
@operation(Scope.BATCHES_WRITE, errors=(415, 503))
def make_preview(request: HttpRequest, body: PreviewIn) -> Status[PreviewOut]:
    """Have a sample coloured as a batch with this palette, or these references, would.

    Nothing of it is kept. Problems: those of `POST /api/photos` for the sample, 422
    `unknown_model`, `references` and `preview`.
    """
    owner = _owner(request)
    if (body.palette is None) != bool(body.references):
        message = gettext("A preview shows a palette or references: give one of the two.")
        raise InvalidBatchError(422, "preview", message)
    hints = (
        body.palette.to_hints()
        if body.palette is not None
        else hints_like(services.checked_references(owner, body.references), strength=body.strength)
    )
    preview_id = previews.ask_preview(
        owner=owner,
        sample=body.sample,
        hints=hints,
        model_version=_model_named(body.model),
    )
    address = reverse("api:get_preview", args=[preview_id])
    return Status(202, PreviewOut(id=preview_id, image_url=address))


@router.get("/batches/previews/{uuid:preview_id}", summary="Get a preview")
@operation(Scope.BATCHES_READ, errors=(404,))
def get_preview(request: HttpRequest, preview_id: uuid.UUID) -> HttpResponseBase:
    """Return the sample in colour, a JPEG; 202 with an empty body while it is being made.

    404 once a newer one was asked for, or after some minutes; 422 `not_coloured`.
    """
    preview = previews.read_preview(owner=_owner(request), preview_id=preview_id)
    if preview is None:
        raise ProblemError(404)
    if preview.image is None:
        return HttpResponse(status=202, headers={"Cache-Control": "no-store", "Retry-After": "1"})
    if not preview.image:
        raise ProblemError(422, "not_coloured", gettext("The sample could not be coloured."))
    return sealed(HttpResponse(preview.image), content_type="image/jpeg", cache=REVALIDATE)


@router.get("/batches", response=BatchPage, summary="List your batches")
@operation(Scope.BATCHES_READ)
def get_batches(request: HttpRequest, limit: Limit = 50, offset: Offset = 0) -> BatchPage:
    """Return your batches, newest first."""
    _owner(request)
    batches = batches_of(actor_of(request)).select_related("model_version")
    items = [serialize(batch) for batch in batches[offset : offset + limit]]
    return BatchPage(items=items, count=batches.count())


@router.get("/batches/{uuid:batch_id}", response=BatchOut, summary="Read a batch")
@operation(Scope.BATCHES_READ, errors=(404,))
def get_batch(request: HttpRequest, batch_id: uuid.UUID) -> BatchOut:
    """Return how a batch stands."""
    return serialize(_batch(request, batch_id))


@router.get("/batches/{uuid:batch_id}/items", response=BatchItemPage, summary="List its photos")
@operation(Scope.BATCHES_READ, errors=(404,))
def get_batch_items(
    request: HttpRequest,
    batch_id: uuid.UUID,
    status: ItemStatus | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> BatchItemPage:
    """Return the photos of a batch in their order; `status` `failed` names what failed, and why."""
    items = items_of(_batch(request, batch_id), status=status or "")
    page = [_serialize_item(batch_id, item) for item in items[offset : offset + limit]]
    return BatchItemPage(items=page, count=items.count())


@router.get("/batches/{uuid:batch_id}/items/{int:number}/image", summary="Download one result")
@operation(Scope.BATCHES_READ, errors=(404,))
def get_batch_image(request: HttpRequest, batch_id: uuid.UUID, number: int) -> HttpResponseBase:
    """Return one photo's result, in the format of the batch."""
    batch = _batch(request, batch_id)
    item = _item_with_result(batch, number)
    name = item.output.rsplit("/", 1)[-1]
    chosen = FORMATS[batch.format]
    return send_stored(request, item.result, content_type=chosen.content_type, filename=name)


@router.get(
    "/batches/{uuid:batch_id}/items/{int:number}/hints",
    response=BatchHintsOut,
    summary="Read one photo's hints",
)
@operation(Scope.BATCHES_READ, errors=(404,))
def get_batch_hints(request: HttpRequest, batch_id: uuid.UUID, number: int) -> BatchHintsOut:
    """Return the hint set that one photo is coloured with; empty without hints."""
    batch = _batch(request, batch_id)
    item = batch.items.filter(number=min(number, 2**31 - 1)).first()
    if item is None:
        raise ProblemError(404)
    return BatchHintsOut(hints=hints_for(batch, item).to_json())


@router.get("/batches/{uuid:batch_id}/items/{int:number}/thumbnail", summary="Get it small")
@operation(Scope.BATCHES_READ, errors=(404,))
def get_batch_thumbnail(request: HttpRequest, batch_id: uuid.UUID, number: int) -> HttpResponseBase:
    """Return a JPEG of at most 320 pixels a side of one photo's result; it never changes."""
    item = _item_with_result(_batch(request, batch_id), number)
    return sealed(HttpResponse(result_thumbnail(item.result)), content_type="image/jpeg")


@router.post("/batches/{uuid:batch_id}/pause", response=BatchOut, summary="Pause a batch")
@operation(Scope.BATCHES_WRITE, errors=(404,))
def pause_batch(request: HttpRequest, batch_id: uuid.UUID) -> BatchOut:
    """Begin nothing more of it; what is being worked on is finished. 409 if it has ended."""
    return serialize(services.pause_batch(batch=_batch(request, batch_id)))


@router.post("/batches/{uuid:batch_id}/resume", response=BatchOut, summary="Go on with a batch")
@operation(Scope.BATCHES_WRITE, errors=(404,))
def resume_batch(request: HttpRequest, batch_id: uuid.UUID) -> BatchOut:
    """Go on with a paused batch; 409 if it is not paused."""
    return serialize(services.resume_batch(batch=_batch(request, batch_id)))


@router.post("/batches/{uuid:batch_id}/cancel", response=BatchOut, summary="Cancel a batch")
@operation(Scope.BATCHES_WRITE, errors=(404,))
def cancel_batch(request: HttpRequest, batch_id: uuid.UUID) -> BatchOut:
    """End it; the results so far stay. 409 if it has ended."""
    return serialize(services.cancel_batch(batch=_batch(request, batch_id)))


@router.post("/batches/{uuid:batch_id}/retry", response=BatchOut, summary="Retry what failed")
@operation(Scope.BATCHES_WRITE, errors=(404,))
def retry_batch(request: HttpRequest, batch_id: uuid.UUID) -> BatchOut:
    """Have another try at what failed, and at what was cancelled; 409 if there is nothing."""
    return serialize(services.retry_batch(batch=_batch(request, batch_id)))


@router.get("/batches/{uuid:batch_id}/archive", summary="Download the results as a ZIP")
@operation(Scope.BATCHES_READ, errors=(404,))
def get_archive(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponseBase:
    """Stream the results so far, with `manifest.json` and `manifest.csv`, also while it runs."""
    return send_bundle(request, _batch(request, batch_id))


@router.delete("/batches/{uuid:batch_id}", response={204: None}, summary="Delete a batch")
@operation(Scope.BATCHES_WRITE, errors=(404,))
def delete_batch(request: HttpRequest, batch_id: uuid.UUID) -> Status[None]:
    """Delete a batch with its upload and its results, for good."""
    services.delete_batch(batch=_batch(request, batch_id), actor=_owner(request))
    return Status(204, None)


def serialize(batch: Batch) -> BatchOut:
    """Return a batch as the API shows it."""
    return BatchOut(
        id=batch.id,
        name=batch.name,
        status=cast(BatchStatus, str(batch.status)),
        seq=batch.seq,
        total=batch.total,
        done=batch.done,
        failed=batch.failed,
        remaining=remaining_seconds(batch),
        model=batch.model_version.name if batch.model_version else None,
        format=batch.format,
        quality=batch.quality,
        metadata=batch.metadata,
        mark=batch.mark,
        hints=batch.hints,
        palette=batch.palette,
        references=batch.references,
        strength=batch.strength,
        created=batch.created,
        started=batch.started,
        finished=batch.finished,
        kept_until=batch.kept_until,
        url=batch.get_absolute_url(),
        archive_url=reverse("api:get_archive", args=[batch.id]),
    )


def _serialize_item(batch_id: uuid.UUID, item: BatchItem) -> BatchItemOut:
    place = [batch_id, item.number]
    return BatchItemOut(
        number=item.number,
        name=item.name,
        status=cast(ItemStatus, str(item.status)),
        error=item.error,
        output=item.output,
        model=item.model_version.name if item.model_version else None,
        width=item.width or None,
        height=item.height or None,
        source_sha256=item.source_sha256,
        result_sha256=item.result_sha256,
        image_url=reverse("api:get_batch_image", args=place) if item.result else None,
        thumbnail_url=reverse("api:get_batch_thumbnail", args=place) if item.result else None,
        photo_url=photo_address("photo", item.photo_id) if item.photo_id else None,
    )


def _owner(request: HttpRequest) -> User:
    user = actor_of(request).user
    if user is None:
        raise ProblemError(401)
    return user


def _batch(request: HttpRequest, batch_id: uuid.UUID) -> Batch:
    _owner(request)
    return access_batch(actor_of(request), batch_id)


def _item_with_result(batch: Batch, number: int) -> BatchItem:
    item = batch.items.filter(number=min(number, 2**31 - 1)).exclude(result="").first()
    if item is None:
        raise ProblemError(404)
    return item


def _model_named(name: str | None) -> ModelVersion | None:
    if name is None:
        return None
    found = choosable_models().filter(name=name).first()
    if found is None:
        message = gettext("There is no model of that name that colours photos now.")
        raise InvalidBatchError(422, "unknown_model", message)
    return found
