"""Users: found, looked at, given other limits, closed and opened."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from webapp.accounts.models import User
from webapp.accounts.staff_services import (
    QUOTAS,
    AccountError,
    close_account,
    open_account,
    set_quotas,
)
from webapp.staff import labels
from webapp.staff.access import staff_only
from webapp.staff.forms import QuotaForm
from webapp.staff.people import find_users, limits_of, with_use
from webapp.staff.views.common import actor_of, page_of, show


@require_safe
@never_cache
@staff_only
def users(request: HttpRequest) -> HttpResponse:
    """Show the users whom the address asks for."""
    query, state = request.GET.get("q", ""), request.GET.get("state", "")
    page = page_of(request, find_users(query=query, state=state))
    context = {
        "page": page,
        "query": query,
        "state": state,
        "states": labels.USERS.items(),
        "site": {name: getattr(settings, name.upper()) for name in QUOTAS},
    }
    return show(request, "users", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def user(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show a user with the form for their limits, and pass a filled one on."""
    person = get_object_or_404(with_use(User.objects.all()), pk=user_id)
    sent = request.method == "POST"
    form = QuotaForm.of(person, request.POST if sent else None)
    if sent and form.is_valid():
        if set_quotas(actor=actor_of(request), user=person, quotas=form.quotas()):
            messages.success(request, gettext("The limits are changed."))
        return redirect("dashboard:user", user_id=user_id)
    site = {name: getattr(settings, name.upper()) for name in QUOTAS}
    context = {
        "tab": "users",
        "person": person,
        "form": form,
        "limits": limits_of(person),
        "site": site,
    }
    return show(request, "user", context, status=422 if sent else 200)


@require_POST
@staff_only
def close(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a user in no more."""
    return _act(request, user_id, close_account, gettext("The account is closed."))


@require_POST
@staff_only
def reopen(request: HttpRequest, user_id: int) -> HttpResponse:
    """Let a user in again."""
    return _act(request, user_id, open_account, gettext("The account is open again."))


def _act(
    request: HttpRequest, user_id: int, service: Callable[..., None], done: str
) -> HttpResponse:
    person = get_object_or_404(User, pk=user_id)
    try:
        service(actor=actor_of(request), user=person)
    except AccountError as refused:
        messages.error(request, gettext("Nothing has changed. %(why)s") % {"why": refused})
    else:
        messages.success(request, done)
    return redirect("dashboard:user", user_id=user_id)
