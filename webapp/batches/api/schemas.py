"""What goes in and comes out of the batches' addresses."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Base64Bytes, Field

from colorizer.hints import MAX_REFERENCES
from colorizer.metadata.fields import Carry
from colorizer.output import FormatName, Place
from webapp.batches.models import NAME_LENGTH
from webapp.batches.palette import Palette
from webapp.common.websocket.messages import BatchStatus, ItemStatus

MAX_PHOTOS = 10_000

Strength = Annotated[
    float, Field(ge=0, le=1, description="Of the references' colours: 0, none, to 1, all of them.")
]


class BatchIn(Schema):
    """A batch that is asked for: of an uploaded ZIP, or of photos that you have.

    Without `model` each photo is coloured by the model that is live when its turn comes; without
    `metadata` results carry what the account prefers. With
    `hints` `files`, a ZIP brings its own (docs/reference/hint-set.md), and photos of the library
    are coloured with the hints they have in the studio.
    """

    upload: uuid.UUID | None = None
    photos: Annotated[list[uuid.UUID], Field(max_length=MAX_PHOTOS)] | None = None
    name: Annotated[str, Field(max_length=NAME_LENGTH)] = ""
    model: Annotated[str, Field(max_length=200)] | None = None
    format: FormatName = "png"
    quality: Annotated[int, Field(ge=1, le=100, description="Of JPEG and WebP.")] = 95
    metadata: Carry | None = None
    mark: Annotated[Place, Field(description="A visible note, in a corner or below.")] = "none"
    keep_photos: Annotated[bool, Field(description="Put a ZIP's into the gallery, too.")] = False
    hints: Literal["none", "palette", "files", "references"] = "none"
    palette: Palette | None = None
    references: Annotated[
        list[uuid.UUID],
        Field(
            default_factory=list,
            max_length=MAX_REFERENCES,
            description="Your photos whose colours it takes.",
        ),
    ]
    strength: Strength = 1.0


class BatchOut(Schema):
    """A batch; `remaining` is in seconds, null while it cannot be told."""

    id: uuid.UUID
    name: str
    status: BatchStatus
    seq: int
    total: int
    done: int
    failed: int
    remaining: float | None
    model: str | None
    format: str
    quality: int
    metadata: str
    mark: str
    hints: str
    palette: dict[str, Any] | None
    references: list[uuid.UUID]
    strength: float
    created: datetime
    started: datetime | None
    finished: datetime | None
    kept_until: datetime
    url: str
    archive_url: str


class PreviewIn(Schema):
    """A palette or references to be tried on a sample.

    That is a small picture, in base64, of at most a megapixel.
    """

    sample: Base64Bytes
    palette: Palette | None = None
    references: Annotated[list[uuid.UUID], Field(default_factory=list, max_length=MAX_REFERENCES)]
    strength: Strength = 1.0
    model: Annotated[str, Field(max_length=200)] | None = None


class PreviewOut(Schema):
    """A preview that is being made, and where its picture will be for some minutes."""

    id: uuid.UUID
    image_url: str


class BatchPage(Schema):
    """Some of the batches, newest first, and how many there are in all."""

    items: list[BatchOut]
    count: int


class BatchItemOut(Schema):
    """A photo of a batch; `model` and the hashes are known once it was coloured."""

    number: int
    name: str
    status: ItemStatus
    error: str
    output: str
    model: str | None
    width: int | None
    height: int | None
    source_sha256: str
    result_sha256: str
    image_url: str | None
    thumbnail_url: str | None
    photo_url: Annotated[str | None, Field(description="Of its page in the studio.")]


class BatchHintsOut(Schema):
    """The hint set of one photo of a batch."""

    hints: dict[str, Any]


class BatchItemPage(Schema):
    """Some of a batch's photos in their order, and how many there are in all."""

    items: list[BatchItemOut]
    count: int
