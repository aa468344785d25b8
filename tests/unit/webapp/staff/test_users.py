"""Users: found, given other limits, closed and opened, with an entry for each."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.support.people import upload, user
from webapp.accounts.actor import Actor
from webapp.accounts.models import User
from webapp.accounts.quota import quotas_of
from webapp.api.models import IdempotencyRecord
from webapp.audit.models import Entry
from webapp.batches.models import Batch, BatchItem
from webapp.photos.services import add_photo
from webapp.staff.people import with_use
from webapp.studio.models import Hints, Job, Version
from webapp.uploads.models import Upload


@pytest.fixture
def kim(model):
    """A user with a photo, who was here a moment ago."""
    kim = user("kim", email="kim@example.org", last_login=timezone.now())
    add_photo(actor=Actor(user=kim), upload=upload())
    return kim


def audited():
    return list(Entry.objects.exclude(actor=None).values_list("action", "subject", "detail"))


@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), ("q=KIM", True), ("q=kim+example.org", True), ("q=park", False),
     ("state=active", True), ("state=closed", False), ("state=staff", False)],
)  # fmt: skip
def test_users_are_found_by_words_and_state(chief, kim, query, found):
    page = chief.get(f"/dashboard/users?{query}").content.decode()
    assert ("kim@example.org" in page) == found


def test_a_user_s_use_stands_beside_the_limits(chief, kim, settings):
    page = chief.get("/dashboard/users?q=kim").content.decode()
    row = page[page.index("kim@example.org") :]
    assert '1 <span class="muted">/ 10' in row
    assert "seconds ago" in row


def test_the_bytes_shown_are_those_that_the_quota_counts(kim, model):
    photo = kim.photos.get()
    job = Job.objects.get(photo=photo)
    Version.objects.create(
        photo=photo, job=job, revision=0, hints={}, model_version=model, image="x", bytes=300,
        hints_bytes=7, width=96, height=64,
    )  # fmt: skip
    Hints.objects.update_or_create(photo=photo, defaults={"data": {}, "bytes": 5000})
    for key, owner in (("a", kim), ("b", user("other"))):
        IdempotencyRecord.objects.create(
            actor=Actor(user=owner).key, owner=owner, key=key, body=b"x" * 60_000
        )
    tomorrow = timezone.now() + timedelta(days=1)
    Upload.objects.create(owner=kim, size=900_000, offset=700_000, expires_at=tomorrow)
    batch = Batch.objects.create(owner=kim, name="b", language="en", total=2, bytes=20)
    for number in (1, 2):
        BatchItem.objects.create(batch=batch, number=number, output=str(number), result_bytes=1)
    used = photo.bytes + 322 + 7 + 5000 + 60_000 + 700_000
    assert with_use(User.objects.all()).get(pk=kim.pk).used_bytes == used
    assert quotas_of(Actor(user=kim)).bytes.used == used


def test_limits_are_changed_and_the_change_is_reported(chief, kim):
    page = f"/dashboard/users/{kim.pk}"
    done = chief.post(page, {"gigabytes": "1.5", "photos": "7", "jobs": ""}, follow=True)
    assert "The limits are changed." in done.content.decode()
    kim.refresh_from_db()
    assert (kim.quota_bytes, kim.quota_photos, kim.quota_jobs_per_day) == (1610612736, 7, None)
    assert audited() == [
        ("quota_changed", f"user {kim.pk}", "bytes: site's -> 1610612736, photos: site's -> 7")
    ]
    chief.post(page, {"gigabytes": "1.5", "photos": "7", "jobs": ""})
    assert len(audited()) == 1


@pytest.mark.parametrize("bad", [{"photos": "-1"}, {"gigabytes": "many"}, {"gigabytes": "nan"},
                                 {"jobs": "9" * 30}])  # fmt: skip
def test_limits_that_are_none_are_refused_with_a_word(chief, kim, bad):
    answer = chief.post(f"/dashboard/users/{kim.pk}", bad)
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert audited() == []


def test_a_closed_account_ends_its_sessions_and_opens_again(chief, kim):
    browser = Client()
    browser.force_login(kim)
    assert browser.get("/api/photos").json()["items"]
    chief.post(f"/dashboard/users/{kim.pk}/close")
    assert not browser.get("/api/photos").json()["items"]
    chief.post(f"/dashboard/users/{kim.pk}/open")
    assert [action for action, _, _ in audited()] == ["account_opened", "account_closed"]
    assert User.objects.get(pk=kim.pk).is_active


def test_nobody_closes_their_own_account_here(chief):
    me = User.objects.get(username="chief")
    page = chief.post(f"/dashboard/users/{me.pk}/close", follow=True)
    assert "your own account" in page.content.decode()
    assert User.objects.get(pk=me.pk).is_active


def test_staff_close_no_staff(assistant):
    other = user("colleague", is_staff=True)
    page = assistant.post(f"/dashboard/users/{other.pk}/close", follow=True)
    assert "Only superusers" in page.content.decode()
    assert User.objects.get(pk=other.pk).is_active
    assert audited() == []
