"""What can be done with tokens: create, revoke, and note that one was used."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from webapp.accounts.models import User
from webapp.api.models import NAME_LENGTH, Token
from webapp.api.secrets import START, digest_of
from webapp.audit.models import Entry
from webapp.audit.services import record
from webapp.common.operations import Scope

_SHOWN = len(START) + 6
_NOTED = timedelta(minutes=1)


class TokenLimitError(Exception):
    """The user has as many tokens as one may have; ``str()`` of it says what can be done."""


def create_token(
    *, user: User, name: str, scopes: list[Scope], expires_at: datetime | None
) -> tuple[Token, str]:
    """Make a token for ``user``.

    Returns:
        The row, and the token itself, which nobody can be told again.

    Raises:
        TokenLimitError: the user has too many that are valid.
    """
    secret = START + secrets.token_urlsafe(32)
    with transaction.atomic():
        if valid_tokens(user=user) >= settings.API_TOKENS_PER_USER:
            message = gettext("You have %(limit)d tokens, which is the limit. Revoke some first.")
            raise TokenLimitError(message % {"limit": settings.API_TOKENS_PER_USER})
        token = Token.objects.create(
            owner=user,
            name=name[:NAME_LENGTH],
            prefix=secret[:_SHOWN],
            digest=digest_of(secret),
            scopes=[str(scope) for scope in scopes],
            expires_at=expires_at,
        )
        scope_names = " ".join(token.scopes)
        record(
            actor=user, action=Entry.Action.TOKEN_CREATED, subject=token.prefix, detail=scope_names
        )
    return token, secret


def revoke_token(*, actor: User, token: Token) -> None:
    """End a token for good; a revoked one stays as it is."""
    with transaction.atomic():
        fresh = Token.objects.filter(pk=token.pk, revoked_at=None)
        if fresh.update(revoked_at=timezone.now()):
            record(actor=actor, action=Entry.Action.TOKEN_REVOKED, subject=token.prefix)


def revoke_tokens_of(*, user: User) -> None:
    """End every token of ``user``, whose password has changed: whoever had it may have made one."""
    for token in Token.objects.filter(owner=user, revoked_at=None):
        revoke_token(actor=user, token=token)


def note_use(*, token: Token, now: datetime) -> None:
    """Remember when ``token`` was last used: at most one write a minute."""
    before = Q(last_used=None) | Q(last_used__lt=now - _NOTED)
    if token.last_used is None or token.last_used < now - _NOTED:
        Token.objects.filter(before, pk=token.pk).update(last_used=now)


def valid_tokens(*, user: User) -> int:
    """Return how many tokens of ``user`` open something."""
    alive = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return Token.objects.filter(alive, owner=user, revoked_at=None).count()
