"""What an operation of the HTTP API declares beside its function: who may do it, and how much."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial, wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja.decorators import decorate_view

from colorizer.intake import MIB, IntakeError, too_many_bytes

Function = TypeVar("Function", bound=Callable[..., Any])
Run = Callable[..., HttpResponseBase]


class Scope(models.TextChoices):
    """A part of the API, for tokens; writing to one includes reading it."""

    PHOTOS_READ = "photos:read", _("See photos, hints and results")
    PHOTOS_WRITE = "photos:write", _("Upload, change, colour and delete photos")
    BATCHES_READ = "batches:read", _("See batches and download what they made")
    BATCHES_WRITE = "batches:write", _("Start, stop and delete batches")
    MODELS_READ = "models:read", _("See the models and their scores")
    ACCOUNT_READ = "account:read", _("See the account: quotas and preferences")


class Rate(StrEnum):
    """What is counted by the minute; the value is the setting that limits it."""

    READS = "API_READS_PER_MINUTE"
    WRITES = "API_WRITES_PER_MINUTE"
    UPLOADS = "API_UPLOADS_PER_MINUTE"
    PREDICTIONS = "API_PREDICTIONS_PER_MINUTE"


@dataclass(frozen=True)
class Body:
    """How large the body of a request may be.

    Attributes:
        setting: says how many bytes.
        envelope: bytes that a form has around them.
        error: makes the sentence for a larger one; that of status 413 without it.
    """

    setting: str
    envelope: int = 0
    error: Callable[[], IntakeError] | None = None

    @property
    def max_bytes(self) -> int:
        """The largest body, in bytes."""
        return int(getattr(settings, self.setting)) + self.envelope


DOCUMENT = Body("DATA_UPLOAD_MAX_MEMORY_SIZE")
FILE = Body("UPLOAD_MAX_BYTES", MIB, lambda: too_many_bytes(settings.UPLOAD_MAX_BYTES))


@dataclass(frozen=True)
class Declaration:
    """What :func:`operation` was given."""

    scope: Scope
    rate: Rate
    body: Body = DOCUMENT
    admission: bool = False
    errors: Collection[int] = field(default_factory=tuple)


def operation(
    scope: Scope,
    *,
    rate: Rate | None = None,
    body: Body = DOCUMENT,
    admission: bool = False,
    errors: Collection[int] = (),
) -> Callable[[Function], Function]:
    """Declare an operation of the API; stands right below ``@router.get`` and the like.

    Args:
        scope: what a token needs for it.
        rate: what it is counted as; reads or writes, as its scope is, when left out.
        body: how large the body may be.
        admission: it brings new work, which is put off while strokes wait for long.
        errors: the statuses it may fail with, beside those that all operations have.
    """
    if rate is None:
        rate = Rate.READS if scope.endswith(":read") else Rate.WRITES
    declaration = Declaration(scope, rate, body, admission, errors)

    def declare(function: Function) -> Function:
        cast(Any, function).declaration = declaration
        return decorate_view(partial(_announcing, declaration))(function)

    return declare


def declaration_of(declarer: Callable[..., Any] | HttpRequest) -> Declaration:
    """Return what an operation's function, or the operation that a request is for, declares."""
    return cast(Declaration, cast(Any, declarer).declaration)


def _announcing(declaration: Declaration, run: Run) -> Run:
    """Tell whoever checks the request, before it is answered, what its operation declares."""

    @wraps(run)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        cast(Any, request).declaration = declaration
        return run(request, *args, **kwargs)

    return wrapped
