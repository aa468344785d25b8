"""The page where users make and revoke their tokens; tokens themselves never get here."""

from __future__ import annotations

import uuid
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from webapp.accounts.models import User
from webapp.api.access import TokenNotFoundError, access_token, tokens_of
from webapp.api.forms import TokenForm
from webapp.api.models import Token
from webapp.api.services import TokenLimitError, create_token, revoke_token
from webapp.common.operations import Scope


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required(enabled=lambda request: request.method == "POST")  # type: ignore[untyped-decorator]  # allauth ships no types
def tokens_page(request: HttpRequest) -> HttpResponse:
    """Show one's tokens and the form for a new one; a new one is shown this once.

    A token outlives the session that it is made in: whoever makes one shows once more who it is.
    """
    user = cast(User, request.user)
    form = TokenForm(request.POST if request.method == "POST" else None)
    made: tuple[Token, str] | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = create_token(
                user=user,
                name=form.cleaned_data["name"],
                scopes=form.chosen_scopes(),
                expires_at=form.expires_at(),
            )
        except TokenLimitError as error:
            form.add_error(None, str(error))
    context = {
        "form": TokenForm() if made else form,
        "made": made and {"token": made[0], "secret": made[1]},
        "tokens": [_serialized(token) for token in tokens_of(user).filter(revoked_at=None)],
    }
    status = 201 if made else 422 if request.method == "POST" else 200
    return render(request, "api/tokens.html", context, status=status)


@require_POST
@login_required
def revoke_page(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    """Revoke one of one's tokens."""
    user = cast(User, request.user)
    try:
        token = access_token(user, token_id)
    except TokenNotFoundError:
        raise Http404 from None
    revoke_token(actor=user, token=token)
    words = gettext("%(name)s is revoked: nothing can be done with it any more.")
    messages.success(request, words % {"name": token.name})
    return redirect("api_tokens:list")


def _serialized(token: Token) -> dict[str, Any]:
    over = token.expires_at is not None and token.expires_at <= timezone.now()
    return {
        "row": token,
        "scopes": [Scope(scope).label for scope in token.scopes if scope in Scope.values],
        "over": over,
    }
