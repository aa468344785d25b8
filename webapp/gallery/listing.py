"""Lists of photos: what is chosen, in which order, and page after page of it.

A page is asked for by where the last one ended, not by a number: photos that come and go meanwhile
shift nothing, and the five thousandth costs what the first does.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal

from django.db.models import Case, F, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Lower
from django.utils import timezone

from webapp.accounts.actor import Actor
from webapp.common.cleantext import is_clean
from webapp.photos.access import photos_of, trash_of
from webapp.photos.models import Photo
from webapp.photos.selectors import LABELS_READ

Sort = Literal["newest", "oldest", "name", "changed", "taken_newest", "taken_oldest"]
PAGE: Final = 60
"""A whole number of rows for two to six columns, so that pages put before others move none."""

_KEYS: dict[str, tuple[str, bool]] = {
    "newest": ("created", True),
    "oldest": ("created", False),
    "name": ("name_key", False),
    "changed": ("updated", True),
    "taken_newest": ("taken", True),
    "taken_oldest": ("taken_key", False),
    "trashed": ("trashed_at", True),
}
_BY_TEXT = {"name", "taken_newest", "taken_oldest"}
# Photos without a date come last in either order: letters stand after digits.
_COMPUTED: dict[str, Any] = {
    "name_key": Lower("title"),
    "taken_key": Case(When(taken="", then=Value("z")), default=F("taken")),
}


class InvalidCursorError(ValueError):
    """The cursor is none of ours, or belongs to a list in another order."""


@dataclass(frozen=True, kw_only=True)
class PhotoFilter:
    """Which photos, and in which order; empty fields ask for nothing."""

    query: str = ""
    sort: Sort = "newest"
    starred: bool = False
    tag: str = ""
    collection: uuid.UUID | None = None
    model: str = ""
    since: date | None = None
    until: date | None = None
    taken_since: str = ""
    taken_until: str = ""
    trash: bool = False

    @property
    def order(self) -> str:
        """The name of the order; the trash has its own."""
        return "trashed" if self.trash else self.sort

    @property
    def narrow(self) -> bool:
        """Whether anything but the order is asked for."""
        rest = (
            self.query, self.starred, self.tag, self.collection, self.model, self.taken_since,
            self.taken_until,
        )  # fmt: skip
        return any(rest) or self.since is not None or self.until is not None


@dataclass(frozen=True, kw_only=True)
class Page:
    """Some photos, and where the lists before and after them begin; None at either end."""

    items: list[Photo] = field(default_factory=list)
    before: str | None = None
    after: str | None = None


def matching(actor: Actor, photo_filter: PhotoFilter) -> QuerySet[Photo]:
    """Return the actor's photos that pass the filter, in no order yet."""
    photos = trash_of(actor) if photo_filter.trash else photos_of(actor)
    for word in photo_filter.query.replace("\0", " ").split():
        photos = photos.filter(Q(title__icontains=word) | Q(words__icontains=word))
    if photo_filter.starred:
        photos = photos.filter(starred=True)
    if photo_filter.tag:
        photos = photos.filter(labels__kind="tag", labels__name__iexact=photo_filter.tag)
    if photo_filter.collection:
        photos = photos.filter(labels=photo_filter.collection)
    if photo_filter.model:
        photos = photos.filter(chroma__model_version__name=photo_filter.model)
    if photo_filter.since:
        photos = photos.filter(created__gte=_midnight(photo_filter.since))
    if photo_filter.until and photo_filter.until < date.max:
        photos = photos.filter(created__lt=_midnight(photo_filter.until + timedelta(days=1)))
    return _taken_between(photos, photo_filter.taken_since, photo_filter.taken_until)


def _taken_between(photos: QuerySet[Photo], since: str, until: str) -> QuerySet[Photo]:
    """Return photos by when they were taken; what is known no closer than a year may be in it."""
    if since:
        coarser = [since[:4], since[:7]]
        photos = photos.filter(Q(taken__gte=since) | Q(taken__in=coarser))
    if until:
        photos = photos.filter(Q(taken__lte=until) | Q(taken__startswith=until))
    return photos.exclude(taken="") if since or until else photos


