"""Addresses of photos, for lists of hundreds: each view's is looked up once."""

from __future__ import annotations

import uuid
from functools import cache

from django.conf import settings
from django.urls import get_script_prefix, reverse

_ANY = uuid.UUID(int=0)


def photo_address(view: str, photo_id: uuid.UUID) -> str:
    """Return the address of a view that takes a photo's id and nothing else."""
    return _pattern(view, get_script_prefix()).replace(str(_ANY), str(photo_id))


def public_address(path: str) -> str:
    """Return an address for files that leave the site: whole where ``PUBLIC_URL`` is known."""
    return f"{settings.PUBLIC_URL}{path}"


@cache
def _pattern(view: str, prefix: str) -> str:
    return reverse(view, args=[_ANY])
