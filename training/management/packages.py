"""What commands of the laboratory say on a site that was installed without its packages."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError


@contextmanager
def laboratory_packages() -> Iterator[None]:
    """Import what the extra ``train`` brings inside this block.

    Raises:
        CommandError: it is not installed; the message says how to add it.
    """
    try:
        yield
    except ImportError as error:
        raise CommandError(
            f"This needs the laboratory's packages ({error.name} is missing): "
            "pip install -c constraints.txt -e '.[train]'"
        ) from error
