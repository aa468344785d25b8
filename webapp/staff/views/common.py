"""What the dashboard's pages share: who may see them, and whole pages or just what changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from webapp.accounts.models import User
from webapp.staff.access import staff_only

View = Callable[..., HttpResponseBase]
ROWS = 50


def superusers_only(view: View) -> View:
    """Show ``view`` to superusers; other staff are told why not, the rest as by staff_only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_superuser:
            messages.error(request, gettext("Only superusers switch the model."))
            return redirect("dashboard:home")
        return view(request, *args, **kwargs)

    return staff_only(guarded)


def actor_of(request: HttpRequest) -> User:
    """Return who sends a request that :func:`staff_only` has let through."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def show(
    request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """Show a page whose tab has the same name."""
    return render(request, f"dashboard/{name}.html", {"tab": name} | context, status=status)


def show_live(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """Show a page; to htmx, which asks again every few seconds, only the part that changes.

    Args:
        request: its header ``HX-Request`` tells which.
        name: of the page, whose changing part is the template ``_<name>.html``.
        context: of both.
    """
    if request.headers.get("HX-Request") == "true":
        response = render(request, f"dashboard/_{name}.html", context)
    else:
        response = show(request, name, context)
    response.headers["Vary"] = "HX-Request"
    return response


def page_of(request: HttpRequest, rows: Any, size: int = ROWS) -> Page[Any]:
    """Return the page of ``rows`` that the address asks for; the last one where it is too high."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
