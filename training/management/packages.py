"""What commands of the lab need first: its packages, and a database with its tables."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError


@contextmanager
def lab_packages() -> Iterator[None]:
    """Import what the extra ``train`` brings inside this block.

    Before that, native threads are told not to spin while they wait: the processes that prepare
    batches need the cores.

    Raises:
        CommandError: it is not installed; the message says how to add it.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        yield
    except ImportError as error:
        raise CommandError(
            f"This needs the lab's packages, and {error.name} is missing: "
            f"run {settings.ADD_TRAINING}."
        ) from error


def ready_database() -> None:
    """Make the tables of an embedded site that was never started; elsewhere its keeper does."""
    if settings.EMBEDDED:
        call_command("migrate", verbosity=0)
