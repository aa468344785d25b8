"""What a token may do: the one place that says which operation needs which scope."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """A part of the API; writing to one includes reading it."""

    PHOTOS_READ = "photos:read", _("See photos, hints and results")
    PHOTOS_WRITE = "photos:write", _("Upload, change, colour and delete photos")
    BATCHES_READ = "batches:read", _("See batches and download what they made")
    BATCHES_WRITE = "batches:write", _("Start, stop and delete batches")
    MODELS_READ = "models:read", _("See the models and their scores")
    ACCOUNT_READ = "account:read", _("See the account: quotas and preferences")


# The first part of an operation's path says which room it is of.
_ROOMS = {
    "account": "account",
    "batches": "batches",
    "jobs": "photos",
    "labels": "photos",
    "models": "models",
    "photos": "photos",
    "trash": "photos",
    "uploads": "photos",
    "versions": "photos",
}
_READING = {"GET", "HEAD", "OPTIONS"}


def scope_of(method: str, path: str) -> Scope | None:
    """Return the scope that an operation needs.

    Args:
        method: the HTTP method.
        path: the operation's path below ``/api/``, with or without values in it.

    Returns:
        None for what no token may do.
    """
    room = _ROOMS.get(path.removeprefix("/").removeprefix("api/").split("/")[0])
    what = f"{room}:{'read' if method.upper() in _READING else 'write'}"
    return Scope(what) if what in Scope.values else None


def allows(granted: list[str], needed: Scope) -> bool:
    """Tell whether a token with the scopes ``granted`` may do what needs ``needed``."""
    return needed in granted or needed.replace(":read", ":write") in granted
