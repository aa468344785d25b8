"""Latest wins, whatever happens in whatever order: a machine that paints, works, dies and reaps."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from colorizer.hints import HintSet
from webapp.studio.leases import claim, finish, reap
from webapp.studio.models import Chroma, Job
from webapp.studio.requests import request_colorization
from webapp.studio.services import cancel_job, save_hints, store_chroma

ACTIONS = ["paint", "ask", "work", "end", "fail", "cancel", "die", "reap"]


class Studio:
    """One photo, its hints, and any number of workers, some of them dead without knowing."""

    def __init__(self, photo):
        self.photo = photo
        self.revision = 0
        self.claimed = []

    def paint(self):
        self.revision += 1
        save_hints(photo=self.photo, hint_set=HintSet.empty, revision=self.revision)

    def ask(self):
        request_colorization(photo=self.photo)

    def work(self):
        """A worker gets a message about the oldest job there is, perhaps a second time."""
        for job in Job.objects.filter(photo=self.photo).order_by("created"):
            claimed = claim(job_id=job.pk, now=timezone.now())
            if claimed is not None:
                self.claimed.append(claimed)
                return

    def end(self):
        if self.claimed:
            store_chroma(job=self.claimed.pop(0), data=b"x", width=1, height=1, seconds=0.1)

    def fail(self):
        if self.claimed:
            finish(job=self.claimed.pop(0), status=Job.Status.FAILED, error="broken")

    def cancel(self):
        for job in Job.objects.filter(photo=self.photo, status__in=Job.ALIVE)[:1]:
            cancel_job(job=job)

    def die(self):
        """The leases run out; the workers that held them go on and do not know."""
        Job.objects.filter(status=Job.Status.RUNNING).update(
            lease_until=timezone.now() - timedelta(seconds=1)
        )

    def reap(self):
        reap(now=timezone.now())

    def check(self):
        alive = Job.objects.filter(photo=self.photo, status__in=Job.ALIVE)
        statuses = sorted(alive.values_list("status", flat=True))
        assert statuses in ([], ["queued"], ["running"], ["queued", "running"])
        if "running" not in statuses:
            assert not alive.filter(enqueued=None).exists(), "a job waits for nobody"
        newest = Chroma.objects.filter(photo=self.photo).first()
        assert newest is None or newest.revision <= self.revision


@pytest.mark.django_db(transaction=True)
# Each example is rolled back, so that sharing the photo is safe.
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(actions=st.lists(st.sampled_from(ACTIONS), max_size=20))
def test_one_runs_one_waits_and_the_last_stroke_is_what_is_seen(photo, actions):
    with transaction.atomic():
        before = transaction.savepoint()
        studio = Studio(photo)
        for action in actions:
            getattr(studio, action)()
            studio.check()
        studio.paint()
        # However it went, the workers that are left bring the last stroke to the screen.
        for _ in range(10):
            studio.die()
            studio.reap()
            studio.work()
            studio.end()
            studio.claimed.clear()
            studio.check()
            if not Job.objects.filter(photo=photo, status__in=Job.ALIVE).exists():
                break
        assert Chroma.objects.get(photo=photo).revision == studio.revision
        assert not Job.objects.filter(photo=photo, status__in=Job.ALIVE).exists()
        transaction.savepoint_rollback(before)
