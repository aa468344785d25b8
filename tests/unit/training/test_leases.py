"""The lease machine on real rows: of the lab, by heartbeats; of exports, by the lease's end."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from tests.support.people import user
from training import leases
from training.leases import QUEUED, Lease, LeaseLostError, Leases, database_now, owned, renewing
from training.models import Run
from webapp.accounts.models import DataExport

pytestmark = pytest.mark.django_db
SECONDS = 30.0
NOW = timezone.now()

BY_END = Leases(seconds=lambda: SECONDS, max_attempts=lambda: 2)
BY_HEARTBEAT = Leases(seconds=lambda: SECONDS, field="beat", is_heartbeat=True)


@pytest.fixture(params=["end", "heartbeat"])
def kind(request):
    """Rules, and a queued row that they are for."""
    if request.param == "end":
        return BY_END, DataExport.objects.create(user=user("ada"), site="")
    return BY_HEARTBEAT, Run.objects.create(name="mine", recipe={}, folder="mine")


def rows(row):
    return type(row).objects.filter(pk=row.pk)


def queued(row):
    return rows(row).filter(status=QUEUED)


def claimed(rules, row, now=NOW):
    assert rules.claim(queued(row), now=now) == 1
    row.refresh_from_db()
    return row


def test_a_row_is_claimed_once_and_counts_its_attempts(kind):
    rules, row = kind
    mine = claimed(rules, row)
    assert (mine.status, mine.attempt) == ("running", 1)
    assert rules.claim(queued(row), now=NOW) == 0
    assert rules.end(owned(mine), QUEUED)
    assert claimed(rules, row).attempt == 2


def test_the_row_holds_the_end_of_the_lease_or_the_last_heartbeat():
    export = claimed(BY_END, DataExport.objects.create(user=user("ada"), site=""))
    assert export.lease_until == NOW + timedelta(seconds=SECONDS)
    run = claimed(BY_HEARTBEAT, Run.objects.create(name="mine", recipe={}, folder="mine"))
    assert run.beat == NOW


def test_a_claim_a_renewal_and_an_end_write_what_else_is_to_be_written():
    rules, run = BY_HEARTBEAT, Run.objects.create(name="mine", recipe={}, folder="mine")
    rules.claim(queued(run), now=NOW, total=9)
    run.refresh_from_db()
    rules.renew(owned(run), done=4)
    rules.end(owned(run), "failed", error="no disk")
    run.refresh_from_db()
    assert (run.total, run.done, run.error, run.status) == (9, 4, "no disk", "failed")


def test_the_lease_expires_after_its_length_and_no_sooner(kind):
    rules, row = kind
    claimed(rules, row)
    last, over = NOW + timedelta(seconds=SECONDS), NOW + timedelta(seconds=SECONDS + 0.001)
    assert not rules.expired(rows(row), now=last).exists()
    assert rules.expired(rows(row), now=over).exists()


def test_only_what_runs_expires(kind):
    rules, row = kind
    late = NOW + timedelta(days=1)
    rows(row).update(**{rules.field: NOW})
    assert not rules.expired(rows(row), now=late).exists()
    mine = claimed(rules, row)
    rules.end(owned(mine), "failed")
    assert not rules.expired(rows(row), now=late).exists()


def test_renewing_begins_another_length(kind):
    rules, row = kind
    mine = claimed(rules, row, now=NOW - timedelta(days=1))
    assert rules.expired(rows(row), now=NOW).exists()
    assert rules.renew(owned(mine)) is True
    assert not rules.expired(rows(row), now=NOW).exists()


def test_an_ended_row_has_no_lease(kind):
    rules, row = kind
    mine = claimed(rules, row)
    assert rules.end(owned(mine), "failed") is True
    row.refresh_from_db()
    assert (row.status, getattr(row, rules.field)) == ("failed", None)


def test_a_row_may_be_given_back_with_a_time_of_its_own():
    mine = claimed(BY_END, DataExport.objects.create(user=user("ada"), site=""))
    BY_END.end(owned(mine), QUEUED, lease_until=NOW)
    mine.refresh_from_db()
    assert (mine.status, mine.lease_until) == (QUEUED, NOW)


def test_an_attempt_that_lost_the_row_writes_nothing(kind):
    rules, row = kind
    first = owned(claimed(rules, row))
    rules.end(owned(row), QUEUED)
    assert rules.renew(first) is False, "it waits"
    second = claimed(rules, row)
    assert rules.renew(first) is False, "it is another's"
    assert rules.end(first, "failed") is False
    row.refresh_from_db()
    assert row.status == "running"
    assert rules.end(owned(second), "failed") is True
    assert rules.end(owned(second), "failed") is False, "it has ended"


def test_other_rows_are_not_owned():
    one, two = (
        claimed(BY_HEARTBEAT, Run.objects.create(name=name, recipe={}, folder=name))
        for name in ("one", "two")
    )
    assert list(owned(one)) == [one]
    BY_HEARTBEAT.end(owned(one), "failed")
    assert list(owned(two)) == [two]


def test_attempts_are_spent_at_their_number_and_never_without_one():
    assert [BY_END.is_spent(attempts) for attempts in (1, 2, 3)] == [False, True, True]
    assert not BY_HEARTBEAT.is_spent(1_000_000)


def test_the_database_s_clock_is_the_clock():
    before = timezone.now() - timedelta(seconds=1)
    assert before < database_now() < before + timedelta(seconds=10)


class Renewals:
    """Counts what a lease's thread does, and answers as it is told to."""

    def __init__(self, *results):
        self.results, self.count, self.enough = list(results), 0, threading.Event()

    def renew(self, held):
        self.count += 1
        result = self.results.pop(0) if self.results else True
        if not self.results:
            self.enough.set()
        if isinstance(result, Exception):
            raise result
        return result

    def seconds(self):
        return 0.03


