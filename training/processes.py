"""Our own modules as processes of their own: what crashes one, or blocks it, is a sentence here."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


class ProcessFailedError(Exception):
    """The process failed; the message is its last line, or empty if it said nothing."""


class ProcessTimeoutError(Exception):
    """The process did not end in time."""


def run_module(
    module: str, *arguments: str, given: bytes = b"", seconds: float, threads: int | None = None
) -> bytes:
    """Run one of our modules and wait for it.

    Args:
        module: its name.
        arguments: of its command line.
        given: to its standard input.
        seconds: it may take.
        threads: of its native libraries; as many as they like if left out.

    Returns:
        What it wrote to its standard output.

    Raises:
        ProcessFailedError: it ended with an error, or crashed.
        ProcessTimeoutError: it did not end in time, and was killed.
    """
    limit = {"OMP_NUM_THREADS": str(threads)} if threads else {}
    try:
        done = subprocess.run(  # noqa: S603  (our own module, no shell)
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env={**os.environ, **limit},
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ProcessTimeoutError from error
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        raise ProcessFailedError(lines[-1] if lines else "")
    return done.stdout
