"""ZIPs that are written while they are read, without gathering anything on disk or in memory.

Pictures are compressed already, so every entry is stored as it is.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from zipstream import ZipStream

from webapp.common.media import NO_STORE, in_threads, sealed
from webapp.common.storage import pieces_of


def new_archive(*, sized: bool = False) -> ZipStream:
    """Return an empty archive to ``add`` bytes, text and pieces to.

    Args:
        sized: its length is known before it is read; then each part has to have a ``size``.
    """
    return ZipStream(sized=sized)


def stored_pieces(key: str) -> Iterator[bytes]:
    """Yield a stored file when its turn comes; one that was deleted since is empty."""
    with contextlib.suppress(FileNotFoundError):
        yield from pieces_of(key)


def send_archive(request: HttpRequest, archive: ZipStream, *, name: str) -> StreamingHttpResponse:
    """Send an archive while it is made, the way the running server wants it.

    Args:
        request: what is answered.
        archive: what is sent.
        name: to save it under, without an extension.
    """
    pieces = in_threads(archive) if isinstance(request, ASGIRequest) else iter(archive)
    response = StreamingHttpResponse(pieces)
    if archive.sized:
        response.headers["Content-Length"] = str(len(archive))
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.zip") or ""
    sealed(response, content_type="application/zip", disposition=disposition, cache=NO_STORE)
    return response


def file_stem(title: str, fallback: str) -> str:
    """Return a title as the name of a file without an extension."""
    return title.replace("/", "-").replace("\\", "-").strip(" .")[:100] or fallback
