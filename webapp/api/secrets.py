"""How a token looks, and what is kept of it."""

from __future__ import annotations

import hashlib

START = "rehue_"


def digest_of(secret: str) -> str:
    """Return what is kept of a token: it is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()
