"""Links that open something to whoever has them."""

from __future__ import annotations

import secrets

TOKEN_BYTES = 24


def new_token() -> str:
    """Return what nobody guesses: 192 bits, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)
