"""The page where users say where they want to be told, and see what was told."""

from __future__ import annotations

import uuid
from typing import cast

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from webapp.accounts.models import User
from webapp.webhooks import services
from webapp.webhooks.access import (
    WebhookNotFoundError,
    access_delivery,
    access_webhook,
    recent_deliveries,
    webhooks_of,
)
from webapp.webhooks.models import URL_LENGTH


class WebhookForm(forms.Form):
    """Where to."""

    url = forms.CharField(
        label=_("Address"),
        max_length=URL_LENGTH,
        widget=forms.URLInput,
        help_text=_("A public address that takes POST requests, such as https://example.org/hook."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required(enabled=lambda request: request.method == "POST")  # type: ignore[untyped-decorator]  # allauth ships no types
def webhooks_page(request: HttpRequest) -> HttpResponse:
    """Show one's webhooks with what they were told last, and the form for a new one."""
    user = cast(User, request.user)
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_webhook(owner=user, url=form.cleaned_data["url"])
            messages.success(request, gettext("The webhook is there, and is told from now on."))
            return redirect("webhooks:list")
        except services.WebhookRefusedError as error:
            form.add_error("url", str(error))
    context = {
        "form": form,
        "webhooks": webhooks_of(user),
        "deliveries": recent_deliveries(user),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "webhooks/list.html", context, status=status)


@require_POST
@login_required
def remove_page(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """Remove one of one's webhooks."""
    try:
        webhook = access_webhook(cast(User, request.user), webhook_id)
    except WebhookNotFoundError:
        raise Http404 from None
    services.remove_webhook(webhook=webhook)
    messages.success(request, gettext("The webhook is removed."))
    return redirect("webhooks:list")


@require_POST
@login_required
def deliver_again_page(request: HttpRequest, delivery_id: uuid.UUID) -> HttpResponse:
    """Send a delivery again."""
    try:
        delivery = access_delivery(cast(User, request.user), delivery_id)
    except WebhookNotFoundError:
        raise Http404 from None
    services.deliver_again(delivery=delivery)
    messages.success(request, gettext("It is sent again."))
    return redirect("webhooks:list")
