"""A batch's results as one ZIP, made while it is sent: nothing of it is kept, in memory or file."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from zipstream import ZipStream

from webapp.batches.manifest import as_csv, as_json, manifest_of
from webapp.batches.models import Batch, BatchItem
from webapp.common.archives import file_stem, new_archive, send_archive, stored_pieces


def send_bundle(request: HttpRequest, batch: Batch) -> StreamingHttpResponse:
    """Send what there is of a batch: the results so far, and the manifest as JSON and CSV."""
    return send_archive(request, bundle_of(batch), name=file_stem(batch.name, "batch"))


def bundle_of(batch: Batch) -> ZipStream:
    """Return the ZIP, of which nothing is read before it is iterated over.

    Pictures are packed already, so they are stored as they are, and the size is known beforehand.
    """
    bundle = new_archive(sized=True)
    manifest = manifest_of(batch)
    bundle.add(as_json(manifest), "manifest.json")
    bundle.add(as_csv(manifest), "manifest.csv")
    done = batch.items.filter(status=BatchItem.Status.DONE)
    for key, output, size in done.values_list("result", "output", "result_bytes"):
        bundle.add(stored_pieces(key), f"photos/{output}", size=size)
    return bundle
