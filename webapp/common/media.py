"""The one way out for photos' files; whoever calls it has asked ``access_photo`` before.

nginx sends the file itself where ``X_ACCEL_PREFIX`` is set, S3 behind a short-lived signed address,
and else this process streams it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header

IMMUTABLE = "private, max-age=31536000, immutable"
REVALIDATE = "private, no-cache"
NO_STORE = "private, no-store"
_CHUNK = 256 * 1024


def send_stored(
    request: HttpRequest,
    key: str,
    *,
    content_type: str,
    filename: str = "",
    cache: str = IMMUTABLE,
) -> HttpResponseBase:
    """Send a stored file.

    Args:
        request: what is answered.
        key: of the file in the storage.
        content_type: its media type.
        filename: the name to save it under; shown in the browser when left out.
        cache: how long a browser may keep it: for good, when left out.

    Raises:
        FileNotFoundError: the storage has no such file.
    """
    disposition = _disposition(filename)
    response: HttpResponseBase
    if not isinstance(default_storage, FileSystemStorage):
        response = _redirect(key, content_type, disposition)
        cache = NO_STORE  # the address is signed for minutes, the file is kept for good
    elif settings.X_ACCEL_PREFIX:
        response = HttpResponse()
        response.headers["X-Accel-Redirect"] = settings.X_ACCEL_PREFIX + quote(key)
    else:
        response = _streamed(request, default_storage.open(key))
    return sealed(response, content_type=content_type, disposition=disposition, cache=cache)


def send_pieces(
    request: HttpRequest, pieces: Iterable[bytes], *, content_type: str, filename: str = ""
) -> HttpResponseBase:
    """Send a file while it is made, the way the running server wants it."""
    body = in_threads(pieces) if isinstance(request, ASGIRequest) else iter(pieces)
    response = StreamingHttpResponse(body)
    disposition = _disposition(filename)
    return sealed(response, content_type=content_type, disposition=disposition, cache=NO_STORE)


async def in_threads(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Yield what a slow iterator yields, waiting for each in a thread."""
    source = iter(pieces)
    while (piece := await asyncio.to_thread(next, source, None)) is not None:
        yield piece


def _disposition(filename: str) -> str:
    return content_disposition_header(bool(filename), filename) or "inline"


def sealed(
    response: HttpResponseBase, *, content_type: str, disposition: str = "", cache: str = IMMUTABLE
) -> HttpResponseBase:
    """Add the headers that keep users' pictures from being anything but pictures."""
    response.headers["Content-Type"] = content_type
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = cache
    response.headers["Vary"] = "Cookie"
    if disposition:
        response.headers["Content-Disposition"] = disposition
    return response


def _redirect(key: str, content_type: str, disposition: str) -> HttpResponse:
    storage: Any = default_storage
    parameters = {
        "ResponseContentType": content_type,
        "ResponseContentDisposition": disposition,
        "ResponseCacheControl": IMMUTABLE,
    }
    return HttpResponseRedirect(storage.url(key, parameters=parameters))


def _streamed(request: HttpRequest, file: File[Any]) -> HttpResponseBase:
    """Send ``file`` in pieces, never whole in memory, the way the running server wants it."""
    if not isinstance(request, ASGIRequest):
        return FileResponse(file)
    response = StreamingHttpResponse(_pieces(file))
    response.headers["Content-Length"] = str(file.size)
    return response


async def _pieces(file: File[Any]) -> AsyncIterator[bytes]:
    try:
        while piece := await asyncio.to_thread(file.read, _CHUNK):
            yield piece
    finally:
        await asyncio.to_thread(file.close)
