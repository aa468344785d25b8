"""The laboratory's pages for staff: what there is, what is asked for, and work in progress."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from training.models import Evaluation, Run, Search, Work
from training.runs.claims import WorkNotFoundError, find_work
from training.runs.progress import state_of
from training.runs.recipes import as_toml, known_recipes
from training.runs.selectors import has_packages, overview, table_of
from training.runs.states import WorkState
from webapp.models.figures import show_scores, trials_table
from webapp.models.labels import PLOTS
from webapp.staff.access import staff_of, staff_only
from webapp.staff.lab.charts import charts_of
from webapp.staff.lab.forms import FORMS
from webapp.staff.lab.labels import figures_of


@require_safe
@never_cache
@staff_only
def overview_page(request: HttpRequest) -> HttpResponse:
    """Show everything the laboratory has."""
    context = {"lab": overview(), "has_packages": has_packages()}
    return render(request, "training/lab/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_only
def new_page(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the form for new work, and pass a filled one on."""
    packages = has_packages()
    form = FORMS[kind](request.POST if request.method == "POST" else None)
    if request.method == "POST" and packages and form.is_valid():
        work = form.request_work(staff_of(request))
        if work is not None:
            return redirect("lab:work", kind=kind, work_id=work.pk)
    context = {
        "kind": kind,
        "form": form,
        "has_packages": packages,
        "recipes": known_recipes() if "recipe" in form.fields else None,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "training/lab/new.html", context, status=status)


@require_safe
@never_cache
@staff_only
def work_page(request: HttpRequest, kind: str, work_id: uuid.UUID) -> HttpResponse:
    """Show one piece of work; its websocket keeps the page up to date."""
    work = access_work(kind, work_id)
    state = state_of(work)
    context = {
        "kind": kind,
        "work": work,
        "state": state,
        "charts": charts_of(work, state["rows"]),
        "has_packages": has_packages(),
        **_more(work, state),
    }
    return render(request, "training/lab/work.html", context)


def access_work(kind: str, work_id: uuid.UUID) -> Work:
    """Return a piece of work by its address.

    Raises:
        Http404: there is none.
    """
    try:
        return find_work(kind, work_id)
    except WorkNotFoundError:
        raise Http404 from None


def _more(work: Work, state: WorkState) -> dict[str, Any]:
    """What the page of one kind shows besides."""
    if isinstance(work, Run):
        return {
            "recipe": as_toml(work.recipe),
            "best": figures_of(state["best"]),
            "models": work.model_versions.all(),
        }
    if isinstance(work, Search):
        best = trials_table([state["best"]])[0] if state["best"] else []
        return {
            "recipe": as_toml(work.recipe),
            "best": best,
            "plots": [(plot, PLOTS.get(plot, plot)) for plot in work.plots],
            "trials": trials_table(state["rows"]),
        }
    if isinstance(work, Evaluation):
        table = table_of(work)
        return {"scores": show_scores(table) if table else None}
    return {}
