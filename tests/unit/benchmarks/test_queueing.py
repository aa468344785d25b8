"""The simulated queue waits as queueing theory says, and people take turns in it."""

import math

import pytest

from benchmarks.queueing import Host, capacity, simulate


def erlang_c_p95(workers, load, stroke):
    """The 95th percentile of the wait in an M/M/c queue (Erlang 1917), in seconds."""
    terms = [load**k / math.factorial(k) for k in range(workers)]
    last = load**workers / math.factorial(workers) * workers / (workers - load)
    waits = last / (sum(terms) + last)
    return max(0.0, math.log(waits / 0.05) * stroke / (workers - load))


@pytest.mark.parametrize("workers", [1, 4])
def test_waits_are_those_of_a_queue_with_random_arrivals(workers):
    stroke, load = 0.1, 0.7 * workers
    people = 400  # so many that hardly anybody has two strokes in the queue
    seen = simulate(
        Host(stroke), workers=workers, people=people, rate=load / stroke / people,
        seconds=8000 / workers, spread=1.0,
    )  # fmt: skip
    waits = erlang_c_p95(workers, load, stroke)
    # Wait and service together; each alone bounds the sum's percentile from below.
    alone = math.log(20) * stroke
    assert max(waits, alone) < seen.p95 < waits + alone
    if workers == 1:  # of M/M/1 the time in the system is exponential
        assert seen.p95 == pytest.approx(alone / (1 - load), rel=0.1)
        assert seen.median == pytest.approx(math.log(2) * stroke / (1 - load), rel=0.1)
    assert seen.busy == pytest.approx(0.7, rel=0.05)


def test_beyond_what_workers_can_do_everybody_gets_the_same_and_nobody_waits_for_ever():
    seen = simulate(Host(0.1), workers=2, people=60, seconds=200)
    assert seen.per_second == pytest.approx(20, rel=0.05)
    assert seen.fairness < 1.5
    assert seen.p95 < 60 / 20 + 1


def test_twice_the_workers_hold_more_than_twice_the_people_until_what_is_shared_is_full():
    one, two = (capacity(Host(0.1), workers=number) for number in (1, 2))
    assert two > 2 * one
    assert capacity(Host(0.1, shared=0.02), workers=64) <= 1.1 / 0.02
