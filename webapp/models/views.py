"""The public pages: all models with their scores, one model, one run, one search."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from training.registry.sample_pictures import request_samples
from training.registry.scores import ScoreTable
from training.registry.search_files import trials_csv
from training.registry.selectors import (
    find_model,
    find_run,
    find_search,
    public_score_tables,
    public_searches,
)
from training.registry.versions import published_models
from training.runs.progress import best_trial
from webapp.models.figures import ShownScores, curves, show_scores, trials_table
from webapp.models.labels import PLOTS
from webapp.models.metadata import data_of, model_metadata, recipe_metadata
from webapp.models.samples import side_by_side

Row = TypeVar("Row")

_DAY = "public, max-age=86400"


@require_safe
@never_cache
@ensure_csrf_cookie
def models_page(request: HttpRequest) -> HttpResponse:
    """Show every model that is no draft, the scores, and the same photographs through each."""
    versions = published_models()
    request_samples(versions)
    scores, other_scores = _largest_first(public_score_tables())
    context = {
        "versions": versions,
        "scores": scores,
        "other_scores": other_scores,
        "photos": side_by_side(versions),
        "searches": [(search, best_trial(search.trials)) for search in public_searches()],
    }
    return render(request, "training/models.html", context)


@require_safe
@never_cache
@ensure_csrf_cookie
def model_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one model version: its card, its training, its scores."""
    model_version = _or_404(find_model, name)
    request_samples([model_version])
    scores, other_scores = _largest_first(
        public_score_tables(lambda row: row.score.model_version_id == model_version.pk)
    )
    run = model_version.run
    context = {
        "version": model_version,
        "facts": model_metadata(model_version),
        "data": data_of(model_version.card),
        "recipe": _in_lines(model_version.card.get("training", {}).get("recipe")),
        "scores": scores,
        "other_scores": other_scores,
        "curves": curves(run.measurements.all()) if run else [],
        "photos": side_by_side([model_version]),
    }
    return render(request, "training/model.html", context)


@require_safe
@never_cache
@ensure_csrf_cookie
def run_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one run whose scores stand among the models'."""
    run = _or_404(find_run, name)
    scores, other_scores = _largest_first(
        public_score_tables(lambda row: row.score.run_id == run.pk)
    )
    context = {
        "run": run,
        "facts": recipe_metadata(run.recipe),
        "recipe": _in_lines(run.recipe),
        "scores": scores,
        "other_scores": other_scores,
        "curves": curves(run.measurements.all()),
    }
    return render(request, "training/run.html", context)


@require_safe
@never_cache
@ensure_csrf_cookie
def search_page(request: HttpRequest, name: str) -> HttpResponse:
    """Show one search for hyper-parameters: its best trial, Optuna's plots, all trials."""
    search = _or_404(find_search, name)
    context = {
        "search": search,
        "best": best_trial(search.trials),
        "trials": trials_table(search.trials),
        "plots": [(plot, PLOTS.get(plot, plot)) for plot in search.plots],
    }
    return render(request, "training/search.html", context)


@require_safe
def search_csv(request: HttpRequest, name: str) -> HttpResponse:
    """Send a search's trials as a table for other programs."""
    search = _or_404(find_search, name)
    response = HttpResponse(trials_csv(search), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{search.name}.csv"'
    return response


@require_safe
def search_plot(request: HttpRequest, name: str, plot: str, theme: str) -> HttpResponse:
    """Send one of Optuna's plots."""
    search = _or_404(find_search, name)
    return _stored(search.plots.get(plot, {}).get(theme), "image/svg+xml")


@require_safe
def sample(request: HttpRequest, name: str, file: str) -> HttpResponse:
    """Send a sample photograph as a model coloured it."""
    model_version = _or_404(find_model, name)
    photo, _, kind = file.removesuffix(".webp").rpartition("-")
    return _stored(model_version.samples.get(photo, {}).get(kind), "image/webp")


def _or_404(find: Callable[[str], Row], name: str) -> Row:
    try:
        return find(name)
    except ObjectDoesNotExist:
        raise Http404 from None


def _largest_first(tables: Iterable[ScoreTable]) -> tuple[list[ShownScores], list[ShownScores]]:
    """Each protocol's table on most pictures, which come first; then all others."""
    main: dict[str, ShownScores] = {}
    other = []
    for table in tables:
        scores_shown = show_scores(table)
        if main.setdefault(table.protocol.name, scores_shown) is not scores_shown:
            other.append(scores_shown)
    return list(main.values()), other


def _in_lines(recipe: dict[str, Any] | None) -> str:
    return json.dumps(recipe, indent=2, ensure_ascii=False) if recipe else ""


def _stored(key: str | None, content_type: str) -> HttpResponse:
    """Send a small stored picture that all visitors see alike."""
    try:
        if key is None:
            raise Http404
        with default_storage.open(key) as file:
            response = HttpResponse(file.read(), content_type=content_type)
    except FileNotFoundError:
        raise Http404 from None
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.headers["Cache-Control"] = _DAY
    return response
