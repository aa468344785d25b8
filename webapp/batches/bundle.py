"""A batch's results as one ZIP, made while it is sent: nothing of it is kept, in memory or file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from zipstream import ZipStream

from webapp.batches.manifest import as_csv, as_json, manifest_of
from webapp.batches.models import Batch, BatchItem
from webapp.library.media import sealed

_PIECE = 256 * 1024
_PRIVATE = "private, no-store"


def send_bundle(request: HttpRequest, batch: Batch) -> StreamingHttpResponse:
    """Send what there is of a batch: the results so far, and the manifest as JSON and CSV."""
    bundle = bundle_of(batch)
    pieces = _pieces(bundle) if isinstance(request, ASGIRequest) else iter(bundle)
    response = StreamingHttpResponse(pieces)
    response.headers["Content-Length"] = str(len(bundle))
    name = batch.name.replace("/", "-").replace("\\", "-").strip(" .") or "batch"
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.zip") or ""
    sealed(response, content_type="application/zip", disposition=disposition, cache=_PRIVATE)
    return response


def bundle_of(batch: Batch) -> ZipStream:
    """Return the ZIP, of which nothing is read before it is iterated over.

    Pictures are packed already, so they are stored as they are, and the size is known beforehand.
    """
    bundle = ZipStream(sized=True)
    manifest = manifest_of(batch)
    bundle.add(as_json(manifest), "manifest.json")
    bundle.add(as_csv(manifest), "manifest.csv")
    done = batch.items.filter(status=BatchItem.Status.DONE)
    for key, output, size in done.values_list("result", "output", "result_bytes"):
        bundle.add(_file(key), f"photos/{output}", size=size)
    return bundle


def _file(key: str) -> Iterator[bytes]:
    with default_storage.open(key) as file:
        while piece := file.read(_PIECE):
            yield piece


async def _pieces(bundle: ZipStream) -> AsyncIterator[bytes]:
    pieces = iter(bundle)
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece
