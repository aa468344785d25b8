"""Options that the lab's commands share."""

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.learning.recipe import Recipe


def add_recipe(parser: ArgumentParser) -> None:
    """Let a command take a recipe, changes to it, and pictures."""
    parser.add_argument("recipe", type=Path, help="a TOML file, as in recipes/")
    parser.add_argument(
        "--data", nargs="+", default=[], help="data sets by name, tars or folders of pictures"
    )
    parser.add_argument("--val", nargs="+", default=[], help="the same to choose the best by")
    parser.add_argument(
        "--set",
        dest="changes",
        metavar="KEY=VALUE",
        nargs="+",
        default=[],
        help="change the recipe: name=mine net.width=16 stages.0.epochs=3",
    )
    parser.add_argument("--threads", type=int, help="of torch; all cores if left out")
    parser.add_argument("--workers", type=int, default=1, help="processes preparing batches")


def recipe_of(options: dict[str, Any]) -> "Recipe":
    """Read the recipe, with changes like ``stages.0.epochs=3``, values as in TOML.

    Raises:
        RecipeError: it cannot be read, or a key or a value is not allowed.
    """
    from training.learning.recipe import RecipeError, check_recipe, read_recipe

    values = read_recipe(options["recipe"]).model_dump(exclude_unset=True)
    for change in options["changes"]:
        place, _, text = change.partition("=")
        *parents, key = place.split(".")
        try:
            target: Any = values
            for parent in parents:
                target = target[int(parent) if parent.isdecimal() else parent]
            target[key] = _value(text)
        except (KeyError, IndexError, TypeError):
            raise RecipeError(f"--set {change}: the recipe has no {place}") from None
    return check_recipe(values)


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
