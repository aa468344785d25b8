"""``manage.py work KIND ID``: what a worker of the queue ``training`` starts for each piece."""

import contextlib
import importlib
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.management.packages import lab_packages
from training.runs.claims import WorkNotFoundError, WorkStateError, find_work
from training.runs.executors import EXECUTORS

NICENESS = 10
"""Strokes come first, with nine tenths of a busy processor, and yet a training goes on.

At the lowest priority, 19, it had a hundredth: beside a few busy programs it never even began.
"""


class Command(BaseCommand):
    """Do one piece of queued work, for a parent process that waits."""

    help = "Do a queued run, search or evaluation; workers call this."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("kind", choices=sorted(EXECUTORS))
        parser.add_argument("id")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; whatever goes wrong is in the row."""
        try:
            with lab_packages():
                # Most of what it takes to begin, and a person is waiting for that.
                importlib.import_module("training.learning.fit")
                _step_back()
                EXECUTORS[options["kind"]](find_work(options["kind"], options["id"]))
        except (WorkNotFoundError, WorkStateError) as error:
            raise CommandError(str(error)) from error


def _step_back() -> None:
    """Let the site's own work go first."""
    os.nice(NICENESS)
    # Linux shares it between sessions first, and this process has one of its own: among sessions
    # the group's niceness counts (man 7 sched, "The autogroup feature").
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))
