"""The audit log is found by what, who and when, page by page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.support.people import user
from webapp.audit.models import Entry
from webapp.audit.services import record


@pytest.fixture
def entries(db):
    kim = user("kim", email="kim@example.org")
    record(actor=kim, action=Entry.Action.PHOTO_DELETED, subject="photo-1")
    record(actor=None, action=Entry.Action.MODEL_LIVE, subject="model-1")
    old = timezone.now() - timedelta(days=10)
    Entry.objects.filter(subject="model-1").update(created=old)
    return old


def shown(client, query):
    page = client.get(f"/dashboard/audit?{query}").content.decode()
    return {subject for subject in ("photo-1", "model-1") if f">{subject}<" in page}


def test_entries_are_found(chief, entries):
    yesterday = (timezone.now() - timedelta(days=1)).date()
    assert shown(chief, "") == {"photo-1", "model-1"}
    assert shown(chief, "action=model_live") == {"model-1"}
    assert shown(chief, "actor=KIM") == {"photo-1"}
    assert shown(chief, f"since={yesterday}") == {"photo-1"}
    assert shown(chief, f"until={yesterday}") == {"model-1"}
    assert shown(chief, f"since={entries.date()}&until={entries.date()}") == {"model-1"}


def test_a_filter_that_is_none_is_refused_with_a_word(chief, entries):
    answer = chief.get("/dashboard/audit?since=yesterday")
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_pages(chief):
    for n in range(60):
        record(actor=None, action=Entry.Action.PHOTO_DELETED, subject=f"photo-{n}")
    page = chief.get("/dashboard/audit?action=photo_deleted&page=2").content.decode()
    assert "Page 2 of 2" in page
    assert "?action=photo_deleted&amp;page=1" in page
    assert ">photo-9<" in page
