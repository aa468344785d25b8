"""The pieces of an upload as one file, read where they lie."""

from __future__ import annotations

import bisect
import io
from collections.abc import Sequence
from typing import Any

from django.core.files import File
from django.core.files.storage import default_storage

from webapp.uploads.models import Piece, Upload

BUFFER = 256 * 1024


class _Pieces(io.RawIOBase):
    """A seekable file over files; one of them is open at a time."""

    def __init__(self, pieces: Sequence[Piece], size: int) -> None:
        self._pieces = pieces
        self._starts = [piece.start for piece in pieces]
        self._size = size
        self._at = 0
        self._index = -1
        self._file: File[Any] | None = None

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go somewhere; past the end there is nothing to read."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("before the start")
        self._at = base + offset
        return self._at

    def tell(self) -> int:
        """Return where the next byte comes from."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Fill as much of ``buffer`` as the piece at hand has left."""
        if self._at >= self._size:
            return 0
        index = bisect.bisect_right(self._starts, self._at) - 1
        piece, file = self._pieces[index], self._open(index)
        file.seek(self._at - piece.start)
        requested = min(len(buffer), piece.start + piece.size - self._at)
        data = file.read(requested)
        if not data:
            raise EOFError(f"{piece.key} is shorter than it was")
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def close(self) -> None:
        """Close what is open."""
        if self._file is not None:
            self._file.close()
        super().close()

    def _open(self, index: int) -> File[Any]:
        if self._file is None or index != self._index:
            if self._file is not None:
                self._file.close()
            self._file = default_storage.open(self._pieces[index].key)
            self._index = index
        return self._file


def opened(upload: Upload) -> io.BufferedReader:
    """Open a complete upload as one seekable file; whoever opens it closes it."""
    return io.BufferedReader(_Pieces(list(upload.pieces.all()), upload.size), BUFFER)
