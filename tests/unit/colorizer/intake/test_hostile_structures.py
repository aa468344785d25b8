"""Files of a right structure with anything in their fields: taken, or refused with a sentence."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import structures
from tests.support.answers import answer

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

SECONDS = 5.0


@settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.one_of(structures.jpegs(), structures.tiffs(), structures.pngs()))
def test_any_structure_is_answered_in_little_time(data):
    begun = time.process_time()
    answer(data)
    assert time.process_time() - begun < SECONDS
