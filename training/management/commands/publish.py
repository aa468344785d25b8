"""``manage.py publish``: let everyone see what a run learnt, or write it as a model folder."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from colorizer.model import ModelError
from training.management.packages import lab_packages, ready_database
from training.models import ModelVersion, Run
from training.registry.publishing import draft_of_run, publish
from training.registry.versions import ModelUnusableError


class Command(BaseCommand):
    """Publish a draft; a run that was stopped early becomes one first."""

    help = "Publish what a run learnt; --to writes a model folder instead, outside the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("name", help="of a run or a draft; with --to also a run's folder")
        parser.add_argument("--to", type=Path, help="model folder to write")
        parser.add_argument("--facts", type=Path, help="JSON object to add to the folder's card")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish."""
        with lab_packages():
            from training.learning.export import export_model
            from training.learning.folder import TrainingError
        ready_database()
        run = Run.objects.filter(name=options["name"], publication=None).first()
        try:
            if options["to"]:
                facts = json.loads(options["facts"].read_text()) if options["facts"] else {}
                folder = run.path if run else Path(options["name"])
                model = export_model(folder, options["to"], facts)
                self.stdout.write(f"{model.name}: {model.path} ({model.sha256[:12]})")
                return
            version = ModelVersion.objects.filter(name=options["name"]).first()
            if version is None and run is None:
                raise CommandError(f"There is neither a run nor a draft named {options['name']}.")
            if version is None and run is not None:
                version = draft_of_run(run, folder=run.path)
            if version is not None:
                publish(model_version=version)
                self.stdout.write(f"{version.name} is published. manage.py models live {version}")
        except (ModelError, ModelUnusableError, TrainingError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