def test_a_lease_is_renewed_three_times_in_its_length(monkeypatch):
    waits = []
    lease = Lease(Leases(seconds=lambda: 6.0), Run.objects.none())
    monkeypatch.setattr(lease._released, "wait", lambda seconds: waits.append(seconds) or True)
    lease.keep()
    assert waits == [2.0]


def test_a_database_that_is_away_for_a_moment_loses_no_lease():
    renewals = Renewals(DatabaseError("away"), True, True)
    with renewing(Lease(renewals, None), "test") as lease:
        assert renewals.enough.wait(5)
        lease.check()
    assert renewals.count >= 3


def test_a_lost_lease_is_renewed_no_more_and_says_so():
    renewals = Renewals(True, False)
    with renewing(Lease(renewals, None), "test") as lease:
        assert renewals.enough.wait(5)
        assert lease._lost.wait(5)
        with pytest.raises(LeaseLostError):
            lease.check()
    assert renewals.count == 2


def test_the_thread_bears_its_name_and_ends_with_the_block():
    def threads():
        return [one for one in threading.enumerate() if one.name == "lease-of-a-test"]

    with renewing(Lease(Renewals(), None), "lease-of-a-test"):
        assert [one.daemon for one in threads()] == [True]
    assert threads() == []


def test_the_thread_closes_its_connection(monkeypatch):
    closed = []
    monkeypatch.setattr(leases, "connection", type("", (), {"close": lambda: closed.append(1)}))
    renewals = Renewals(DatabaseError("away"), False)
    Lease(renewals, None).keep()
    assert len(closed) == 2, "after the error, and at the end"


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_the_row():
    run = Run.objects.create(name="mine", recipe={}, folder="mine")
    start, got = threading.Barrier(8), []

    def work():
        start.wait()
        got.append(BY_HEARTBEAT.claim(queued(run), now=NOW))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(got) == [0] * 7 + [1]
