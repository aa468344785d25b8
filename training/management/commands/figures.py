"""``manage.py figures``: what runs and searches found, as files for other sites to show."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.management.packages import ready_database
from training.registry.figure_files import FiguresError, write_figures
from training.registry.figures import collect_figures, forget_figures, load_figures


class Command(BaseCommand):
    """Export figures to a file, load such files, or forget what came from one."""

    help = "Export the figures of runs, searches and models without their weights; load such files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("action", choices=("export", "load", "forget"))
        parser.add_argument(
            "names",
            nargs="+",
            help="to export: runs, searches and model versions; to load: files; to forget: names "
            "of loaded files without their ending",
        )
        parser.add_argument("--to", type=Path, help="file to write")
        parser.add_argument("--about", default="", help="where and how the figures were made")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what is asked, and say what came of it."""
        ready_database()
        try:
            if options["action"] == "export":
                self._export(options)
                return
            for name in options["names"]:
                if options["action"] == "load":
                    changed = load_figures(Path(name))
                    self.stdout.write(f"{name}: {'loaded' if changed else 'as it was'}.")
                elif not forget_figures(name):
                    raise CommandError(f"No figures named {name} have been loaded.")
        except FiguresError as error:
            raise CommandError(str(error)) from error

    def _export(self, options: dict[str, Any]) -> None:
        if not options["to"]:
            raise CommandError("Say with --to which file to write.")
        figures = collect_figures(names=options["names"], about=options["about"])
        write_figures(options["to"], figures)
        self.stdout.write(
            f"{options['to']}: {len(figures.runs)} runs, {len(figures.searches)} searches, "
            f"{len(figures.scores)} scores."
        )
