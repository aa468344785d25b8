"""Who calls the API: whoever holds the session, or a program with a personal token."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja.security import APIKeyCookie, HttpBearer

from webapp.accounts.actor import Actor, actor_of
from webapp.api.access import TokenNotFoundError, token_for
from webapp.api.services import note_use
from webapp.common.operations import Scope, declaration_of
from webapp.common.problems import ProblemError

_SCHEME = "bearer "


class SessionActor(APIKeyCookie):
    """Whoever holds the session, guest or user; unsafe requests need the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        """Return the actor: nobody is turned away here, for guests may use the site."""
        return actor_of(request)


class TokenActor(HttpBearer):
    """A personal token: no session, no CSRF token, and no more than its scopes say."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return the token's owner; None for a request that shows no token."""
        secret = shown_token(request)
        return None if secret is None else self.authenticate(request, secret)

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        """Return the token's owner, who is the request's user from here on.

        Raises:
            ProblemError: 401 for a token that opens nothing, 403 for one without the scope.
        """
        try:
            found = token_for(token)
        except TokenNotFoundError:
            raise ProblemError(401, "bad_token", gettext("This token is not valid.")) from None
        needed = declaration_of(request).scope
        if not _allows(found.scopes, needed):
            message = gettext("The token lacks the scope %(scope)s.") % {"scope": needed}
            raise ProblemError(403, "missing_scope", message, scope=needed)
        note_use(token=found, now=timezone.now())
        request.user = found.owner
        return Actor(user=found.owner)


def shown_token(request: HttpRequest) -> str | None:
    """Return what ``Authorization: Bearer`` carries; None without such a header."""
    header = request.headers.get("Authorization", "")
    return header[len(_SCHEME) :].strip() if header.lower().startswith(_SCHEME) else None


def _allows(granted: list[str], needed: Scope) -> bool:
    return needed in granted or needed.replace(":read", ":write") in granted


def caller_of(request: HttpRequest) -> Actor | None:
    """Return who a request says it is from, before anything is allowed; None for a bad token."""
    secret = shown_token(request)
    if secret is None:
        return actor_of(request)
    try:
        return Actor(user=token_for(secret).owner)
    except TokenNotFoundError:
        return None
