"""The only ways to a token: its owner's, by id, and a program's, by the token itself."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils import timezone

from webapp.accounts.models import User
from webapp.api.models import Token
from webapp.api.services import START, digest_of


class TokenNotFound(Exception):
    """There is no such token, it is over, or it is somebody else's: which one is not told."""


def tokens_of(user: User) -> QuerySet[Token]:
    """Return the tokens of ``user``, newest first, revoked ones included."""
    return Token.objects.filter(owner=user)


def access_token(user: User, token_id: uuid.UUID) -> Token:
    """Return a token of ``user``.

    Raises:
        TokenNotFound: it does not exist, or is somebody else's.
    """
    token = tokens_of(user).filter(pk=token_id).first()
    if token is None:
        raise TokenNotFound
    return token


def token_for(secret: str) -> Token:
    """Return the valid token that ``secret`` is, with its owner.

    Raises:
        TokenNotFound: there is none, it is over, or its owner's account is switched off.
    """
    if not secret.startswith(START):
        raise TokenNotFound
    found = Token.objects.select_related("owner").filter(digest=digest_of(secret)).first()
    if found is None or not found.is_valid(timezone.now()) or not found.owner.is_active:
        raise TokenNotFound
    return found
