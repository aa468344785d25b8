"""What the site runs in processes of its own, run in this one: starting Python takes seconds."""

import importlib
import io
import sys
from unittest import mock

from training.processes import ProcessFailedError

USERS = ("training.runs.recipes", "training.registry.versions", "training.registry.sample_pictures")
"""The modules that have others run; what is measured is measured in a process of its own."""


def run_here(module, *arguments, given=b"", seconds, threads=None):
    """Stand in for ``training.processes.run_module``."""
    written, reported = io.TextIOWrapper(io.BytesIO()), io.StringIO()
    streams = {
        "argv": [module, *arguments],
        "stdin": io.TextIOWrapper(io.BytesIO(given)),
        "stdout": written,
        "stderr": reported,
    }
    with mock.patch.multiple(sys, **streams):
        failed = importlib.import_module(module).main()
        written.flush()
    if failed:
        raise ProcessFailedError(reported.getvalue().strip().splitlines()[-1])
    return written.buffer.getvalue()
