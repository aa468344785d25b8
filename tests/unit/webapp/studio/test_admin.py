"""The studio's pages in the admin."""

import pytest

from tests.support.people import user
from webapp.studio import tasks
from webapp.studio.models import Chroma, Hints, Job, Version


@pytest.fixture
def staff(client, db):
    client.force_login(user("staff", is_staff=True, is_superuser=True))
    return client


@pytest.mark.parametrize("rows", [Job, Hints, Chroma, Version])
def test_rows_can_be_looked_at_and_not_edited(staff, photo, job, rows):
    tasks.colorize(str(job.pk))
    base = f"/admin/studio/{rows._meta.model_name}/"
    assert staff.get(base).status_code == 200
    for row in rows.objects.all():
        page = staff.get(f"{base}{row.pk}/change/")
        assert page.status_code == 200
        assert b'name="_save"' not in page.content
    assert staff.get(f"{base}add/").status_code == 403


def test_jobs_can_be_cancelled(staff, job):
    body = {"action": "cancel", "_selected_action": [str(job.pk)]}
    page = staff.post("/admin/studio/job/", body, follow=True)
    assert b"1 job cancelled." in page.content
    assert Job.objects.get().status == Job.Status.CANCELLED
