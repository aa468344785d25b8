"""Work is one process's at a time, is never lost, and stops when it is asked to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from training.models import Run
from training.runs import claims
from training.runs.claims import (
    WorkNotFoundError,
    WorkStateError,
    cancel,
    claim,
    find_work,
    finish,
    heartbeat,
    reopen,
    requeue,
    resume,
)
from training.runs.heartbeat import Heartbeat, WorkStoppedError, claimed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch):
    """What workers were asked to do."""
    requested = []
    monkeypatch.setattr(
        claims.current_app, "send_task", lambda name, args, **_: requested.append((name, *args))
    )
    return requested


@pytest.fixture
def run():
    return Run.objects.create(name="mine", recipe={}, folder="mine")


def status(run):
    return Run.objects.get(pk=run.pk).status


def silent(run):
    Run.objects.filter(pk=run.pk).update(beat=timezone.now() - timedelta(minutes=5))


def test_two_processes_cannot_claim_the_same(run):
    other = Run.objects.get(pk=run.pk)
    assert claim(run)
    assert not claim(other)
    assert (run.status, run.attempt) == ("running", 1)


def test_whoever_lost_it_can_neither_go_on_nor_end_it(run, sent):
    claim(run)
    silent(run)
    requeue()
    second = Run.objects.get(pk=run.pk)
    claim(second)
    assert not heartbeat(run, done=7)
    assert not finish(Run(pk=run.pk, attempt=1), Run.Status.DONE)
    assert Run.objects.get(pk=run.pk).done == 0
    assert heartbeat(second, done=8)
    assert status(run) == "running"


def test_work_whose_process_went_is_queued_and_sent_again(run, sent):
    claim(run)
    assert requeue() == 0, "it is alive"
    silent(run)
    assert requeue() == 1
    assert status(run) == "queued"
    assert sent == [("training.work", "run", str(run.pk))]


def test_cancelling_stops_what_runs_and_takes_back_what_waits(run, sent):
    claim(run)
    assert heartbeat(run)
    cancel(run)
    assert not heartbeat(run)
    finish(run, Run.Status.CANCELLED)
    with pytest.raises(WorkStateError, match="ended already"):
        cancel(run)
    waiting = Run.objects.create(name="waits", recipe={}, folder="waits")
    cancel(waiting)
    assert status(waiting) == "cancelled"


def test_resuming_queues_what_was_cancelled_or_failed_and_nothing_else(
    run, sent, django_capture_on_commit_callbacks
):
    with pytest.raises(WorkStateError, match="there is nothing to resume"):
        resume(run)
    claim(run)
    cancel(run)
    finish(run, Run.Status.CANCELLED)
    with django_capture_on_commit_callbacks(execute=True):
        resume(run)
    assert sent == [("training.work", "run", str(run.pk))]
    assert claim(run), "the old order to stop is forgotten"
    with pytest.raises(WorkStateError, match="there is nothing to resume"):
        reopen(run)
    reopen(run, dead=True)
    assert status(run) == "queued"


def test_what_is_not_there_is_not_found(run):
    assert find_work("run", run.pk) == run
    for kind, key in (("run", "1" * 32), ("run", "nonsense"), ("dream", run.pk)):
        with pytest.raises(WorkNotFoundError):
            find_work(kind, key)


class TestHolding:
    def test_ends_as_the_block_did(self, run):
        with claimed(run, supervised=False) as heartbeat:
            heartbeat.stepped(3, 9)
        run.refresh_from_db()
        assert (run.status, run.done, run.total) == ("done", 3, 9)

    def test_keeps_the_error_in_words(self, run):
        with pytest.raises(ValueError, match="no such"), claimed(run, supervised=False):
            raise ValueError("no such\npicture")
        run.refresh_from_db()
        assert (run.status, run.error) == ("failed", "no such picture")

    @pytest.mark.parametrize(
        ("supervised", "cancelled", "ends"),
        [(True, True, "cancelled"), (True, False, "queued"), (False, False, "cancelled")],
    )
    def test_a_stop_that_nobody_requested_gives_it_to_another_worker(
        self, run, supervised, cancelled, ends
    ):
        with claimed(run, supervised=supervised):
            if cancelled:
                cancel(run)
            raise WorkStoppedError
        assert status(run) == ends

    def test_is_refused_to_a_second_process(self, run):
        claim(run)
        with pytest.raises(WorkStateError, match="somebody works on it already"):
            claimed(Run.objects.get(pk=run.pk), supervised=False).__enter__()


def test_a_pulse_without_its_parent_says_stop(run, monkeypatch):
    claim(run)
    heartbeat = Heartbeat(run, supervised=True)
    assert heartbeat.stepped(1, 9)
    monkeypatch.setattr("training.runs.heartbeat.os.getppid", lambda: 1)
    assert not heartbeat.stepped(2, 9)
