"""Native threads."""

import os
import sys

import pytest

from webapp.common import threads


@pytest.fixture
def environment(monkeypatch):
    for name in ("OMP_WAIT_POLICY", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_waiting_threads_do_not_spin(environment):
    threads.limit_threads()
    assert os.environ["OMP_WAIT_POLICY"] == "passive"


def test_what_the_operator_chose_stays(environment):
    environment.setenv("OMP_NUM_THREADS", "7")
    threads.limit_threads()
    assert os.environ["OMP_NUM_THREADS"] == "7"


@pytest.mark.parametrize(("cores", "used"), [(1, 1), (2, 1), (4, 3), (64, 4)])
def test_a_core_is_left_to_the_rest_of_the_site(monkeypatch, cores, used):
    monkeypatch.setattr(threads, "cores", lambda: cores)
    assert threads.network_threads() == used


def test_a_thread_that_computes_does_not_hold_up_one_that_waits_often():
    threads.limit_threads()
    assert sys.getswitchinterval() == pytest.approx(threads.SWITCH_SECONDS)
