"""``manage.py prepare``: whatever has to be in place before the site starts, after each update."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from training.registry.figure_files import FiguresError
from training.registry.figures import load_shipped_figures
from training.registry.versions import ModelUnusableError, ensure_shipped_model


def keep_private() -> None:
    """See that other accounts of this machine read nothing of what the site keeps on it.

    SQLite gives the files beside the database the rights of the database's own.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    settings.DATA_DIR.chmod(0o700)
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        path = Path(database["NAME"])
        path.touch(mode=0o600)
        for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))):
            if file.exists():
                file.chmod(0o600)


class Command(BaseCommand):
    """Migrate, look for the built page, see that a usable model is live, show shipped figures."""

    help = "Bring the database up to date and see that there are a page to show and a model to run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare; what is in place already is left alone."""
        keep_private()
        call_command("migrate", interactive=False, verbosity=0)
        if not (settings.FRONTEND_DIST / "manifest.json").is_file():
            raise CommandError("The page has not been built; `make run` builds it.", returncode=2)
        try:
            ensure_shipped_model()
            load_shipped_figures()
        except (FiguresError, ModelUnusableError) as error:
            raise CommandError(str(error), returncode=2) from None
