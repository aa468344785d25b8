"""The pages that a service needs: what it is, how to use it, what it keeps."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what this site is and what it does not claim."""
    return render(request, "pages/about.html")


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Show how to colour a photo, and what the limits are."""
    return render(request, "pages/help.html", {"settings": settings})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept and for how long, with the figures that this site runs with."""
    return render(request, "pages/privacy.html", {"settings": settings})
