"""What a site sends: photos, jobs, results, batches, models; further fields are passed over."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self


@dataclass(frozen=True)
class ApiModel:
    """Something the API describes as a JSON object."""

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return what ``data`` describes.

        >>> Suggestion.of({"color": "#7a4b2c", "weight": 0.5, "from a newer site": 1})
        Suggestion(color='#7a4b2c', weight=0.5)
        """
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})


@dataclass(frozen=True)
class Photo(ApiModel):
    """A photo on the site."""

    id: str
    title: str
    width: int
    height: int
    is_grey: bool
    created: str
    revision: int
    page: int = 1
    pages: int = 1


@dataclass(frozen=True)
class Suggestion(ApiModel):
    """A colour that suits a place (``#rrggbb``), and how likely it is."""

    color: str
    weight: float


@dataclass(frozen=True)
class Uncertainty(ApiModel):
    """How far off a photo's colours may be, place by place.

    A pixel of :attr:`png` times ``unit`` is the error to expect, in units of CIELAB's a and b.
    """

    model: str
    width: int
    height: int
    unit: float
    data: str

    @property
    def png(self) -> bytes:
        """The map as the file of a grey picture, which covers the whole photo."""
        return base64.b64decode(self.data)


@dataclass(frozen=True)
class Job(ApiModel):
    """An asked-for colouring."""

    ENDED: ClassVar[frozenset[str]] = frozenset({"done", "failed", "superseded", "cancelled"})

    id: str
    status: str
    revision: int
    error: str
    version_id: str | None

    @property
    def has_ended(self) -> bool:
        """Whether it will not change any more."""
        return self.status in self.ENDED


@dataclass(frozen=True)
class Version(ApiModel):
    """A finished full-size result; ``model`` is the name of the model version."""

    id: str
    revision: int
    model: str
    width: int
    height: int
    created: str


@dataclass(frozen=True)
class Batch(ApiModel):
    """Many photos coloured together; ``remaining`` is in seconds."""

    ENDED: ClassVar[frozenset[str]] = frozenset({"done", "failed", "cancelled"})

    id: str
    name: str
    status: str
    total: int
    done: int
    failed: int
    remaining: float | None
    model: str | None
    format: str

    @property
    def has_ended(self) -> bool:
        """Whether it will not change any more, unless it is retried."""
        return self.status in self.ENDED


@dataclass(frozen=True)
class BatchItem(ApiModel):
    """A photo of a batch: ``error`` says why one failed."""

    number: int
    name: str
    status: str
    error: str
    output: str
    model: str | None
    result_sha256: str
    image_url: str | None


@dataclass(frozen=True)
class ModelVersion(ApiModel):
    """A model that photos are or were coloured with, with its card and its scores."""

    id: str
    name: str
    net: str
    sha256: str
    live: bool
    created: str
    card: dict[str, Any]
    scores: list[dict[str, Any]]


@dataclass(frozen=True)
class Quota:
    """What is used of something, and how much of it there may be."""

    used: int
    limit: int


@dataclass(frozen=True)
class Account(ApiModel):
    """The account that the token belongs to."""

    email: str
    language: str
    default_model: str | None
    default_export: str
    default_metadata: str
    quotas: dict[str, Quota]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return the account that ``data`` describes."""
        quotas = {name: Quota(**quota) for name, quota in data["quotas"].items()}
        return super().of({**data, "quotas": quotas})
