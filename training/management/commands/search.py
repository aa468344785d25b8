"""``manage.py search``: try hyper-parameters out in short trainings, the report's way."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from training.management.options import add_recipe, recipe_of
from training.management.packages import lab_packages, ready_database
from training.models import Search
from training.registry.search_files import trials_csv
from training.runs.searches import (
    EPOCHS,
    TRIALS,
    SearchError,
    create_search,
    execute_search,
    folder_of_search,
    join_search,
    require_unchanged,
)


class Command(BaseCommand):
    """Search for hyper-parameters; Ctrl-C ends it, and --resume goes on."""

    help = "Search for a recipe's learning rate, optimiser and loss with Optuna."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        add_recipe(parser)
        parser.add_argument("--trials", type=int, default=TRIALS)
        parser.add_argument("--epochs", type=int, default=EPOCHS, help="of each trial")
        parser.add_argument(
            "--pictures", type=int, help="that an epoch shows, of those to learn from; else all"
        )
        again = parser.add_mutually_exclusive_group()
        again.add_argument("--resume", action="store_true", help="go on with a search that ended")
        again.add_argument("--join", action="store_true", help="help a search that is running")
        parser.add_argument("--csv", type=Path, help="also write Optuna's table to this file")
        parser.add_argument("--device", choices=("cpu", "cuda"), help="cuda if left out and there")

    def handle(self, *args: Any, **options: Any) -> None:
        """Search."""
        with lab_packages():
            import optuna  # noqa: F401  (that it is missing is told here)
            import torch

            from training.data.pictures import DataError
            from training.learning.folder import TrainingError
            from training.learning.recipe import RecipeError
            from training.runs.claims import WorkStateError
        if options["threads"]:
            torch.set_num_threads(options["threads"])
        try:
            search = _search(options)
        except (DataError, RecipeError, SearchError, TrainingError, WorkStateError) as error:
            raise CommandError(str(error)) from error
        search.refresh_from_db()
        if options["csv"]:
            _write(options["csv"], trials_csv(search))
        if search.status == Search.Status.CANCELLED:
            raise CommandError("Stopped; --resume goes on with the trials that are left.")
        self.stdout.write(_result(search))


def _search(options: dict[str, Any]) -> Search:
    from training.learning.folder import is_locked
    from training.runs.claims import reopen

    ready_database()
    recipe = recipe_of(options).model_dump(mode="json")
    numbers = {key: options[key] for key in ("trials", "epochs", "pictures")}
    how = {key: options[key] for key in ("workers", "device")}
    if options["resume"] or options["join"]:
        search = Search.objects.filter(name=recipe["name"]).first()
        if search is None:
            raise SearchError(f"There is no search {recipe['name']} yet.")
        require_unchanged(search, recipe=recipe, **numbers)
        if options["join"]:
            join_search(search, **how)
            return search
        reopen(search, dead=not is_locked(folder_of_search(search)))
    else:
        if not options["data"]:
            raise SearchError("Say with --data which pictures to learn from.")
        search = create_search(recipe=recipe, data=options["data"], val=options["val"], **numbers)
    execute_search(search, **how)
    return search


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error


def _result(search: Search) -> str:
    """What came out, in a few lines."""
    states = Counter(row["state"] for row in search.trials)
    lines = [f"{search.name}: " + ", ".join(f"{count} {state}" for state, count in states.items())]
    complete = [row for row in search.trials if row["state"] == "complete"]
    if complete:
        best = max(complete, key=lambda row: row["value"])
        lines.append(
            f"Best: trial {best['number']}, {best['value']:.2f} dB after epoch "
            f"{best['best_epoch']}, with learning_rate={best['learning_rate']:.2g} "
            f"optimiser={best['optimiser']} stages.0.loss={best['loss']}"
        )
    return "\n".join(lines)
