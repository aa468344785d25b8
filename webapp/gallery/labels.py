"""What can be done with tags and collections."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext

from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.gallery.access import labels_of
from webapp.photos.access import trash_of
from webapp.photos.models import LABEL_LENGTH, Label, Photo
from webapp.photos.services import clean_title


class InvalidLabelError(Exception):
    """There cannot be such a tag or collection; ``str()`` of it says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def counted_labels(actor: Actor) -> QuerySet[Label]:
    """Return the actor's tags and collections with ``count``, their photos not in the trash."""
    # Few are in the trash: leaving those out is quicker than looking at every photo.
    links: QuerySet[Any] = Photo.labels.through.objects.filter(label=OuterRef("pk"))
    untrashed = links.exclude(photo__in=trash_of(actor).values("pk")).order_by().values("label")
    count = Subquery(untrashed.annotate(number=Count("pk")).values("number"))
    return labels_of(actor).annotate(count=Coalesce(count, 0))


def ensure_label(*, actor: Actor, kind: Label.Kind, name: str) -> Label:
    """Return the actor's tag or collection of a name, made if there is none; case is no matter.

    Raises:
        InvalidLabelError: the name is empty or too long, or there are too many.
    """
    name = clean_name(name)
    found = labels_of(actor).filter(kind=kind, name__iexact=name).first()
    if found is not None:
        return found
    if labels_of(actor).count() >= settings.LABELS_PER_ACTOR:
        message = gettext("You have %(limit)d tags and collections, which is the limit.")
        raise InvalidLabelError("too_many_labels", message % {"limit": settings.LABELS_PER_ACTOR})
    guest_key = "" if actor.user else actor.guest_key
    try:
        with transaction.atomic():
            return Label.objects.create(owner=actor.user, guest_key=guest_key, kind=kind, name=name)
    except IntegrityError:  # made by another request meanwhile
        return labels_of(actor).get(kind=kind, name__iexact=name)


def rename_label(*, label: Label, name: str) -> Label:
    """Give a tag or a collection another name.

    Raises:
        InvalidLabelError: the name is empty or too long, or another one has it.
    """
    label.name = clean_name(name)
    try:
        with transaction.atomic():
            label.save(update_fields=["name"])
    except IntegrityError:
        raise InvalidLabelError(
            "name_taken", gettext("There is one of that name already.")
        ) from None
    return label


def delete_label(*, label: Label) -> None:
    """Delete a tag or a collection; its photos stay."""
    label.delete()


def put_label(*, label: Label, photos: Iterable[Photo]) -> None:
    """Give a tag to photos, or put them into a collection; those that have it keep it."""
    links = Photo.labels.through
    links.objects.bulk_create(
        [links(photo_id=photo.pk, label_id=label.pk) for photo in photos], ignore_conflicts=True
    )


def take_label(*, label: Label, photos: Iterable[Photo]) -> None:
    """Take a tag off photos, or take them out of a collection."""
    links = Photo.labels.through
    links.objects.filter(label=label, photo_id__in=[photo.pk for photo in photos]).delete()


def set_labels(*, actor: Actor, photo: Photo, kind: Label.Kind, names: Iterable[str]) -> None:
    """Let a photo have exactly these tags, or be in exactly these collections.

    Raises:
        InvalidLabelError: one of the names cannot be.
    """
    with transaction.atomic():
        labels = [ensure_label(actor=actor, kind=kind, name=name) for name in names]
        for label in photo.labels.filter(kind=kind).exclude(pk__in=[one.pk for one in labels]):
            photo.labels.remove(label)
        photo.labels.add(*labels)


def give_labels(*, guest_key: str, user: User) -> None:
    """Let a user have a guest's tags and collections; those of one name become one."""
    own = {(label.kind, label.name.lower()): label for label in Label.objects.filter(owner=user)}
    with transaction.atomic():
        for label in Label.objects.filter(owner=None, guest_key=guest_key):
            same = own.get((label.kind, label.name.lower()))
            if same is None:
                label.owner, label.guest_key = user, ""
                label.save(update_fields=["owner", "guest_key"])
            else:
                put_label(label=same, photos=label.photos.all())
                label.delete()


def purge_labels() -> None:
    """Delete the tags and collections of guests whose time is over and whose photos have gone."""
    past = timezone.now() - timedelta(hours=settings.GUEST_RETENTION_HOURS)
    Label.objects.filter(owner=None, photos=None, created__lte=past).delete()


def clean_name(text: str) -> str:
    """Return the name of a tag or a collection on one line.

    Raises:
        InvalidLabelError: it is empty or too long.
    """
    name = clean_title(text)
    if not name:
        raise InvalidLabelError("empty_name", gettext("A name needs at least one letter."))
    if len(name) > LABEL_LENGTH:
        message = gettext("The name may have at most %(limit)d letters.")
        raise InvalidLabelError("long_name", message % {"limit": LABEL_LENGTH})
    return name
