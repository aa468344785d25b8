"""``manage.py publish``: from a run to a model folder."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from colorizer.model import ModelError
from training.management.packages import laboratory_packages


class Command(BaseCommand):
    """Export a run's network to ONNX, check it, and write its card."""

    help = "Make a model folder of a run; --facts adds to its card."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("run", type=Path, help="folder of the run")
        parser.add_argument("folder", type=Path, help="model folder to write")
        parser.add_argument("--facts", type=Path, help="JSON object to add to the card")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish."""
        with laboratory_packages():
            from training.fit import TrainingError
            from training.publish import publish
        try:
            facts = json.loads(options["facts"].read_text()) if options["facts"] else {}
            model = publish(options["run"], options["folder"], facts)
        except (ModelError, TrainingError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{model.name}: {model.path} ({model.sha256[:12]})")
