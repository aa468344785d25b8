"""Who may see the laboratory's staff pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """Show ``view`` to staff; ask strangers to sign in, and tell other users nothing of it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_staff:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def staff_of(request: HttpRequest) -> AbstractUser:
    """Return who sends a request that :func:`staff_only` has let through."""
    if not isinstance(request.user, AbstractUser):
        raise Http404
    return request.user
