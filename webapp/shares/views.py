"""What who follows a link sees, and the page where users see their links."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webapp.accounts.models import User
from webapp.common.media import sealed
from webapp.shares.access import ShareNotFoundError, access_share, open_share, shares_of
from webapp.shares.models import Share
from webapp.shares.pictures import shared_colors, shared_original
from webapp.shares.services import TooManyTriesError, is_password, revoke_share
from webapp.studio.selectors import chroma_of

PICTURES: dict[str, Callable[[Any], bytes]] = {
    "original": shared_original,
    "colors": shared_colors,
}
View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Keep what a link shows out of searches and caches, and its address from other sites.

    Not ``no-referrer``: with it browsers send forms without an origin, and those are refused.
    """

    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@private
def share_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show a photo beside its colours; where a password is wanted, ask for it first."""
    try:
        share = open_share(token)
    except ShareNotFoundError:
        return render(request, "shares/gone.html", status=404)
    if _is_open(request, share):
        chroma = chroma_of(share.photo)
        return render(request, "shares/share.html", {"share": share, "chroma": chroma})
    if request.method != "POST":
        return render(request, "shares/password.html")
    try:
        if is_password(share=share, password=request.POST.get("password", "")):
            request.session[_key(share)] = True
            return redirect(share)
    except TooManyTriesError:
        error = gettext("Too many wrong passwords. Please try again in an hour.")
        return render(request, "shares/password.html", {"error": error}, status=429)
    error = gettext("That is not the password.")
    return render(request, "shares/password.html", {"error": error}, status=403)


@require_safe
@private
def share_picture(request: HttpRequest, token: str, which: str) -> HttpResponse:
    """Send one of a link's two pictures."""
    try:
        share = open_share(token)
    except ShareNotFoundError:
        raise Http404 from None
    if which not in PICTURES or not _is_open(request, share):
        raise Http404
    response = HttpResponse(PICTURES[which](share.photo))
    return cast(
        HttpResponse, sealed(response, content_type="image/jpeg", cache="private, no-store")
    )


@require_safe
@never_cache
@login_required
def shares_page(request: HttpRequest) -> HttpResponse:
    """Show one's links."""
    shares = shares_of(cast(User, request.user))
    return render(request, "shares/list.html", {"shares": shares, "now": timezone.now()})


@require_POST
@login_required
def revoke_page(request: HttpRequest, share_id: uuid.UUID) -> HttpResponse:
    """Take one of one's links back."""
    try:
        share = access_share(cast(User, request.user), share_id)
    except ShareNotFoundError:
        raise Http404 from None
    revoke_share(share=share)
    messages.success(request, gettext("The link opens nothing any more."))
    return redirect("shares:list")


def _is_open(request: HttpRequest, share: Share) -> bool:
    return not share.password or request.session.get(_key(share)) is True


def _key(share: Share) -> str:
    return f"share.{share.pk}"
