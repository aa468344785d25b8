"""The dashboard's first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from webapp.common.queue import enqueue
from webapp.staff.access import staff_only
from webapp.staff.overview import overview
from webapp.staff.views.common import show_live


@require_safe
@never_cache
@staff_only
def home(request: HttpRequest) -> HttpResponse:
    """Show how the site stands."""
    return show_live(request, "home", {"site": overview()})


@require_POST
@staff_only
def measure(request: HttpRequest) -> HttpResponse:
    """Have the room that everything takes measured now."""
    enqueue("dashboard.measure_usage")
    return redirect("dashboard:home")
