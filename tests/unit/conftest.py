"""What all unit tests share."""

import sys

import pytest

from tests.support.here import USERS, run_here


@pytest.fixture(autouse=True)
def processes_here(request, monkeypatch):
    """Run in this process what has one of its own elsewhere, but in tests ``own_process``."""
    if request.node.get_closest_marker("own_process") is None:
        for name in USERS:
            if name in sys.modules:
                monkeypatch.setattr(f"{name}.run_module", run_here)
