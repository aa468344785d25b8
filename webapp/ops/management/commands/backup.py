"""``manage.py backup``: everything that the site keeps, in one file, while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.ops.backup import BackupError, back_up


class Command(BaseCommand):
    """Write a backup."""

    help = "Write rows, photos, results, models and runs to a TAR; the site may go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say where to."""
        parser.add_argument("file", type=Path, help="a TAR that does not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it, and say what is in it."""
        try:
            report = back_up(options["file"])
        except BackupError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(
            f"{options['file']}: {report.rows} rows, {report.files} files, "
            f"{report.bytes / 1e6:.1f} MB."
        )
