"""Tags and collections over HTTP."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from webapp.accounts.actor import actor_of, ensure_actor
from webapp.common.operations import Scope, operation
from webapp.gallery.access import access_label
from webapp.gallery.labels import counted_labels, delete_label, ensure_label, rename_label
from webapp.photos.models import LABEL_LENGTH, Label

router = Router(tags=["labels"])

Kind = Literal["tag", "collection"]
Name = Annotated[str, Field(min_length=1, max_length=LABEL_LENGTH)]


class LabelOut(Schema):
    """A tag or a collection; `count` is how many photos have it, without those in the trash."""

    id: uuid.UUID
    kind: Kind
    name: str
    count: int
    created: datetime


class LabelPage(Schema):
    """Some of the tags and collections, by name, and how many there are in all."""

    items: list[LabelOut]
    count: int


class LabelIn(Schema):
    """A new tag or collection."""

    kind: Kind
    name: Name


class LabelName(Schema):
    """Another name."""

    name: Name


@router.get("/labels", response=LabelPage, summary="List your tags and collections")
@operation(Scope.PHOTOS_READ)
def get_labels(
    request: HttpRequest,
    kind: Kind | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> LabelPage:
    """Return your tags and collections, or those of one kind, by name."""
    labels = counted_labels(actor_of(request))
    if kind is not None:
        labels = labels.filter(kind=kind)
    items = [serialize_label(label) for label in labels[offset : offset + limit]]
    return LabelPage(items=items, count=labels.count())


@router.post("/labels", response={201: LabelOut}, summary="Make a tag or a collection")
@operation(Scope.PHOTOS_WRITE)
def post_label(request: HttpRequest, payload: LabelIn) -> Status[LabelOut]:
    """Make a tag or a collection; the answer is the one there is, if there is one of that name."""
    actor = ensure_actor(request)
    label = ensure_label(actor=actor, kind=Label.Kind(payload.kind), name=payload.name)
    return Status(201, serialize_label(counted_labels(actor).get(pk=label.pk)))


@router.patch("/labels/{uuid:label_id}", response=LabelOut, summary="Rename a tag or a collection")
@operation(Scope.PHOTOS_WRITE, errors=(404, 409))
def patch_label(request: HttpRequest, label_id: uuid.UUID, payload: LabelName) -> LabelOut:
    """Give a tag or a collection another name; 409 `name_taken` if another one has it."""
    actor = actor_of(request)
    label = rename_label(label=access_label(actor, label_id), name=payload.name)
    return serialize_label(counted_labels(actor).get(pk=label.pk))


@router.delete(
    "/labels/{uuid:label_id}", response={204: None}, summary="Delete a tag or a collection"
)
@operation(Scope.PHOTOS_WRITE, errors=(404,))
def delete_one_label(request: HttpRequest, label_id: uuid.UUID) -> Status[None]:
    """Delete a tag or a collection; its photos stay."""
    delete_label(label=access_label(actor_of(request), label_id))
    return Status(204, None)


def serialize_label(label: Label) -> LabelOut:
    """Return a label from :func:`counted_labels` as the API shows it."""
    return LabelOut.model_validate(label, from_attributes=True)
