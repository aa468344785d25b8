"""What who follows a palette's link sees."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from webapp.accounts.models import User
from webapp.palettes.access import PaletteNotFoundError, open_palette
from webapp.palettes.services import PaletteRefusedError, copy_palette


@require_safe
@never_cache
def shared_page(request: HttpRequest, palette_token: str) -> HttpResponse:
    """Show a palette that is shared, and offer to keep a copy."""
    try:
        palette = open_palette(palette_token)
    except PaletteNotFoundError:
        return _gone(request)
    response = render(request, "palettes/shared.html", {"palette": palette})
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@require_POST
@login_required
def copy_page(request: HttpRequest, palette_token: str) -> HttpResponse:
    """Keep a copy of a palette that is shared."""
    try:
        palette = open_palette(palette_token)
    except PaletteNotFoundError:
        return _gone(request)
    try:
        copy = copy_palette(palette=palette, user=cast(User, request.user))
    except PaletteRefusedError as error:
        messages.error(request, str(error))
    else:
        message = gettext("Added to your palettes as “%(name)s”. You find it in the studio.")
        messages.success(request, message % {"name": copy.name})
    return redirect(palette)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "palettes/gone.html", status=404)
