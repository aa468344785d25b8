"""Who wait at a gate come through by turns, and one visitor never fills it."""

import threading
import time

import pytest

from webapp.common.gate import BusyError, Gate


def come(gate, key, order, hold=0.0, seconds=10.0):
    def go():
        with gate.turn(key, seconds=seconds):
            order.append(key)
            time.sleep(hold)

    thread = threading.Thread(target=go)
    thread.start()
    return thread


def wait_for_waiting(gate, count):
    end = time.monotonic() + 10
    while sum(gate._waiting.values()) < count and time.monotonic() < end:
        time.sleep(0.005)


def test_one_visitor_never_fills_the_gate():
    gate, order, claimed = Gate(width=2, waiting=10), [], threading.Event()
    with gate.turn("greedy", seconds=1):
        more = [come(gate, "greedy", order) for _ in range(3)]
        wait_for_waiting(gate, 3)
        with gate.turn("modest", seconds=5):
            assert order == []
        claimed.set()
    for thread in more:
        thread.join(10)
    assert order == ["greedy"] * 3


def test_who_was_let_through_least_lately_comes_next():
    gate, order = Gate(width=1, waiting=10), []
    with gate.turn("greedy", seconds=1):
        threads = [come(gate, "greedy", order) for _ in range(4)]
        wait_for_waiting(gate, 4)
        threads.append(come(gate, "modest", order))
        wait_for_waiting(gate, 5)
    for thread in threads:
        thread.join(10)
    assert order[0] == "modest"
    assert len(order) == 5


def test_so_many_of_one_visitor_wait_and_no_more():
    gate, order = Gate(width=1, waiting=2), []
    with gate.turn("greedy", seconds=1):
        threads = [come(gate, "greedy", order) for _ in range(2)]
        wait_for_waiting(gate, 2)
        with pytest.raises(BusyError), gate.turn("greedy", seconds=1):
            pytest.fail("let in")
    for thread in threads:
        thread.join(10)
    assert gate._waiting == {}


def test_a_turn_that_does_not_come_in_time_is_stated_and_an_error_inside_leaves_the_gate_open():
    gate = Gate(width=1, waiting=2)
    with (
        gate.turn("one", seconds=1),
        pytest.raises(BusyError) as busy,
        gate.turn("other", seconds=0.05),
    ):
        pytest.fail("let in")
    assert busy.value.seconds > 0
    with pytest.raises(ZeroDivisionError), gate.turn("one", seconds=1):
        raise ZeroDivisionError
    with gate.turn("other", seconds=1):
        pass
