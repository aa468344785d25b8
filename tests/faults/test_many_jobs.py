"""Whatever breaks while many jobs are asked for: none is lost, none done twice, nothing left over.

``python -m benchmarks.killing`` does the same with 500 jobs for each fault.
"""

import time

import pytest

from tests.support.harness import FAULTS, MAY_FAIL, MODEL, breakable, can_mount, run
from tests.support.pictures import encoded, grey_astronaut
from tests.support.visitor import point, visiting

pytestmark = [pytest.mark.services, pytest.mark.slow]

JOBS = 12
RECOVERY_SECONDS = 15
# On a machine that is busier than two idle cores, starting a process takes longer, and so does all.
START_SECONDS = 20


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    begun = time.monotonic()
    with breakable(tmp_path_factory.mktemp("breaking") / "data") as up:
        up.slack = 2 * max(0.0, time.monotonic() - begun - START_SECONDS)
        yield up


@pytest.mark.parametrize("fault", FAULTS)
def test_every_job_is_done_once_and_soon(broken, fault):
    if fault == "disk full" and not can_mount():
        pytest.skip("a disk that can be full has to be mounted, which takes root")
    outcome = run(broken, FAULTS[fault], JOBS, times=1)
    assert outcome.accepted == JOBS
    assert outcome.done == JOBS or fault in MAY_FAIL, outcome
    assert outcome.is_whole, outcome
    assert max(outcome.recoveries) < RECOVERY_SECONDS + broken.slack, outcome


def test_a_model_that_is_damaged_fails_strokes_with_a_sentence_until_it_is_mended(broken):
    network = broken.made.folder / MODEL / "field.onnx"
    whole = network.read_bytes()
    network.write_bytes(whole[: len(whole) // 2])
    for _ in broken.workers:
        broken.kill_worker()
    with visiting(broken.urls[0]) as visitor:
        photo = visitor.upload(encoded(grey_astronaut()))
        with visitor.socket(photo["id"]) as window:
            window.hear()
            window.tell_hints(1, point(0.5, 0.3, "#c08060"))
            failed = window.hear_until(lambda m: m["type"] == "job" and m["status"] == "failed")
            assert failed["error"].endswith(".")
            network.write_bytes(whole)
            window.tell_hints(2, point(0.5, 0.4, "#c08060"))
            window.hear_chroma(2)
