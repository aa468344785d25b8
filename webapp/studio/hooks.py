"""What the studio has of a user: hints and full-size results of their photos."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.db.models import F

from webapp.accounts.models import User
from webapp.common.hooks import Stored, StoredRows, UserDataProvider
from webapp.photos.models import Photo
from webapp.photos.selectors import export_folder
from webapp.studio.models import Hints, Version


def files(user: User) -> Iterator[Stored]:
    """Yield each photo's hints and full-size results, in the photo's folder."""
    photos = Photo.objects.filter(owner=user).select_related("hints")
    for photo in photos.prefetch_related("versions__model_version").iterator(chunk_size=200):
        folder = export_folder(photo)
        hints = getattr(photo, "hints", None)
        if hints is not None:
            yield f"{folder}/hints.json", json.dumps(hints.data, indent=2).encode()
        for version in photo.versions.all():
            yield f"{folder}/{_name(version)}", version.image


def _name(version: Version) -> str:
    if version.model_version is None:  # there may be several of a revision
        return f"{version.created:%Y-%m-%d}-copy-{version.pk}.png"
    return f"{version.created:%Y-%m-%d}-{version.model_version.name}-{version.revision}.png"


def storage() -> Iterator[StoredRows]:
    """Yield hints and full-size results."""
    paths = {"user": "photo__owner", "guest": "photo__guest_key"}
    yield StoredRows(rows=Hints.objects.all(), size="bytes", **paths)
    yield StoredRows(rows=Version.objects.all(), size=F("bytes") + F("hints_bytes"), **paths)


PROVIDER = UserDataProvider(name="studio", files=files, storage=storage)
