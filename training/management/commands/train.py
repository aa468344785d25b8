"""``manage.py train``: from a recipe and pictures to a model that the site can make live."""

import os
from argparse import ArgumentParser, ArgumentTypeError
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from training.management.options import add_recipe, recipe_of
from training.management.packages import lab_packages, ready_database
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
        parser.add_argument(
            "--budget",
            type=_seconds,
            metavar="25m",
            help="fit the stages into this time on the device; goes on where it stopped",
        )
        parser.add_argument(
            "--pieces",
            action="store_true",
            help="at the end also write the checkpoint in pieces of at most 16 MiB",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Train."""
        with lab_packages():
            import torch

            from training.data.pictures import DataError
            from training.learning.folder import TrainingError, split_state
            from training.learning.recipe import RecipeError
            from training.registry.versions import ModelUnusableError
            from training.runs.claims import WorkStateError
            from training.runs.runs import RunError
        errors = (
            DataError,
            ModelUnusableError,
            RecipeError,
            RunError,
            TrainingError,
            WorkStateError,
        )
        if options["threads"]:
            torch.set_num_threads(options["threads"])
        try:
            recipe = recipe_of(options)
            if int(os.environ.get("RANK", "0")) > 0:
                _follow(recipe, options)
                return
            if options["budget"]:
                recipe, options["resume"] = _fitted(recipe, options)
            run = _train(recipe, options)
            if options["pieces"]:
                split_state(run.path)
        except errors as error:
            raise CommandError(str(error)) from error
        if run.status != Run.Status.DONE:
            raise CommandError("Stopped; --resume goes on from the checkpoint.")
        self.stdout.write(
            f"Done: {run.name}, {run.best['psnr']:.2f} dB on the validation pictures. "
            f"To let the site use it: manage.py publish {run.name}"
        )


def _seconds(text: str) -> float:
    """A time such as 90s, 25m or 1.5h, in seconds."""
    units = {"s": 1, "m": 60, "h": 3600}
    try:
        seconds = float(text[:-1]) * units[text[-1:]]
    except (KeyError, ValueError):
        seconds = 0
    if not seconds > 0:
        raise ArgumentTypeError(f"{text!r} is no time such as 90s, 25m or 1.5h")
    return seconds


def _fitted(recipe: Any, options: dict[str, Any]) -> tuple[Any, bool]:
    """The recipe fitted to the time there is, or as it was when its run began.

    Returns:
        The recipe, and whether there is a run of it to go on with.
    """
    from training.data.pictures import read_pictures
    from training.learning.budget import fit_into, for_device
    from training.learning.folder import join_state, read_state
    from training.learning.recipe import Recipe
    from training.registry.data_sets import resolve_sources

    ready_database()
    run = Run.objects.filter(name=recipe.name).first()
    folder = run.path if run else options["folder"] or Path(settings.RUN_DIR) / recipe.name
    if join_state(folder):
        return Recipe.model_validate_json(read_state(folder)["recipe"]), run is not None
    pictures = read_pictures(resolve_sources(options["data"]), "train")
    device, workers = options["device"], options["workers"]
    recipe = for_device(recipe, device)
    return fit_into(recipe, options["budget"], pictures, device=device, workers=workers), False


def _train(recipe: Any, options: dict[str, Any]) -> Run:
    from training.learning.folder import is_locked
    from training.runs.claims import reopen
    from training.runs.runs import RunError, create_run, execute_run

    ready_database()
    if options["resume"]:
        run = Run.objects.filter(name=recipe.name).first()
        if run is None:
            raise RunError(f"There is no run {recipe.name} to resume.")
        now = recipe.model_dump(mode="json")
        if changed := [key for key in now if now[key] != run.recipe.get(key)]:
            raise RunError(
                f"The run {run.name} was started with another recipe: {', '.join(changed)} changed."
            )
        reopen(run, dead=not is_locked(run.path))
    else:
        if not options["data"]:
            raise RunError("Say with --data which pictures to learn from.")
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
    from training.learning.fit import TrainingStoppedError, fit
    from training.learning.folder import STATE

    folder, pictures, data = _followed(recipe, options)
    with suppress(TrainingStoppedError):  # the process that leads says so
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
    from training.data.pictures import fingerprint, read_pictures
    from training.registry.data_sets import pictures_of, resolve_sources

    run = Run.objects.filter(name=recipe.name).first() if options["resume"] else None
    if run is not None:
        pictures, _val, data = pictures_of(run)
        return run.path, pictures, data
    sources = resolve_sources(options["data"])
    folder = options["folder"] or Path(settings.RUN_DIR) / recipe.name
    return folder, read_pictures(sources, "train"), fingerprint(sources)
