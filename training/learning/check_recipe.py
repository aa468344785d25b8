"""Check a recipe: ``python -m training.learning.check_recipe`` reads TOML and prints JSON.

A process of its own, because knowing whether a network can be built takes torch, which no web
process imports. Ends with 0, or with a sentence on standard error and 1.
"""

from __future__ import annotations

import sys

from training.learning.recipe import RecipeError, parse_recipe


def main() -> int:
    """Check the recipe on standard input."""
    try:
        recipe = parse_recipe(sys.stdin.buffer.read().decode())
    except (RecipeError, UnicodeDecodeError) as error:
        sys.stderr.write(" ".join(str(error).split()) + "\n")
        return 1
    sys.stdout.write(recipe.model_dump_json())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
