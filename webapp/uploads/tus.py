"""The words of tus 1.0 (https://tus.io/protocols/resumable-upload): versions, headers, metadata."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import UTC
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date
from django.utils.translation import gettext

from webapp.common.problems import ProblemError, problem_response
from webapp.uploads.models import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
PIECE_TYPE = "application/offset+octet-stream"
MAX_METADATA = 4096

Run = Callable[..., HttpResponse]


def speaks_tus(run: Run) -> Run:
    """Turn away clients of another version, and name ours in every answer, errors included."""

    @wraps(run)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("Tus-Resumable") != VERSION:
            message = gettext("This address speaks tus 1.0.0: send the header Tus-Resumable.")
            response: HttpResponse = problem_response(412, "tus_version", message)
            response.headers["Tus-Version"] = VERSION
        else:
            response = run(request, *args, **kwargs)
        response.headers["Tus-Resumable"] = VERSION
        return response

    return wrapped


def parse_metadata(header: str) -> dict[str, str]:
    """Return ``Upload-Metadata`` decoded: pairs of a key and base64, between commas.

    Raises:
        ProblemError: it is not of that form, or too long.
    """
    if len(header) > MAX_METADATA:
        raise ProblemError(400, "bad_metadata", gettext("Upload-Metadata is too long."))
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            message = gettext("Upload-Metadata is not pairs of a key and base64.")
            raise ProblemError(400, "bad_metadata", message) from None
    return found


def purpose_of(metadata: dict[str, str]) -> Upload.Purpose:
    """Return what an upload is to become, a photo unless ``purpose`` says otherwise.

    Raises:
        ProblemError: there is no such purpose.
    """
    try:
        return Upload.Purpose(metadata.get("purpose", Upload.Purpose.PHOTO))
    except ValueError:
        message = gettext("The purpose of an upload is photo or archive.")
        raise ProblemError(422, "bad_purpose", message) from None


def serialize(upload: Upload, response: HttpResponse) -> HttpResponse:
    """Add where an upload stands to an answer about it."""
    response.headers["Upload-Offset"] = str(upload.offset)
    response.headers["Upload-Expires"] = http_date(upload.expires_at.astimezone(UTC).timestamp())
    return response
