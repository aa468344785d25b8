"""``manage.py train``: from a recipe and tars of pictures to a run's checkpoint."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.management.packages import laboratory_packages


class Command(BaseCommand):
    """Train a network; Ctrl-C keeps the last checkpoint."""

    help = "Train a network by a recipe; --resume goes on from the last checkpoint."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("recipe", type=Path, help="a TOML file, as in recipes/")
        parser.add_argument(
            "--data", type=Path, nargs="+", required=True, help="tars to learn from"
        )
        parser.add_argument("--val", type=Path, nargs="+", required=True, help="tars to score on")
        parser.add_argument("--run", type=Path, required=True, help="folder for the checkpoint")
        parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
        parser.add_argument("--device", default="cpu", help="cpu, or cuda")
        parser.add_argument("--threads", type=int, help="of torch; all cores if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Train."""
        with laboratory_packages():
            import torch

            from training.data import DataError, read_shards
            from training.fit import TrainingError, fit
            from training.recipe import RecipeError, read_recipe
        if options["threads"]:
            torch.set_num_threads(options["threads"])
        try:
            fit(
                read_recipe(options["recipe"]),
                read_shards(options["data"]),
                read_shards(options["val"]),
                options["run"],
                resume=options["resume"],
                device=options["device"],
            )
        except (DataError, RecipeError, TrainingError) as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; --resume goes on from the last checkpoint.") from None
        self.stdout.write(f"Done. To make a model of it: manage.py publish {options['run']} FOLDER")
