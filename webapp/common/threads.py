"""How many threads native code may use; set before numpy or ONNX Runtime is imported."""

from __future__ import annotations

import os
import sys
import threading

MAX_NETWORK_THREADS = 4
"""A stroke's network is small; beyond this, threads wait for each other more than they work."""

SWITCH_SECONDS = 0.0005
"""How long one thread computes while others want to. A stroke waits for that long after each of its
many looks at the database, which at Python's own 5 ms made it wait for seconds beside a few threads
that compute."""

BACKGROUND_NICENESS = 10
"""Of what nobody waits for at the screen: batches, downloads, mail."""


def cores() -> int:
    """Return how many cores this process may run on."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def network_threads() -> int:
    """Return how many threads the network may use, leaving a core to the rest of the site."""
    return max(1, min(MAX_NETWORK_THREADS, cores() - 1))


def limit_threads() -> None:
    """Let threads take turns, and keep native pools from spinning; what is set already stays.

    OpenMP's default of spinning while it waits made one forward pass take 192 ms instead of 1.8 ms
    beside one busy process.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("OMP_NUM_THREADS", str(network_threads()))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def step_back() -> None:
    """Let other threads go before the running one; for background work, and only on Linux.

    Elsewhere the priority belongs to the whole process, and the site's own pages with it.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BACKGROUND_NICENESS)
