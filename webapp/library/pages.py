"""The pages: your photos, and one photo in the studio."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from colorizer import hints
from webapp.accounts.actor import actor_of
from webapp.accounts.models import User
from webapp.library.access import PhotoNotFound, access_photo
from webapp.library.api import describe
from webapp.library.listing import Wanted, page_of
from webapp.library.models import Photo
from webapp.studio.opinions import has_opinions

RECENT = 12


@require_safe
@never_cache
@ensure_csrf_cookie
def index(request: HttpRequest) -> HttpResponse:
    """Show the drop zone and the visitor's newest photos."""
    page = page_of(actor_of(request), Wanted(), size=RECENT)
    photos = [describe(photo) for photo in page.items]
    return render(request, "library/index.html", {"photos": photos})


@require_safe
@never_cache
@ensure_csrf_cookie
def photo_page(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Show one photo in the studio."""
    try:
        photo = access_photo(actor_of(request), photo_id)
    except PhotoNotFound:
        raise Http404 from None
    context = {"photo": photo, "studio_config": studio_config(photo)}
    return render(request, "studio/photo.html", context)


def studio_config(photo: Photo) -> dict[str, Any]:
    """Return what the studio's frontend needs to begin."""
    return {
        "photo": {
            "id": str(photo.id),
            "title": photo.title,
            "width": photo.width,
            "height": photo.height,
            "is_grey": photo.is_grey,
            "starred": photo.starred,
        },
        "urls": {
            "lightness": reverse("api:get_lightness", args=[photo.id]),
            "socket": f"/ws/photos/{photo.id}",
            "photo": reverse("api:get_photo", args=[photo.id]),
            "hints": f"/api/photos/{photo.id}/hints",
            "colorize": f"/api/photos/{photo.id}/colorize",
            "versions": f"/api/photos/{photo.id}/versions",
            "suggestions": f"/api/photos/{photo.id}/suggestions",
            "doubt": f"/api/photos/{photo.id}/doubt",
            "version_image": "/api/versions/{id}/image",
            "job": "/api/jobs/{id}",
            "download_original": reverse("api:get_original", args=[photo.id]),
        },
        "limits": {
            "max_hints": hints.MAX_HINTS,
            "max_stroke_points": hints.MAX_STROKE_POINTS,
            "max_total_points": hints.MAX_TOTAL_POINTS,
            "ws_max_bytes": settings.WS_MAX_BYTES,
        },
        "opinions": has_opinions(photo),
        "language": get_language(),
        "format": photo.owner.default_export if photo.owner else User.Format.PNG,
    }
