"""The pages of the app batches: all batches, a new one, and one while it goes on."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from colorizer.hints import MAX_REFERENCES
from webapp.accounts.actor import Actor, actor_of
from webapp.accounts.models import User
from webapp.batches import services
from webapp.batches.access import BatchNotFoundError, access_batch, batches_of
from webapp.batches.api.schemas import MAX_PHOTOS
from webapp.batches.errors import BatchStatusError
from webapp.batches.models import Batch
from webapp.batches.palette import MAX_REGIONS, PLACES, RADIUS, SPACING
from webapp.batches.selectors import items_of, remaining_seconds
from webapp.models.selectors import choosable_models
from webapp.photos.access import photos_of
from webapp.photos.models import Photo

BATCHES_A_PAGE = 30
ITEMS_A_PAGE = 60
PICKED_FROM = 60
REFERENCES_SHOWN = 24
"""Photos to pick from on the form itself; the gallery has them all."""
SHOWN = ("all", "failed", "done")
ACTIONS: dict[str, Callable[..., Batch]] = {
    "pause": services.pause_batch,
    "resume": services.resume_batch,
    "cancel": services.cancel_batch,
    "retry": services.retry_batch,
}
# What restorers reach for first; names and colours are there to be changed.
REGIONS = (
    (gettext_lazy("sky"), "#8fb1cf", "top"),
    (gettext_lazy("skin"), "#d9a688", "centre"),
    (gettext_lazy("ground"), "#9a8265", "bottom"),
    (gettext_lazy("vegetation"), "#6f8a4a", "left"),
    (gettext_lazy("hair"), "#5b4433", "centre"),
    (gettext_lazy("clothing"), "#6a6f86", "centre"),
    (gettext_lazy("water"), "#5f8c98", "bottom"),
    (gettext_lazy("wall"), "#c9bda8", "everywhere"),
)


@require_safe
@never_cache
@login_required
def list_page(request: HttpRequest) -> HttpResponse:
    """Show the user's batches, newest first."""
    page = Paginator(batches_of(_actor(request)), BATCHES_A_PAGE)
    context = {"page": page.get_page(request.GET.get("page"))}
    return render(request, "batches/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@ensure_csrf_cookie
@login_required
def new_page(request: HttpRequest) -> HttpResponse:
    """Show the form for a new batch; ``photos`` names photos that are chosen already.

    The gallery posts them, for an address has no room for a thousand.
    """
    actor = _actor(request)
    requested = _ids(request.POST.get("photos") or request.GET.get("photos", ""))
    chosen = _chosen(actor, requested[: settings.BATCH_MAX_FILES])
    recent = photos_of(actor).exclude(pk__in=[photo.pk for photo in chosen])[:PICKED_FROM]
    models = list(choosable_models())
    preferred = actor.user.default_model_id if actor.user else None
    context = {
        "chosen": {photo.pk for photo in chosen},
        "left_out": max(0, len(requested) - settings.BATCH_MAX_FILES),
        "photos": [*chosen, *recent],
        "references": photos_of(actor).filter(is_grey=False)[:REFERENCES_SHOWN],
        "max_references": MAX_REFERENCES,
        "models": models,
        "preferred_model": preferred if preferred in {one.pk for one in models} else None,
        "preferred_format": actor.user.default_export if actor.user else Batch.Format.PNG,
        "marks": Batch.Mark.choices,
        "preferred_metadata": actor.user.default_metadata if actor.user else User.Metadata.ALL,
        "formats": Batch.Format.choices,
        "carries": User.Metadata.choices,
        "config": _form_config(),
    }
    return render(request, "batches/new.html", context)


@require_safe
@never_cache
@login_required
def batch_page(request: HttpRequest, batch_id: uuid.UUID) -> HttpResponse:
    """Show a batch; its websocket keeps the page up to date."""
    batch = _batch(request, batch_id)
    shown = request.GET.get("show", "all")
    shown = shown if shown in SHOWN else "all"
    items = Paginator(items_of(batch, status="" if shown == "all" else shown), ITEMS_A_PAGE)
    context = {
        "batch": batch,
        "items": items.get_page(request.GET.get("page")),
        "shown": shown,
        "remaining": remaining_seconds(batch),
        "may_retry": bool(batch.failed) or batch.status == Batch.Status.CANCELLED,
    }
    return render(request, "batches/batch.html", context)


@require_POST
@login_required
def act(request: HttpRequest, batch_id: uuid.UUID, action: str) -> HttpResponse:
    """Pause, resume, cancel, retry or delete a batch, and go back to where that shows."""
    batch = _batch(request, batch_id)
    if action == "delete":
        services.delete_batch(batch=batch, actor=_actor(request).user)
        messages.success(request, gettext("“%(name)s” is deleted.") % {"name": batch.name})
        return redirect("batches:list")
    if action not in ACTIONS:
        raise Http404
    try:
        ACTIONS[action](batch=batch)
    except BatchStatusError as error:
        messages.warning(request, str(error))
    except BatchNotFoundError:
        raise Http404 from None
    return redirect(batch)


def _actor(request: HttpRequest) -> Actor:
    return actor_of(request)


def _batch(request: HttpRequest, batch_id: uuid.UUID) -> Batch:
    try:
        return access_batch(_actor(request), batch_id)
    except BatchNotFoundError:
        raise Http404 from None


def _ids(text: str) -> list[uuid.UUID]:
    """Read ids between commas, each once; what is none is left out."""
    found = []
    for word in text.split(",")[:MAX_PHOTOS]:
        with contextlib.suppress(ValueError):
            found.append(uuid.UUID(word.strip()))
    return list(dict.fromkeys(found))


def _chosen(actor: Actor, ids: list[uuid.UUID]) -> list[Photo]:
    """Return the photos that are the actor's, in that order."""
    found = photos_of(actor).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _form_config() -> dict[str, Any]:
    """Return what the form's script needs to begin."""
    return {
        "urls": {
            "batches": reverse("api:make_batch"),
            "uploads": reverse("api:begin_upload"),
            "previews": reverse("api:make_preview"),
        },
        "limits": {
            "files": settings.BATCH_MAX_FILES,
            "bytes": min(settings.BATCH_MAX_BYTES, settings.UPLOAD_ARCHIVE_MAX_BYTES),
            "piece": settings.UPLOAD_PIECE_MAX_BYTES,
            "regions": MAX_REGIONS,
        },
        "palette": {
            "spacing": SPACING,
            "radius": RADIUS,
            "places": {name: box.model_dump() for name, box in PLACES.items()},
            "regions": [
                {"name": str(name), "color": color, "place": place}
                for name, color, place in REGIONS
            ],
        },
    }
