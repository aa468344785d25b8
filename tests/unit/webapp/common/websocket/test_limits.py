"""How much one client may ask."""

from hypothesis import given
from hypothesis import strategies as st

from webapp.common.websocket.limits import Connections, TokenBucket


def test_a_burst_passes_and_what_comes_after_waits_for_its_turn():
    bucket = TokenBucket(rate=10, burst=5, now=0.0)
    assert [bucket.take(0.0) for _ in range(6)] == [True] * 5 + [False]
    assert bucket.take(0.1)
    assert not bucket.take(0.1)
    assert [bucket.take(100.0) for _ in range(6)] == [True] * 5 + [False]


@given(st.lists(st.floats(0, 0.2), max_size=200))
def test_no_more_passes_than_burst_and_rate_allow(gaps):
    bucket, now, passed = TokenBucket(rate=10, burst=5, now=0.0), 0.0, 0
    for gap in gaps:
        now += gap
        passed += bucket.take(now)
    assert passed <= 5 + now * 10 + 1e-6


def test_connections_are_counted_for_each_actor_and_forgotten_when_closed():
    connections = Connections()
    assert connections.enter("user.1", limit=2)
    assert connections.enter("user.1", limit=2)
    assert not connections.enter("user.1", limit=2)
    assert connections.enter("user.2", limit=2)
    connections.leave("user.1")
    assert connections.enter("user.1", limit=2)
    for key in ("user.1", "user.1", "user.2"):
        connections.leave(key)
    assert not connections._open
