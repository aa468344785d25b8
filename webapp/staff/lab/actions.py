"""What staff do on the laboratory's pages, and what they take away from them."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from training.models import ModelVersion, Search
from training.registry.publishing import publish
from training.registry.search_files import trials_csv
from training.registry.versions import ModelUnusableError, make_live, retire, roll_back
from training.runs.claims import WorkStateError
from webapp.staff.access import staff_of, staff_only
from webapp.staff.lab.labels import state_word
from webapp.staff.lab.services import cancel_work, resume_work
from webapp.staff.lab.views import access_work

MODEL_ACTIONS: dict[str, Callable[..., None]] = {
    "publish": publish,
    "make-live": make_live,
    "retire": retire,
}
FOR_SUPERUSERS = {"make-live"}


@require_POST
@staff_only
def cancel_view(request: HttpRequest, kind: str, work_id: uuid.UUID) -> HttpResponse:
    """Ask work to stop."""
    try:
        cancel_work(actor=staff_of(request), work=access_work(kind, work_id))
    except WorkStateError as error:
        messages.error(request, str(error))
    return redirect("lab:work", kind=kind, work_id=work_id)


@require_POST
@staff_only
def resume_view(request: HttpRequest, kind: str, work_id: uuid.UUID) -> HttpResponse:
    """Go on with work that was cancelled or failed."""
    try:
        resume_work(actor=staff_of(request), work=access_work(kind, work_id))
    except WorkStateError as error:
        messages.error(request, str(error))
    return redirect("lab:work", kind=kind, work_id=work_id)


@require_POST
@staff_only
def model_view(request: HttpRequest, model_id: uuid.UUID, action: str) -> HttpResponse:
    """Publish, make live or retire a model version."""
    service = MODEL_ACTIONS.get(action)
    if service is None:
        raise Http404
    model_version = get_object_or_404(ModelVersion, pk=model_id)

    def act(actor: AbstractUser) -> ModelVersion:
        service(actor=actor, model_version=model_version)
        return model_version

    return _act(request, act, by_superusers=action in FOR_SUPERUSERS)


@require_POST
@staff_only
def roll_back_view(request: HttpRequest) -> HttpResponse:
    """Colour again with the version that was live before."""
    return _act(request, lambda actor: roll_back(actor=actor), by_superusers=True)


@require_safe
@never_cache
@staff_only
def trials_view(request: HttpRequest, work_id: uuid.UUID) -> HttpResponse:
    """Give a search's trials away as CSV."""
    search = get_object_or_404(Search, pk=work_id)
    name = f'attachment; filename="{search.name}.csv"'
    return HttpResponse(
        trials_csv(search),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": name},
    )


@require_safe
@never_cache
@staff_only
def plot_view(request: HttpRequest, work_id: uuid.UUID, plot: str, theme: str) -> HttpResponse:
    """Show one of Optuna's plots of a search."""
    search = get_object_or_404(Search, pk=work_id)
    key = search.plots.get(plot, {}).get(theme)
    if key is None or not default_storage.exists(key):
        raise Http404
    with default_storage.open(key) as file:
        response = HttpResponse(file.read(), content_type="image/svg+xml")
    # A drawing has its colours in style attributes, which the pages' policy forbids.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def _act(
    request: HttpRequest, act: Callable[[AbstractUser], ModelVersion], *, by_superusers: bool
) -> HttpResponse:
    """Try something on a model version, say what came of it, and return to the page before."""
    actor = staff_of(request)
    if by_superusers and not actor.is_superuser:
        messages.error(request, gettext("Only superusers switch the model."))
        return _back(request)
    try:
        changed = act(actor)
    except ModelUnusableError as error:
        messages.error(request, gettext("Nothing has changed. %(why)s") % {"why": error})
    else:
        changed.refresh_from_db()
        words = {"name": changed.name, "state": state_word(changed)}
        messages.success(request, gettext("%(name)s: now %(state)s.") % words)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """Return to the page that the form stood on."""
    page = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(page, allowed_hosts=None):
        return redirect(page)
    return redirect("lab:overview")
