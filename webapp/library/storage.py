"""Photos' files in a folder, each written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage


class MediaFolder(FileSystemStorage):
    """Django's folder storage, but a reader (or a crash) never meets a half-written file."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Keep ``name``: keys are unique by their ids, and a second attempt replaces its first."""
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        """Write ``content`` beside its place, flush it to the disk, then rename it into place."""
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".partial-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return name
