"""What the uploads keep for a user: what has arrived of files on their way."""

from __future__ import annotations

from webapp.accounts.belongings import Room
from webapp.accounts.models import User
from webapp.uploads.services import give_uploads, release_all


def adopt(user: User, guest_key: str) -> None:
    """Let a guest who signs in go on with what is being uploaded."""
    give_uploads(guest_key=guest_key, user=user)


def delete(user: User) -> None:
    """Delete what has arrived."""
    release_all(user=user)


ROOM = Room(name="uploads", adopt=adopt, delete=delete)
