"""The account's own pages; allauth brings those for signing in and for security."""

from __future__ import annotations

import uuid
from typing import cast

from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
)
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language

from webapp.accounts import exports, services
from webapp.accounts.actor import Actor
from webapp.accounts.forms import DeletionForm, PreferencesForm
from webapp.accounts.models import DataExport, User
from webapp.accounts.quota import quotas_of
from webapp.accounts.selectors import address_is_verified
from webapp.common.media import send_stored


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show who this is, and what of it all is used."""
    user = _user(request)
    context = {
        "quotas": quotas_of(Actor(user=user)),
        "verified": address_is_verified(user),
        "real_mail": settings.REAL_MAIL,
    }
    return render(request, "accounts/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Choose language, theme, model and download format."""
    user = _user(request)
    form = PreferencesForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.save_preferences(user=user, **form.chosen())
        with translation.override(user.language or translation.get_language()):
            messages.success(request, gettext("Your preferences are saved."))
        return redirect("accounts:preferences")
    return render(request, "accounts/preferences.html", {"form": form})


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language, of this browser and of the account."""
    user = request.user
    chosen = request.POST.get("language", "")
    if isinstance(user, User) and chosen in dict(settings.LANGUAGES):
        services.save_preferences(user=user, language=chosen)
    return set_language(request)


@require_POST
@login_required
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that the header's switch was set to."""
    chosen = request.POST.get("theme", "")
    if chosen not in User.Theme:
        return HttpResponseBadRequest()
    services.save_preferences(user=_user(request), theme=chosen)
    return HttpResponse(status=204)


@require_safe
@never_cache
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Show how this account is kept safe, with the way to each part of it."""
    user = _user(request)
    kinds = Authenticator.objects.filter(user=user).values_list("type", flat=True)
    context = {
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "passkeys": sum(kind == Authenticator.Type.WEBAUTHN for kind in kinds),
        "sessions": len(UserSession.objects.purge_and_list(user)),
        "address": EmailAddress.objects.filter(user=user).order_by("-primary", "-verified").first(),
        "social": bool(settings.CONFIG.social.apps),
    }
    return render(request, "accounts/security.html", context)


@require_POST
@login_required
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign one browser out."""
    if not services.end_session(user=_user(request), session_id=session_id):
        raise Http404
    return redirect("usersessions_list")


@require_safe
@never_cache
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """Show the way to a copy of one's own data, and the way out."""
    user = _user(request)
    context = {
        "export": user.exports.first(),
        "export_days": settings.EXPORT_RETENTION_DAYS,
        "grace_days": settings.ACCOUNT_GRACE_DAYS,
    }
    return render(request, "accounts/data.html", context)


@require_POST
@login_required
def start_export(request: HttpRequest) -> HttpResponse:
    """Ask for a ZIP of all of one's data."""
    try:
        exports.request_export(user=_user(request), site=request.build_absolute_uri("/"))
    except exports.ExportLimitError:
        messages.error(request, gettext("You have had enough copies made today. Try tomorrow."))
    return redirect("accounts:data")


@require_safe
@never_cache
@login_required
def download_export(request: HttpRequest, export_id: uuid.UUID) -> HttpResponseBase:
    """Send the ZIP."""
    export = _user(request).exports.filter(pk=export_id, status=DataExport.Status.READY).first()
    if export is None or not export.file:
        raise Http404
    name = f"rehue-{export.created:%Y-%m-%d}.zip"
    return send_stored(request, export.file, content_type="application/zip", filename=name)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def delete(request: HttpRequest) -> HttpResponse:
    """Let the account go, after a last question."""
    user = _user(request)
    form = DeletionForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        due = services.ask_deletion(user=user)
        logout(request)
        return render(request, "accounts/deletion_asked.html", {"due": due})
    due = services.deletion_due(timezone.now())
    return render(request, "accounts/delete.html", {"form": form, "due": due})


def _user(request: HttpRequest) -> User:
    """Return who is signed in; ``login_required`` has seen to it that somebody is."""
    return cast(User, request.user)
