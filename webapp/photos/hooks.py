"""What this app has of a user: photos, with their originals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.common.hooks import Stored, StoredRows, UserDataProvider
from webapp.photos.files import extension_of
from webapp.photos.models import Photo
from webapp.photos.selectors import export_folder
from webapp.photos.services import delete_photo

_DAY = timedelta(days=1)


def files(user: User) -> Iterator[Stored]:
    """Yield each photo's original, in a folder of its own."""
    for photo in Photo.objects.filter(owner=user).iterator(chunk_size=200):
        yield f"{export_folder(photo)}/original.{extension_of(photo)}", photo.original


def adopt(user: User, guest_key: str) -> None:
    """Give a guest's photos to a user, with whom they no longer expire."""
    alive = Photo.objects.filter(owner=None, guest_key=guest_key, expires_at__gt=timezone.now())
    alive.update(owner=user, guest_key="", expires_at=None)


def delete(user: User) -> None:
    """Delete a user's photos with their files, those in the trash included."""
    for photo in Photo.objects.filter(owner=user):
        delete_photo(photo=photo)


def storage() -> Iterator[StoredRows]:
    """Yield the originals, those in the trash included."""
    yield StoredRows(rows=Photo.objects.all(), size="bytes", user="owner", guest="guest_key")


def uploads_counted(actor: Actor) -> int:
    """Return how many photos a user has, or how many a guest has added in a day."""
    photos = _photos_of(actor)
    if actor.user is None:
        photos = photos.filter(created__gt=timezone.now() - _DAY)
    return photos.count()


def _photos_of(actor: Actor) -> QuerySet[Photo]:
    """Every photo that takes room, those in the trash and those about to expire included."""
    if actor.user is not None:
        return Photo.objects.filter(owner=actor.user)
    return Photo.objects.filter(owner=None, guest_key=actor.guest_key or None)


PROVIDER = UserDataProvider(
    name="photos",
    files=files,
    adopt=adopt,
    delete=delete,
    storage=storage,
    uploads_counted=uploads_counted,
)
