"""``manage.py work KIND ID``: what a worker of the queue ``training`` starts for each piece."""

import contextlib
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.execute import EXECUTORS
from training.management.packages import laboratory_packages
from training.work import WorkNotFound, WorkRefused, find_work

LOWEST_PRIORITY = 19


class Command(BaseCommand):
    """Do one piece of queued work, for a parent process that waits."""

    help = "Do a queued run, search or evaluation; workers call this."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("kind", choices=sorted(EXECUTORS))
        parser.add_argument("id")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; whatever goes wrong is in the row."""
        _step_back()
        try:
            with laboratory_packages():
                EXECUTORS[options["kind"]](find_work(options["kind"], options["id"]))
        except (WorkNotFound, WorkRefused) as error:
            raise CommandError(str(error)) from error


def _step_back() -> None:
    """Leave the processor to everybody else who wants it."""
    os.nice(LOWEST_PRIORITY)
    # Linux shares it between sessions first, and this process has one of its own: among sessions
    # the group's niceness counts (man 7 sched, "The autogroup feature").
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(LOWEST_PRIORITY))
