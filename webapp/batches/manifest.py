"""The manifest of a batch: what each photo became, by which model, with which hints.

docs/reference/manifest.md is the contract.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

from colorizer.hints import HintSet
from colorizer.metadata.xmp import SOURCE_TYPE
from training.models import ModelVersion
from webapp.batches.models import Batch, BatchItem
from webapp.batches.palette import Palette
from webapp.batches.selectors import hints_address

VERSION = 1
COLUMNS = (
    "number", "file", "file_bytes", "page", "status", "result", "width", "height", "model",
    "model_sha256", "software", "digital_source_type", "hints", "hints_count", "hints_sha256",
    "hint_set", "source_sha256", "result_sha256", "error",
)  # fmt: skip


def manifest_of(batch: Batch) -> dict[str, Any]:
    """Return the whole manifest of a batch as it stands."""
    items = batch.items.select_related("model_version", "photo")
    shared = _palette_hints(batch)
    return {
        "version": VERSION,
        "batch": str(batch.pk),
        "name": batch.name,
        "status": batch.status,
        "created": batch.created.isoformat(),
        "finished": batch.finished.isoformat() if batch.finished else None,
        "format": batch.format,
        "quality": batch.quality,
        "metadata": batch.metadata,
        "mark": batch.mark,
        "hints": batch.hints,
        "palette": batch.palette,
        "total": batch.total,
        "done": batch.done,
        "failed": batch.failed,
        "files": [_row(batch, item, shared) for item in items.iterator(chunk_size=500)],
    }


def as_json(manifest: dict[str, Any]) -> bytes:
    """Return a manifest as the JSON file in the archive."""
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def as_csv(manifest: dict[str, Any]) -> bytes:
    """Return a manifest's files as CSV, in UTF-8 with a mark so that spreadsheets see it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _cell(row[name]) for name in COLUMNS} for row in manifest["files"])
    return text.getvalue().encode("utf-8-sig")


def _row(batch: Batch, item: BatchItem, shared: dict[str, Any] | None) -> dict[str, Any]:
    model: ModelVersion | None = item.model_version
    done = item.status == BatchItem.Status.DONE
    hints, kind = (shared, "palette") if shared else (item.hints, "file" if item.hints else "none")
    return {
        "number": item.number,
        "file": item.name,
        "file_bytes": bytes(item.raw_name).hex() or None,
        "page": item.photo.page if item.photo else item.page,
        "status": item.status,
        "result": item.output if done else None,
        "width": item.width or None,
        "height": item.height or None,
        "model": model.name if model else None,
        "model_sha256": model.sha256 if model else None,
        "software": item.software or None,
        "digital_source_type": SOURCE_TYPE if done else None,
        "hints": kind,
        "hints_count": len(hints["hints"]) if hints else 0,
        "hints_sha256": _digest(hints) if hints else None,
        "hint_set": hints_address(batch, item) if hints else None,
        "source_sha256": item.source_sha256 or None,
        "result_sha256": item.result_sha256 or None,
        "error": item.error or None,
    }


def _palette_hints(batch: Batch) -> dict[str, Any] | None:
    if batch.hints != Batch.Hints.PALETTE:
        return None
    hints: HintSet = Palette.model_validate(batch.palette).to_hints()
    return hints.to_json()


def _digest(hints: dict[str, Any]) -> str:
    """Return the sha256 of a hint set as compact JSON with sorted keys."""
    text = json.dumps(hints, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _cell(value: Any) -> Any:
    """Return a value for a spreadsheet: text that it would take for a formula is quoted."""
    text = "" if value is None else value
    if isinstance(text, str) and text.startswith(("=", "+", "-", "@", "\t", "\r")):
        return f"'{text}"
    return text
