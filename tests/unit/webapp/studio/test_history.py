"""The tree of a photo's versions: whose hints each went on from, and what deleting leaves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from colorizer.hints import HintSet
from tests.support.people import guest, upload
from training.registry.versions import ensure_shipped_model
from webapp.photos.services import add_photo
from webapp.studio import tasks
from webapp.studio.copies import EMPTY_HINTS
from webapp.studio.history import (
    VersionNotFoundError,
    add_to_tree,
    delete_version,
    name_version,
)
from webapp.studio.leases import claim
from webapp.studio.models import Branch, Hints, Job, Version
from webapp.studio.requests import request_render
from webapp.studio.selectors import hints_of
from webapp.studio.services import save_hints, store_version


def dab(x):
    return {"type": "point", "x": x, "y": 0.5, "radius": 0.1, "color": "#c0602a"}


def paint(photo, *places):
    """Save hints at these places as the next revision."""
    hint_set = HintSet.parse({"version": 1, "hints": [dab(x) for x in places]})
    save_hints(photo=photo, hint_set=hint_set, revision=hints_of(photo)[0] + 1)


def keep(photo):
    """Make a version of the newest hints."""
    job = request_render(photo=photo)
    tasks.render(str(job.pk))
    return Version.objects.get(pk=job.pk)


def parent(version):
    return Version.objects.get(pk=version.pk).parent


@pytest.fixture
def line(photo):
    """Three versions, each with one dab more."""
    versions = []
    for count in (1, 2, 3):
        paint(photo, *(place / 10 for place in range(1, count + 1)))
        versions.append(keep(photo))
    return versions


def test_versions_of_work_that_goes_on_hang_on_each_other(line):
    assert [parent(one) for one in line] == [None, line[0], line[1]]
    assert not Branch.objects.exists()


def test_work_after_going_back_is_a_branch(photo, line):
    paint(photo, 0.1)
    paint(photo, 0.1, 0.9)
    branch = keep(photo)
    assert parent(branch) == line[0]
    paint(photo, 0.1, 0.9, 0.8)
    assert parent(keep(photo)) == branch
    paint(photo, 0.1, 0.2)
    paint(photo, 0.1, 0.2, 0.7)
    assert parent(keep(photo)) == line[1]


def test_going_back_and_returning_is_no_branch(photo, line):
    paint(photo, 0.1)
    paint(photo, 0.1, 0.2, 0.3)
    paint(photo, 0.1, 0.2, 0.3, 0.4)
    assert parent(keep(photo)) == line[2]


def test_undoing_the_steps_since_a_version_is_no_branch(photo, line):
    paint(photo, 0.1, 0.2, 0.3, 0.4)
    paint(photo, 0.1, 0.2, 0.3)
    assert not Branch.objects.exists()


def test_a_version_that_is_finished_late_still_takes_its_place(photo, line):
    paint(photo, 0.4)
    early = claim(job_id=request_render(photo=photo).pk, now=timezone.now())
    paint(photo, 0.4, 0.5)
    last = keep(photo)
    assert parent(last) == line[2]
    store_version(job=early, image=photo.original)
    assert parent(Version.objects.get(pk=early.pk)) == line[2]
    assert parent(last).pk == early.pk


def test_a_version_finished_after_going_back_stays_where_its_hints_were(photo, line):
    paint(photo, 0.1, 0.2, 0.3, 0.4)
    late = request_render(photo=photo)
    paint(photo, 0.1)
    paint(photo, 0.1, 0.6)
    tasks.render(str(late.pk))
    assert parent(Version.objects.get(pk=late.pk)) == line[2]
    assert parent(keep(photo)) == line[0]


def test_returning_before_the_version_is_finished_goes_on_from_it(photo, line):
    paint(photo, 0.1, 0.2, 0.3, 0.4)
    late = request_render(photo=photo)
    paint(photo, 0.1)
    paint(photo, 0.1, 0.2, 0.3, 0.4)
    tasks.render(str(late.pk))
    paint(photo, 0.1, 0.2, 0.3, 0.4, 0.5)
    assert parent(keep(photo)).pk == late.pk


def test_no_work_goes_on_from_the_colours_of_a_copy(photo, line):
    fields = {"width": 1, "height": 1, "hints": EMPTY_HINTS, "revision": hints_of(photo)[0]}
    copy = Version.objects.create(photo=photo, image="copy.png", **fields)
    add_to_tree(version=copy)
    assert parent(copy) == line[2]
    paint(photo, 0.6)
    assert parent(keep(photo)) == line[2]


def test_what_hangs_on_a_deleted_version_hangs_on_its_parent(photo, line):
    paint(photo, 0.1, 0.2)
    paint(photo, 0.1, 0.2, 0.9)
    branch = keep(photo)
    delete_version(version=line[1])
    assert [parent(line[2]), parent(branch)] == [line[0], line[0]]
    delete_version(version=line[0])
    assert [parent(line[2]), parent(branch)] == [None, None]


def test_a_branch_begun_at_a_deleted_version_hangs_on_its_parent(photo, line):
    paint(photo, 0.1, 0.2)
    delete_version(version=line[1])
    paint(photo, 0.1, 0.2, 0.9)
    assert parent(keep(photo)) == line[0]


def test_a_version_that_is_gone_is_neither_named_nor_deleted(line):
    delete_version(version=line[1])
    with pytest.raises(VersionNotFoundError):
        delete_version(version=line[1])
    with pytest.raises(VersionNotFoundError):
        name_version(version=line[1], name="late")
    assert parent(line[2]) == line[0]
    assert Version.objects.count() == 2


def test_hints_after_a_pause_keep_how_the_last_session_ended(photo, line, settings):
    paint(photo, 0.1, 0.2, 0.3, 0.4)
    end = timezone.now() - timedelta(minutes=settings.SESSION_PAUSE_MINUTES + 1)
    Hints.objects.update(updated=end)
    before = hints_of(photo)
    paint(photo, 0.1, 0.2, 0.3, 0.4, 0.5)
    job = Job.objects.get(kind="render", status="queued")
    assert (job.revision, job.hints, job.session_end) == (*before, end)
    tasks.render(str(job.pk))
    assert parent(Version.objects.get(pk=job.pk)) == line[2]
    paint(photo, 0.5)
    assert not Job.objects.filter(kind="render", status="queued").exists()


def test_a_session_whose_end_is_a_version_already_makes_no_second_one(photo, line):
    Hints.objects.update(updated=timezone.now() - timedelta(days=1))
    paint(photo, 0.9)
    assert Job.objects.filter(kind="render").count() == len(line)


def test_without_a_full_size_result_left_hints_are_saved_all_the_same(photo, line, settings):
    settings.GUEST_JOBS_PER_DAY = len(line)
    paint(photo, 0.8)
    Hints.objects.update(updated=timezone.now() - timedelta(days=1))
    paint(photo, 0.9)
    assert hints_of(photo)[1]["hints"] == [dab(0.9)]
    assert Job.objects.filter(kind="render").count() == len(line)


@pytest.mark.django_db(transaction=True)
def test_of_two_windows_that_delete_at_once_one_is_late():
    ensure_shipped_model()
    photo = add_photo(actor=guest(), upload=upload())
    paint(photo, 0.1)
    first = keep(photo)
    paint(photo, 0.1, 0.2)
    second = keep(photo)

    def delete(_):
        try:
            delete_version(version=first)
        except VersionNotFoundError:
            return "late"
        finally:
            connection.close()
        return "deleted"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(delete, range(2))) == ["deleted", "late"]
    assert parent(second) is None


def test_versions_of_earlier_releases_get_a_straight_line(line):
    paint(other := add_photo(actor=guest(), upload=upload()), 0.1)
    alone = keep(other)
    Version.objects.update(parent=None)
    migration = import_module("webapp.studio.migrations.0009_old_versions_in_a_line")
    migration.straight_line(apps, connection.schema_editor())
    assert [parent(one) for one in (*line, alone)] == [None, line[0], line[1], None]
