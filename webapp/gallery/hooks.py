"""What the gallery has of a user: tags and collections."""

from __future__ import annotations

from webapp.accounts.models import User
from webapp.common.hooks import UserDataProvider
from webapp.gallery.labels import give_labels


def adopt(user: User, guest_key: str) -> None:
    """Give a guest's tags and collections to a user."""
    give_labels(guest_key=guest_key, user=user)


PROVIDER = UserDataProvider(name="gallery", adopt=adopt)
