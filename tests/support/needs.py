"""What a test needs from the machine: skip with a reason here, fail under ``CI=true``."""

import os
from typing import NoReturn

import pytest


def missing(what: str, cure: str) -> NoReturn:
    """End the test: on a developer's machine it is skipped, in CI a missing part is a failure.

    Args:
        what: the missing program, as a person would name it.
        cure: how to get it.
    """
    reason = f"{what} is not on this machine ({cure})"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
