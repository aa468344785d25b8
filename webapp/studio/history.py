"""A photo's history: a tree of its versions, each on the one whose hints it went on from.

Revisions only rise, so a photo's work is one line, cut where the hints became those of an earlier
version again. Each cut is a :class:`Branch`; all parents follow from these and the revisions.
"""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max, QuerySet
from pydantic_core import to_json

from training.registry.versions import NoLiveModelError
from webapp.accounts.quota import QuotaExceededError
from webapp.photos.models import Photo
from webapp.photos.services import clean_title
from webapp.studio.leases import lock_photo
from webapp.studio.models import VERSION_NAME_LENGTH, Branch, Hints, Job, Version
from webapp.studio.requests import request_render
from webapp.studio.thumbnails import version_thumbnail_key
from webapp.studio.versions import image_keys

log = structlog.get_logger(__name__)


class VersionNotFoundError(Exception):
    """The version was deleted meanwhile, perhaps from another window."""


def json_bytes(value: object) -> int:
    """Return what a hint set takes up in the database."""
    return len(to_json(value))


def name_version(*, version: Version, name: str) -> Version:
    """Give a version a name, or take it away with an empty one.

    Raises:
        VersionNotFoundError: it was deleted meanwhile.
    """
    version.name = clean_title(name)[:VERSION_NAME_LENGTH].rstrip()
    if not Version.objects.filter(pk=version.pk).update(name=version.name):
        raise VersionNotFoundError
    return version


@transaction.atomic
def delete_version(*, version: Version) -> None:
    """Delete a version with its files; those that hung on it hang on its parent.

    Raises:
        VersionNotFoundError: it was deleted meanwhile; nothing has changed.
    """
    lock_photo(version.photo_id)
    row = Version.objects.filter(pk=version.pk).first()
    if row is None:
        raise VersionNotFoundError
    Version.objects.filter(parent=row).update(parent=row.parent_id)
    Branch.objects.filter(base=row).update(base=row.parent_id)
    row.delete()
    if row.job_id is not None:
        Job.objects.filter(pk=row.job_id, kind=Job.Kind.RENDER).delete()
    transaction.on_commit(partial(_delete_files, version))


def _delete_files(version: Version) -> None:
    for key in (*image_keys(version), version_thumbnail_key(version)):
        default_storage.delete(key)


def add_to_tree(*, version: Version) -> None:
    """Hang a new version, whose photo is locked, on its parent; what came out of order follows."""
    photo_id, revision = version.photo_id, version.revision
    version.parent = _point_before(photo_id, revision, without=version.pk)
    version.save(update_fields=["parent"])
    if version.model_version_id is None:  # no work goes on from the colours of a copy
        return
    later = Version.objects.filter(
        photo=photo_id, parent=version.parent, revision__gt=revision
    ).exclude(pk=version.pk)
    cut = Branch.objects.filter(photo=photo_id, since__gt=revision).order_by("since").first()
    if cut is not None:
        later = later.filter(revision__lt=cut.since)
    later.update(parent=version)
    # One may have gone back and returned while it was made.
    hints = Hints.objects.filter(pk=photo_id, revision__gt=revision).first()
    if hints is not None and hints.bytes == version.hints_bytes:
        _begin_branch(photo_id, [version] if hints.data == version.hints else [], hints.revision)


def notice_return(*, photo: Photo, text: str, revision: int) -> None:
    """Begin a branch if the hints that are being saved are those of an earlier version.

    Args:
        photo: it is locked.
        text: the hint set, as JSON.
        revision: that it is saved as.
    """
    same_size = _points(photo.pk).filter(hints_bytes=len(text.encode()))
    candidates = list(same_size.only("pk", "hints"))
    if candidates:
        data = json.loads(text)
        _begin_branch(photo.pk, [one for one in candidates if one.hints == data], revision)


def _begin_branch(photo_id: uuid.UUID, same: list[Version], revision: int) -> None:
    """Have work from ``revision`` on hang on the newest version that has the same hints."""
    if not same or _point_before(photo_id, revision) in same:
        return
    # A branch on which nothing was made shows nowhere.
    renders = Job.objects.filter(photo=photo_id, kind=Job.Kind.RENDER)
    newest = renders.aggregate(newest=Max("revision"))["newest"] or 0
    Branch.objects.filter(photo=photo_id, since__gt=newest).delete()
    if _point_before(photo_id, revision) not in same:
        Branch.objects.create(photo_id=photo_id, since=revision, base=same[0])


def keep_session(*, photo: Photo, now: datetime) -> None:
    """Make a version of how the last session of work ended, if a new one begins.

    Whoever has no full-size result left goes on without: no hint is refused for the history.

    Args:
        photo: it is locked, and its newest hints are those of the last session.
        now: when new hints came.
    """
    stored = Hints.objects.filter(pk=photo.pk).values_list("revision", "updated").first()
    pause = timedelta(minutes=settings.SESSION_PAUSE_MINUTES)
    if stored is None or now - stored[1] < pause:
        return
    if _points(photo.pk).filter(revision=stored[0]).exists():
        return
    try:
        job = request_render(photo=photo)
    except (QuotaExceededError, NoLiveModelError) as error:
        log.info("session_not_kept", photo=str(photo.pk), reason=type(error).__name__)
        return
    Job.objects.filter(pk=job.pk).update(session_end=stored[1])


def _points(photo_id: uuid.UUID) -> QuerySet[Version]:
    """Return what work can go on from, newest first: the colours of a copy have no hints."""
    points = Version.objects.filter(photo=photo_id, model_version__isnull=False)
    return points.order_by("-revision", "-created", "-pk")


def _point_before(
    photo_id: uuid.UUID, revision: int, *, without: uuid.UUID | None = None
) -> Version | None:
    """Return the version that work at a revision went on from."""
    cuts = Branch.objects.filter(photo=photo_id, since__lte=revision)
    branch = cuts.select_related("base").order_by("-since").first()
    points = _points(photo_id).filter(revision__lte=revision)
    if without is not None:
        points = points.exclude(pk=without)
    if branch is None:
        return points.first()
    return points.filter(revision__gte=branch.since).first() or branch.base
