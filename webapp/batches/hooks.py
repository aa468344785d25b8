"""What this app has of a user: batches, with what was uploaded for them and their results."""

from __future__ import annotations

from collections.abc import Iterator

from webapp.accounts.models import User
from webapp.batches.manifest import as_json, manifest_of
from webapp.batches.models import Batch, BatchItem
from webapp.batches.services import delete_batches_of
from webapp.common.hooks import Stored, StoredRows, UserDataProvider


def _files(user: User) -> Iterator[Stored]:
    """Yield what a user's batches made, each batch with its manifest."""
    for batch in Batch.objects.filter(owner=user):
        folder = f"batches/{batch.pk}"
        yield f"{folder}/manifest.json", as_json(manifest_of(batch))
        done = batch.items.filter(status=BatchItem.Status.DONE)
        for output, result in done.values_list("output", "result"):
            yield f"{folder}/photos/{output}", result


def _delete(user: User) -> None:
    delete_batches_of(user=user)


def _storage() -> Iterator[StoredRows]:
    """Yield what was uploaded for batches, and their results."""
    yield StoredRows(rows=Batch.objects.all(), size="bytes", user="owner")
    yield StoredRows(rows=BatchItem.objects.all(), size="result_bytes", user="batch__owner")


PROVIDER = UserDataProvider(name="batches", files=_files, delete=_delete, storage=_storage)
