"""The audit log forgets what is older than it may keep."""

from datetime import timedelta

import pytest
from django.utils import timezone

from webapp.audit.models import Entry
from webapp.audit.services import prune_audit, record
from webapp.ops.tasks import clean_up


@pytest.fixture
def entries(db, settings):
    """One entry a day too old, one a day before that."""
    settings.AUDIT_DAYS = 30
    now = timezone.now()
    for days in (31, 29):
        record(actor=None, action=Entry.Action.PHOTO_DELETED, subject=f"{days} days")
        Entry.objects.filter(subject=f"{days} days").update(created=now - timedelta(days=days))
    return now


def subjects():
    return list(Entry.objects.values_list("subject", flat=True))


def test_entries_older_than_audit_days_are_deleted_and_no_others(entries):
    assert prune_audit(now=entries) == 1
    assert subjects() == ["29 days"]
    assert prune_audit(now=entries) == 0


def test_the_hourly_clean_up_prunes_the_log(entries):
    clean_up()
    assert subjects() == ["29 days"]
