"""Time in tests that must not depend on who else uses the machine."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 180.0
"""How long a test waits for what takes moments: only a failure takes so long, on any machine."""
TRIES = 8


def best_seconds(act: Callable[[], object], *, enough: float) -> float:
    """The shortest time that ``act`` takes, over several tries, until one takes at most ``enough``.

    A busy machine makes one try slow, or a few; a wait that is built in makes all of them slow.
    """
    best = float("inf")
    for _ in range(TRIES):
        start = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - start)
        if best <= enough:
            break
    return best
