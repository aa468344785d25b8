"""Lists of photos: what is wanted, in which order, and page after page of it.

A page is asked for by where the last one ended, not by a number: photos that come and go meanwhile
shift nothing, and the five thousandth costs what the first does.
"""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal

from django.db.models import Prefetch, Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from webapp.accounts.actor import Actor
from webapp.library.access import photos_of, trash_of
from webapp.library.models import Photo
from webapp.library.selectors import LABELS_READ

Sort = Literal["newest", "oldest", "name", "changed"]
PAGE: Final = 60
"""A whole number of rows for two to six columns, so that pages put before others move none."""

_KEYS: dict[str, tuple[str, bool]] = {
    "newest": ("created", True),
    "oldest": ("created", False),
    "name": ("name_key", False),
    "changed": ("updated", True),
    "trashed": ("trashed_at", True),
}


class BadCursor(ValueError):
    """The cursor is none of ours, or belongs to a list in another order."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which photos, and in which order; empty fields ask for nothing."""

    query: str = ""
    sort: Sort = "newest"
    starred: bool = False
    tag: str = ""
    collection: uuid.UUID | None = None
    model: str = ""
    since: date | None = None
    until: date | None = None
    trash: bool = False

    @property
    def order(self) -> str:
        """The name of the order; the trash has its own."""
        return "trashed" if self.trash else self.sort

    @property
    def narrow(self) -> bool:
        """Whether anything but the order is asked for."""
        rest = (self.query, self.starred, self.tag, self.collection, self.model)
        return any(rest) or self.since is not None or self.until is not None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some photos, and where the lists before and after them begin; None at either end."""

    items: list[Photo] = field(default_factory=list)
    before: str | None = None
    after: str | None = None


def matching(actor: Actor, wanted: Wanted) -> QuerySet[Photo]:
    """Return the actor's photos that are wanted, in no order yet."""
    photos = trash_of(actor) if wanted.trash else photos_of(actor)
    for word in wanted.query.replace("\0", " ").split():
        photos = photos.filter(title__icontains=word)
    if wanted.starred:
        photos = photos.filter(starred=True)
    if wanted.tag:
        photos = photos.filter(labels__kind="tag", labels__name__iexact=wanted.tag)
    if wanted.collection:
        photos = photos.filter(labels=wanted.collection)
    if wanted.model:
        photos = photos.filter(chroma__model_version__name=wanted.model)
    if wanted.since:
        photos = photos.filter(created__gte=_midnight(wanted.since))
    if wanted.until and wanted.until < date.max:
        photos = photos.filter(created__lt=_midnight(wanted.until + timedelta(days=1)))
    return photos


def ordered(photos: QuerySet[Photo], order: str, *, backwards: bool = False) -> QuerySet[Photo]:
    """Return ``photos`` in an order, with what lists show of them in a fixed number of queries."""
    return with_looks(_sorted(photos, order, backwards=backwards))


def _sorted(photos: QuerySet[Photo], order: str, *, backwards: bool = False) -> QuerySet[Photo]:
    key, falling = _KEYS[order]
    sign = "-" if falling != backwards else ""
    if key == "name_key":
        photos = photos.annotate(name_key=Lower("title"))
    return photos.order_by(f"{sign}{key}", f"{sign}id")


def with_looks(photos: QuerySet[Photo]) -> QuerySet[Photo]:
    """Return ``photos`` with the rows that a card and the API read beside a photo's own."""
    related = photos.select_related("hints", "chroma").defer("hints__data", "chroma__data")
    return related.prefetch_related(Prefetch("labels", to_attr=LABELS_READ))


def page_of(
    actor: Actor,
    wanted: Wanted,
    *,
    cursor: str = "",
    backwards: bool = False,
    offset: int = 0,
    size: int = PAGE,
) -> Page:
    """Return the page after a cursor, or the one before it; the first page without a cursor.

    Args:
        actor: whose photos.
        wanted: which of them.
        cursor: where the page begins, or ends.
        backwards: whether it ends there.
        offset: how many photos to leave out besides.
        size: how many photos a page has.

    Raises:
        BadCursor: the cursor is none of ours, or belongs to a list in another order.
    """
    photos = matching(actor, wanted)
    if cursor:
        photos = _beyond(photos, wanted.order, cursor, backwards=backwards)
    found = list(ordered(photos, wanted.order, backwards=backwards)[offset : offset + size + 1])
    more, items = len(found) > size, found[:size]
    if backwards:
        items.reverse()
    ends = (bool(cursor), more) if not backwards else (more, bool(cursor))
    return _page(items, wanted.order, ends)


def page_around(actor: Actor, wanted: Wanted, photo_id: uuid.UUID) -> Page | None:
    """Return two pages of which the first holds a photo; None if the list has no such photo."""
    photos = matching(actor, wanted)
    anchor = _sorted(photos, wanted.order).filter(pk=photo_id).first()
    if anchor is None:
        return None
    before = _beyond(photos, wanted.order, cursor_of(anchor, wanted.order), backwards=True)
    start = before.count() // PAGE * PAGE
    # Deep in a list, ids are quicker skipped than whole photos with their looks.
    ids = _sorted(photos, wanted.order).values("pk")[start : start + 2 * PAGE + 1]
    found = list(ordered(Photo.objects.filter(pk__in=ids), wanted.order))
    return _page(found[: 2 * PAGE], wanted.order, (start > 0, len(found) > 2 * PAGE))


def ids_of(actor: Actor, wanted: Wanted, *, most: int) -> list[uuid.UUID]:
    """Return the ids of the first photos of a list, as many as ``most``."""
    found = _sorted(matching(actor, wanted), wanted.order)
    return list(found.values_list("pk", flat=True)[:most])


def cursor_of(photo: Photo, order: str) -> str:
    """Return the place of a photo in a list, as an opaque word."""
    value = getattr(photo, _KEYS[order][0])
    value = value if isinstance(value, str) else value.isoformat()
    text = json.dumps([order, value, str(photo.pk)], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _page(items: list[Photo], order: str, ends: tuple[bool, bool]) -> Page:
    if not items:
        return Page()
    before, after = ends
    return Page(
        items=items,
        before=cursor_of(items[0], order) if before else None,
        after=cursor_of(items[-1], order) if after else None,
    )


def _beyond(
    photos: QuerySet[Photo], order: str, cursor: str, *, backwards: bool
) -> QuerySet[Photo]:
    """Return the photos after a place in a list, or before it."""
    value, pk = _read(cursor, order)
    key, falling = _KEYS[order]
    side = "lt" if falling != backwards else "gt"
    if key == "name_key":
        photos = photos.annotate(name_key=Lower("title"))
    return photos.filter(Q(**{f"{key}__{side}": value}) | Q(**{key: value, f"id__{side}": pk}))


def _read(cursor: str, order: str) -> tuple[Any, uuid.UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        said, value, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if said != order or not isinstance(value, str):
            raise BadCursor
        if order == "name":
            return value.replace("\0", ""), uuid.UUID(pk)
        moment = datetime.fromisoformat(value)
        if timezone.is_naive(moment):
            raise BadCursor
        return moment, uuid.UUID(pk)
    except (binascii.Error, ValueError, TypeError, AttributeError, RecursionError):
        raise BadCursor from None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
