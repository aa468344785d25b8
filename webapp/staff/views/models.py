"""Switching the model: first what will happen, then that it has."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from training.models import ModelVersion
from training.registry.versions import (
    ModelUnusableError,
    NoLiveModelError,
    live_model,
    make_live,
    model_before,
)
from training.registry.versions import roll_back as back
from webapp.staff.headlines import headlines_of
from webapp.staff.views.common import actor_of, show, superusers_only

SWITCHABLE = (ModelVersion.State.PUBLISHED, ModelVersion.State.RETIRED)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@superusers_only
def switch(request: HttpRequest, model_id: uuid.UUID) -> HttpResponse:
    """Say what switching to a version means; then do it."""
    version = get_object_or_404(ModelVersion, pk=model_id, state__in=SWITCHABLE)

    def act() -> None:
        make_live(actor=actor_of(request), model_version=version)

    return _confirmed(request, version, act, rolls_back=False)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@superusers_only
def roll_back(request: HttpRequest) -> HttpResponse:
    """Say what rolling back means; then do it."""
    version = model_before()
    if version is None:
        messages.error(request, gettext("No other version was live before this one."))
        return redirect("dashboard:home")

    def act() -> None:
        if request.POST.get("version") != str(version.pk):
            raise ModelUnusableError(gettext("Somebody has switched meanwhile. Please look again."))
        back(actor=actor_of(request))

    return _confirmed(request, version, act, rolls_back=True)


def _confirmed(
    request: HttpRequest, version: ModelVersion, act: Callable[[], None], *, rolls_back: bool
) -> HttpResponse:
    problem = ""
    if request.method == "POST":
        try:
            act()
        except ModelUnusableError as error:
            problem = str(error)
        else:
            words = gettext("%(name)s is live. Photos are coloured with it from now on.")
            messages.success(request, words % {"name": version.name})
            return redirect("dashboard:home")
    try:
        live = live_model()
    except NoLiveModelError:
        live = None
    context = {
        "tab": "home",
        "version": version,
        "headlines": headlines_of(version),
        "live": live,
        "live_headlines": headlines_of(live) if live else [],
        "rolls_back": rolls_back,
        "problem": problem,
    }
    return show(request, "switch", context, status=409 if problem else 200)
