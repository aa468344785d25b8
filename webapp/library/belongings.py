"""What the library keeps for a user: photos, and the files that hang on them."""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.utils import timezone

from webapp.accounts.belongings import Room, Stored
from webapp.accounts.models import User
from webapp.library.labels import give_labels
from webapp.library.models import Photo
from webapp.library.services import delete_photo


def files(user: User) -> Iterator[Stored]:
    """Yield each photo's original, its hints and its full-size results, in a folder of its own."""
    photos = Photo.objects.filter(owner=user).select_related("hints")
    for photo in photos.prefetch_related("versions__model_version").iterator(chunk_size=200):
        folder = f"photos/{_folder_name(photo)}"
        yield f"{folder}/original.png", photo.original
        hints = getattr(photo, "hints", None)
        if hints is not None:
            yield f"{folder}/hints.json", json.dumps(hints.data, indent=2).encode()
        for version in photo.versions.all():
            name = f"{version.created:%Y-%m-%d}-{version.model_version.name}-{version.revision}.png"
            yield f"{folder}/{name}", version.image


def adopt(user: User, guest_key: str) -> None:
    """Give a guest's photos to a user, with whom they no longer expire, and their tags."""
    alive = Photo.objects.filter(owner=None, guest_key=guest_key, expires_at__gt=timezone.now())
    alive.update(owner=user, guest_key="", expires_at=None)
    give_labels(guest_key=guest_key, user=user)


def delete(user: User) -> None:
    """Delete a user's photos with their files, those in the trash included."""
    for photo in Photo.objects.filter(owner=user):
        delete_photo(photo=photo)


def _folder_name(photo: Photo) -> str:
    title = "".join(letter if letter.isalnum() else "-" for letter in photo.title).strip("-")
    return f"{title[:60]}-{photo.pk.hex[:8]}" if title else str(photo.pk)


ROOM = Room(name="library", files=files, adopt=adopt, delete=delete)
