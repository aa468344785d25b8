"""``manage.py prepare``: whatever has to be in place before the site starts, after each update."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from training.figure_files import FiguresUnusable
from training.figures import load_shipped_figures
from training.registry import ModelUnusable, ensure_shipped_model


class Command(BaseCommand):
    """Migrate, look for the built page, see that a usable model is live, show shipped figures."""

    help = "Bring the database up to date and see that there are a page to show and a model to run."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare; what is in place already is left alone."""
        call_command("migrate", interactive=False, verbosity=0)
        if not (settings.FRONTEND_DIST / "manifest.json").is_file():
            raise CommandError("The page has not been built; `make run` builds it.", returncode=2)
        try:
            ensure_shipped_model()
            load_shipped_figures()
        except (FiguresUnusable, ModelUnusable) as error:
            raise CommandError(str(error), returncode=2) from None
