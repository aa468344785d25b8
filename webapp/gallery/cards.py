"""What the gallery's page shows of a photo, and of the list that it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from pydantic import ValidationError

from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.gallery.api.photos import PhotoQuery
from webapp.gallery.labels import counted_labels
from webapp.gallery.listing import Page, PhotoFilter, matching
from webapp.gallery.selectors import models_of
from webapp.photos.access import trash_of
from webapp.photos.api import thumbnail_url
from webapp.photos.models import Label, Photo
from webapp.photos.selectors import labels_on

FILTERS = (
    "q", "sort", "starred", "tag", "collection", "model", "since", "until", "taken_since",
    "taken_until", "trash",
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A photo in the grid, in the template's own words: it has a hundred of these to put down."""

    id: str
    title: str
    url: str
    thumbnail_url: str
    width: str
    height: str
    starred: str
    tags: list[str]
    gone_at: datetime | None


def card_of(photo: Photo) -> Card:
    """Return what the grid shows of a photo."""
    trashed = photo.trashed_at
    return Card(
        id=str(photo.pk),
        title=photo.title or gettext("Untitled"),
        url=photo.get_absolute_url(),
        thumbnail_url=thumbnail_url(photo),
        width=str(photo.width),
        height=str(photo.height),
        starred="true" if photo.starred else "false",
        tags=[one.name for one in labels_on(photo) if one.kind == Label.Kind.TAG],
        gone_at=trashed and trashed + timedelta(days=settings.TRASH_DAYS),
    )


def read_query(given: QueryDict) -> PhotoQuery:
    """Read what an address asks for; what cannot be read in it is left out."""
    known = {name: given[name] for name in FILTERS if given.get(name)}
    try:
        return PhotoQuery.model_validate(known)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors() if one["loc"]}
        return PhotoQuery.model_validate({k: v for k, v in known.items() if k not in wrong})


def address_of(query: PhotoQuery) -> str:
    """Return the part of an address that asks for the same list again, without the ``?``."""
    stated = QueryDict(mutable=True)
    for name, value in query.model_dump(include=set(FILTERS), exclude_defaults=True).items():
        stated[name] = "1" if value is True else str(value)
    return stated.urlencode()


def page_context(query: PhotoQuery, page: Page) -> dict[str, Any]:
    """Return what the cards' template needs."""
    return {
        "cards": [card_of(photo) for photo in page.items],
        "before": page.before,
        "after": page.after,
        "address": address_of(query),
        "trash": query.trash,
    }


def list_context(actor: Actor, query: PhotoQuery, page: Page) -> dict[str, Any]:
    """Return what the list with all that stands around it needs."""
    photo_filter = query.photo_filter()
    labels = list(counted_labels(actor))
    return {
        **page_context(query, page),
        "query": query,
        "narrow": photo_filter.narrow,
        "filters": _filters(photo_filter),
        "count": matching(actor, photo_filter).count(),
        "trashed": 0 if query.trash else trash_of(actor).count(),
        "tags": [label for label in labels if label.kind == Label.Kind.TAG],
        "collections": [label for label in labels if label.kind == Label.Kind.COLLECTION],
        "collection": next((one for one in labels if one.pk == query.collection), None),
        "models": models_of(actor),
        "trash_days": settings.TRASH_DAYS,
        "today": timezone.localdate(),
        "bulk_max": settings.BULK_MAX_PHOTOS,
        "carries": User.Metadata.choices,
    }


def _filters(photo_filter: PhotoFilter) -> int:
    """How many of the filters behind the button are set: the search is seen anyway."""
    chosen = (
        photo_filter.starred, photo_filter.tag, photo_filter.collection, photo_filter.model,
        photo_filter.taken_since, photo_filter.taken_until,
    )  # fmt: skip
    return (
        sum(map(bool, chosen)) + (photo_filter.since is not None) + (photo_filter.until is not None)
    )
