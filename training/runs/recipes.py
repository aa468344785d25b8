"""Recipes as pages have them: those in ``recipes/``, their text, and a check without torch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from training.processes import ProcessFailedError, ProcessTimeoutError, run_module

CHECK_SECONDS = 120


class InvalidRecipeError(Exception):
    """The text is no recipe; the message names the key and what is allowed."""


def known_recipes() -> dict[str, str]:
    """Return the text of every recipe that comes with the code, by its file's name."""
    paths = sorted(Path(settings.RECIPE_DIR).glob("*.toml"))
    return {path.stem: path.read_text(encoding="utf-8") for path in paths}


def checked_recipe(text: str) -> dict[str, Any]:
    """Check a recipe's text in a process of its own.

    Args:
        text: TOML.

    Returns:
        The recipe with all its defaults, as plain JSON.

    Raises:
        InvalidRecipeError: it is no TOML, or has an unknown key or a bad value.
    """
    try:
        checked = run_module(
            "training.learning.check_recipe", given=text.encode(), seconds=CHECK_SECONDS
        )
    except ProcessTimeoutError:
        message = gettext("The recipe could not be checked within %(seconds)d seconds.")
        raise InvalidRecipeError(message % {"seconds": CHECK_SECONDS}) from None
    except ProcessFailedError as error:
        crashed = gettext("The process that checks recipes crashed.")
        raise InvalidRecipeError(str(error) or crashed) from None
    recipe: dict[str, Any] = json.loads(checked)
    return recipe


def as_toml(recipe: Mapping[str, Any]) -> str:
    """Write a recipe as TOML: plain values first, then tables, then lists of tables.

    Args:
        recipe: as :func:`checked_recipe` returns it; what is None is left out.
    """
    return "\n\n".join(_blocks(recipe)) + "\n"


def _blocks(recipe: Mapping[str, Any]) -> list[str]:
    plain: dict[str, Any] = {}
    tables: list[str] = []
    for key, value in recipe.items():
        if isinstance(value, Mapping):
            tables.append(f"[{key}]\n{_lines(value)}")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            tables += [f"[[{key}]]\n{_lines(item)}" for item in value]
        else:
            plain[key] = value
    return [_lines(plain), *tables]


def _lines(values: Mapping[str, Any]) -> str:
    """One line a value: JSON's strings, numbers, booleans and lists of them are TOML's as well."""
    return "\n".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in values.items()
        if value is not None
    )
