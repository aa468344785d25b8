"""The first page, and the gallery's with the pieces that it asks for while it is looked at."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from webapp.accounts.actor import Actor, actor_of
from webapp.gallery.api.photos import PhotoQuery
from webapp.gallery.cards import list_context, page_context, read_query
from webapp.gallery.listing import (
    InvalidCursorError,
    Page,
    PhotoFilter,
    page_around,
    page_of,
    with_looks,
)
from webapp.photos.access import PhotoNotFoundError, access_photo
from webapp.photos.api import serialize

RECENT = 12


@require_safe
@never_cache
@ensure_csrf_cookie
def index(request: HttpRequest) -> HttpResponse:
    """Show the drop zone and the visitor's newest photos."""
    page = page_of(actor_of(request), PhotoFilter(), size=RECENT)
    photos = [serialize(photo) for photo in page.items]
    return render(request, "library/index.html", {"photos": photos})


@require_safe
@never_cache
@ensure_csrf_cookie
def gallery(request: HttpRequest) -> HttpResponse:
    """Show the visitor's photos, from the beginning or around the photo named by ``at``.

    htmx asks for the list alone when a filter changes, and for more cards when an end comes near.
    """
    actor, query = actor_of(request), read_query(request.GET)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    if after or before:
        return _more(request, actor, query, after or before, backwards=bool(before))
    page = _around(actor, query, request.GET.get("at", "")) or page_of(actor, query.photo_filter())
    context = list_context(actor, query, page)
    if not HtmxDetails(request):
        return render(request, "library/gallery.html", context)
    response = render(request, "library/list.html", context)
    # The form's fields, less those that ask for nothing.
    response.headers["HX-Replace-Url"] = f"{request.path}?{context['address']}".rstrip("?")
    return response


@require_safe
@never_cache
def card(request: HttpRequest, photo_id: uuid.UUID) -> HttpResponse:
    """Show one card as it is now."""
    actor = actor_of(request)
    try:
        photo = access_photo(actor, photo_id)
    except PhotoNotFoundError:
        raise Http404 from None
    photos = list(with_looks(type(photo).objects.filter(pk=photo.pk)))
    context = page_context(PhotoQuery(), Page(items=photos))
    return render(request, "library/cards.html", context)


def _more(
    request: HttpRequest, actor: Actor, query: PhotoQuery, cursor: str, *, backwards: bool
) -> HttpResponse:
    try:
        page = page_of(actor, query.photo_filter(), cursor=cursor, backwards=backwards)
    except InvalidCursorError:
        raise Http404 from None
    context = page_context(query, page)
    # The other end is on the page already.
    context["after" if backwards else "before"] = None
    return render(request, "library/cards.html", context)


def _around(actor: Actor, query: PhotoQuery, text: str) -> Page | None:
    try:
        return page_around(actor, query.photo_filter(), uuid.UUID(text))
    except ValueError:
        return None