def ordered(photos: QuerySet[Photo], order: str, *, backwards: bool = False) -> QuerySet[Photo]:
    """Return ``photos`` in an order, with what lists show of them in a fixed number of queries."""
    return with_looks(_sorted(photos, order, backwards=backwards))


def _sorted(photos: QuerySet[Photo], order: str, *, backwards: bool = False) -> QuerySet[Photo]:
    key, falling = _KEYS[order]
    sign = "-" if falling != backwards else ""
    if key in _COMPUTED:
        photos = photos.annotate(**{key: _COMPUTED[key]})
    return photos.order_by(f"{sign}{key}", f"{sign}id")


def with_looks(photos: QuerySet[Photo]) -> QuerySet[Photo]:
    """Return ``photos`` with the rows that a card and the API read beside a photo's own."""
    related = photos.select_related("hints", "chroma").defer("hints__data", "chroma__data")
    return related.prefetch_related(Prefetch("labels", to_attr=LABELS_READ))


def page_of(
    actor: Actor,
    photo_filter: PhotoFilter,
    *,
    cursor: str = "",
    backwards: bool = False,
    offset: int = 0,
    size: int = PAGE,
) -> Page:
    """Return the page after a cursor, or the one before it; the first page without a cursor.

    Args:
        actor: whose photos.
        photo_filter: which of them.
        cursor: where the page begins, or ends.
        backwards: whether it ends there.
        offset: how many photos to leave out besides.
        size: how many photos a page has.

    Raises:
        InvalidCursorError: the cursor is none of ours, or belongs to a list in another order.
    """
    photos = matching(actor, photo_filter)
    if cursor:
        photos = _beyond(photos, photo_filter.order, cursor, backwards=backwards)
    found = list(
        ordered(photos, photo_filter.order, backwards=backwards)[offset : offset + size + 1]
    )
    more, items = len(found) > size, found[:size]
    if backwards:
        items.reverse()
    ends = (bool(cursor), more) if not backwards else (more, bool(cursor))
    return _page(items, photo_filter.order, ends)


def page_around(actor: Actor, photo_filter: PhotoFilter, photo_id: uuid.UUID) -> Page | None:
    """Return two pages of which the first holds a photo; None if the list has no such photo."""
    photos = matching(actor, photo_filter)
    anchor = _sorted(photos, photo_filter.order).filter(pk=photo_id).first()
    if anchor is None:
        return None
    before = _beyond(
        photos, photo_filter.order, cursor_of(anchor, photo_filter.order), backwards=True
    )
    start = before.count() // PAGE * PAGE
    # Deep in a list, ids are quicker skipped than whole photos with their looks.
    ids = _sorted(photos, photo_filter.order).values("pk")[start : start + 2 * PAGE + 1]
    found = list(ordered(Photo.objects.filter(pk__in=ids), photo_filter.order))
    return _page(found[: 2 * PAGE], photo_filter.order, (start > 0, len(found) > 2 * PAGE))


def ids_of(actor: Actor, photo_filter: PhotoFilter, *, limit: int) -> list[uuid.UUID]:
    """Return the ids of the first photos of a list, as many as ``limit``."""
    found = _sorted(matching(actor, photo_filter), photo_filter.order)
    return list(found.values_list("pk", flat=True)[:limit])


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
    if key in _COMPUTED:
        photos = photos.annotate(**{key: _COMPUTED[key]})
    return photos.filter(Q(**{f"{key}__{side}": value}) | Q(**{key: value, f"id__{side}": pk}))


def _read(cursor: str, order: str) -> tuple[Any, uuid.UUID]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        stated, value, pk = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if stated != order or not isinstance(value, str) or not is_clean(value):
            raise InvalidCursorError
        if order in _BY_TEXT:
            return value, uuid.UUID(pk)
        moment = datetime.fromisoformat(value)
        if timezone.is_naive(moment):
            raise InvalidCursorError
        return moment.astimezone(UTC), uuid.UUID(pk)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise InvalidCursorError from None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
