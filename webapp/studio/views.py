"""The studio's page: one photo."""

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
from colorizer.output import FORMATS
from webapp.accounts.actor import actor_of
from webapp.accounts.models import User
from webapp.photos.access import PhotoNotFoundError, access_photo
from webapp.photos.models import Photo
from webapp.studio.predictions import has_predictions
from webapp.studio.versions import carry_of


@require_safe
@never_cache
@ensure_csrf_cookie
def photo_page(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Show one photo in the studio."""
    try:
        photo = access_photo(actor_of(request), photo_id)
    except PhotoNotFoundError:
        raise Http404 from None
    context = {"photo": photo, "studio_config": studio_config(photo)}
    return render(request, "studio/photo.html", context)


def guest_keeping() -> dict[str, Any]:
    """Return how long a guest's photos are kept, in hours, and where to go to keep them."""
    return {"hours": settings.GUEST_RETENTION_HOURS, "sign_up": reverse("account_signup")}


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
            "bits": photo.bits,
            "page": photo.page,
            "pages": photo.pages,
            "metadata": photo.known.to_json(),
        },
        "urls": {
            "lightness": reverse("api:get_lightness", args=[photo.id]),
            "socket": f"/ws/photos/{photo.id}",
            "photo": reverse("api:get_photo", args=[photo.id]),
            "hints": f"/api/photos/{photo.id}/hints",
            "renders": f"/api/photos/{photo.id}/renders",
            "versions": f"/api/photos/{photo.id}/versions",
            "suggestions": f"/api/photos/{photo.id}/suggestions",
            "uncertainty": f"/api/photos/{photo.id}/uncertainty",
            "models": f"/api/photos/{photo.id}/models",
            "model": f"/api/photos/{photo.id}/model",
            "outline": f"/api/photos/{photo.id}/outline",
            "version_image": "/api/versions/{id}/image",
            "version_layers": "/api/versions/{id}/layers",
            "job": "/api/jobs/{id}",
            "download_original": reverse("api:get_original", args=[photo.id]),
        },
        "limits": {
            "max_hints": hints.MAX_HINTS,
            "max_stroke_points": hints.MAX_STROKE_POINTS,
            "max_total_points": hints.MAX_TOTAL_POINTS,
            "max_regions": hints.MAX_REGIONS,
            "max_region_points": hints.MAX_REGION_POINTS,
            "ws_max_bytes": settings.WS_MAX_BYTES,
        },
        "guest": None if photo.owner else guest_keeping(),
        "predictions": has_predictions(photo),
        "language": get_language(),
        "formats": [
            {
                "format": name,
                "name": one.name,
                "deep": one.deep,
                "max_side": one.max_side,
                "fits": max(photo.width, photo.height) <= one.max_side,
            }
            for name, one in FORMATS.items()
        ],
        "metadata": carry_of(photo),
        "format": photo.owner.default_export if photo.owner else User.Format.PNG,
    }
