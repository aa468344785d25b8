"""``manage.py train``: from a recipe and pictures to a model that the site can make live."""

import os
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from training.management.options import add_recipe, recipe_of
from training.management.packages import laboratory_packages, ready_database
from training.models import Run


class Command(BaseCommand):
    """Train a network; Ctrl-C writes a checkpoint and ends."""

    help = "Train a network by a recipe; --resume goes on from the last checkpoint."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        add_recipe(parser)
        parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
        parser.add_argument("--folder", type=Path, help="for the run's files; else in DATA_DIR")
        parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Train."""
        with laboratory_packages():
            import torch

            from training.learning.folder import TrainingError
            from training.learning.recipe import RecipeError
            from training.pictures.data import DataError
            from training.registry import ModelUnusable
            from training.runs import RunRefused
            from training.work import WorkRefused
        refusals = (DataError, ModelUnusable, RecipeError, RunRefused, TrainingError, WorkRefused)
        if options["threads"]:
            torch.set_num_threads(options["threads"])
        try:
            recipe = recipe_of(options)
            if int(os.environ.get("RANK", "0")) > 0:
                _follow(recipe, options)
                return
            run = _train(recipe, options)
        except refusals as error:
            raise CommandError(str(error)) from error
        if run.status != Run.Status.DONE:
            raise CommandError("Stopped; --resume goes on from the checkpoint.")
        self.stdout.write(
            f"Done: {run.name}, {run.best['psnr']:.2f} dB on the validation pictures. "
            f"To let the site use it: manage.py publish {run.name}"
        )


def _train(recipe: Any, options: dict[str, Any]) -> Run:
    from training.learning.folder import is_locked
    from training.runs import RunRefused, create_run, execute_run, folder_of_run
    from training.work import reopen

    ready_database()
    if options["resume"]:
        run = Run.objects.filter(name=recipe.name).first()
        if run is None:
            raise RunRefused(f"There is no run {recipe.name} to resume.")
        now = recipe.model_dump(mode="json")
        if changed := [key for key in now if now[key] != run.recipe.get(key)]:
            raise RunRefused(
                f"The run {run.name} was started with another recipe: {', '.join(changed)} changed."
            )
        reopen(run, dead=not is_locked(folder_of_run(run)))
    else:
        if not options["data"]:
            raise RunRefused("Say with --data which pictures to learn from.")
        run = create_run(
            recipe=recipe.model_dump(mode="json"),
            data=options["data"],
            val=options["val"],
            device=options["device"],
            folder=options["folder"],
        )
    execute_run(run, workers=options["workers"])
    return run


def _follow(recipe: Any, options: dict[str, Any]) -> None:
    """Learn along with the process that leads, which alone writes anything."""
    from training.learning.fit import Stopped, fit
    from training.learning.folder import STATE

    folder, pictures, data = _followed(recipe, options)
    with suppress(Stopped):  # the process that leads says so
        fit(
            recipe,
            pictures,
            [],
            folder,
            resume=(folder / STATE).exists(),
            device=options["device"],
            workers=options["workers"],
            data=data,
        )


def _followed(recipe: Any, options: dict[str, Any]) -> tuple[Path, Any, str]:
    """The folder of the run that is led elsewhere, its pictures and their fingerprint."""
    from training.datasets import pictures_of, resolve_sources
    from training.pictures.data import fingerprint, read_pictures
    from training.runs import folder_of_run

    run = Run.objects.filter(name=recipe.name).first() if options["resume"] else None
    if run is not None:
        pictures, _val, data = pictures_of(run)
        return folder_of_run(run), pictures, data
    sources = resolve_sources(options["data"])
    folder = options["folder"] or Path(settings.RUN_DIR) / recipe.name
    return folder, read_pictures(sources, "train"), fingerprint(sources)
