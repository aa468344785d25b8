"""Where a batch's files are in the storage, and how they go: all below ``batches/<id>/``."""

from __future__ import annotations

import uuid

ROOT = "batches"


def batch_folder(batch_id: uuid.UUID | str) -> str:
    """Return the key under which everything of a batch is kept."""
    return f"{ROOT}/{batch_id}"


def archive_key(batch_id: uuid.UUID) -> str:
    """Return the key of the ZIP that a batch was made of."""
    return f"{batch_folder(batch_id)}/source.zip"


def result_key(batch_id: uuid.UUID, item_id: int, chunk: uuid.UUID, extension: str) -> str:
    """Return the key of a result: two workers that had the same photo never share one."""
    return f"{batch_folder(batch_id)}/results/{item_id}-{chunk.hex[:12]}.{extension}"
