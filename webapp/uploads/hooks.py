"""What this app has of a user: what has arrived of files on their way."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from webapp.accounts.models import User
from webapp.common.hooks import StoredRows, UserDataProvider
from webapp.uploads.models import Upload
from webapp.uploads.services import give_uploads, release_all


def adopt(user: User, guest_key: str) -> None:
    """Let a guest who signs in go on with what is being uploaded."""
    give_uploads(guest_key=guest_key, user=user)


def delete(user: User) -> None:
    """Delete what has arrived."""
    release_all(user=user)


def storage() -> Iterator[StoredRows]:
    """Yield what has arrived of files on their way."""
    waiting = Upload.objects.filter(expires_at__gt=timezone.now(), state=Upload.State.OPEN)
    yield StoredRows(rows=waiting, size="offset", user="owner", guest="guest_key")


PROVIDER = UserDataProvider(name="uploads", adopt=adopt, delete=delete, storage=storage)
