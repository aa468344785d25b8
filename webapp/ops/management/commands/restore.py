"""``manage.py restore``: a backup into an empty site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.ops.backup import BackupError, restore


class Command(BaseCommand):
    """Restore a backup."""

    help = "Put a backup into an empty site, whatever its database and storage; stop it first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what from."""
        parser.add_argument("file", type=Path, help="what `manage.py backup` has written")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the tables, restore, and say what came back."""
        call_command("migrate", interactive=False, verbosity=0)
        try:
            report = restore(options["file"])
        except BackupError as error:
            raise CommandError(str(error), returncode=2) from None
        self.stdout.write(
            f"{report.rows} rows and {report.files} files are back; {len(report.gone)} things "
            "were deleted while the backup was made."
        )
