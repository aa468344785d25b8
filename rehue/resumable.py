"""Uploads in pieces (tus 1.0): after a lost connection the site says where to go on."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from rehue.errors import ApiError, UnreachableError
from rehue.transport import Transport

PIECE = 8 * 1024 * 1024
_TUS = {"Tus-Resumable": "1.0.0"}
_TRIES = 5


def upload_in_pieces(
    transport: Transport,
    path: Path,
    purpose: str,
    progress: Callable[[int, int], None] | None = None,
) -> str:
    """Upload a file; return the upload's id.

    Args:
        transport: to the site.
        path: the file.
        purpose: ``archive`` for what a batch is made of.
        progress: called with the bytes sent so far, and all.

    Raises:
        ApiError: the site refused.
        UnreachableError: it did not answer any more.
    """
    size = path.stat().st_size
    metadata = f"filename {_word(path.name)},purpose {_word(purpose)}"
    headers = _TUS | {"Upload-Length": str(size), "Upload-Metadata": metadata}
    address = transport.send("POST", "/api/uploads", headers=headers).headers["Location"]
    offset, lost = 0, 0
    with path.open("rb") as file:
        while offset < size:
            file.seek(offset)
            try:
                offset = _append(transport, address, file.read(PIECE), offset)
                lost = 0
            except (UnreachableError, ApiError) as error:
                lost += 1
                if lost > _TRIES or not _may_go_on(error):
                    raise
                answer = transport.send("HEAD", address, headers=_TUS)
                offset = int(answer.headers["Upload-Offset"])
            if progress is not None:
                progress(offset, size)
    return str(address).rstrip("/").rsplit("/", 1)[-1]


def _append(transport: Transport, address: str, piece: bytes, offset: int) -> int:
    headers = _TUS | {
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }
    answer = transport.send("PATCH", address, content=piece, headers=headers, again=False)
    return int(answer.headers["Upload-Offset"])


def _may_go_on(error: Exception) -> bool:
    """Whether asking where the upload ends, and going on from there, may help."""
    return isinstance(error, UnreachableError) or (
        isinstance(error, ApiError) and error.status in (409, 429, 502, 503, 504)
    )


def _word(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
