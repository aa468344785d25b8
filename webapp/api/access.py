"""The only ways to a token: its owner's, by id, and a program's, by the token itself."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils import timezone

from webapp.accounts.models import User
from webapp.api.models import Token
from webapp.api.secrets import START, digest_of


class TokenNotFoundError(Exception):
    """There is no such token, it is over, or it is somebody else's: which one is not told."""


def tokens_of(user: User) -> QuerySet[Token]:
    """Return the tokens of ``user``, newest first, revoked ones included."""
    return Token.objects.filter(owner=user)


def access_token(user: User, token_id: uuid.UUID) -> Token:
    """Return a token of ``user``.

    Raises:
        TokenNotFoundError: it does not exist, or is somebody else's.
    """
    token = tokens_of(user).filter(pk=token_id).first()
    if token is None:
        raise TokenNotFoundError
    return token


def token_for(secret: str) -> Token:
    """Return the valid token that ``secret`` is, with its owner.

    Raises:
        TokenNotFoundError: there is none, it is over, or its owner's account is switched off or
            about to be deleted.
    """
    if not secret.startswith(START):
        raise TokenNotFoundError
    found = Token.objects.select_related("owner").filter(digest=digest_of(secret)).first()
    if found is None or not found.is_valid(timezone.now()):
        raise TokenNotFoundError
    if not found.owner.is_active or found.owner.deletion_asked_at is not None:
        raise TokenNotFoundError
    return found
