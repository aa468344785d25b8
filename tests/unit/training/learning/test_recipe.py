from pathlib import Path

import pytest

from training.learning.recipe import Recipe, RecipeError, check_recipe, read_recipe

RECIPES = sorted((Path(__file__).parents[4] / "recipes").glob("*.toml"))


def test_a_stage_is_as_long_as_its_steps_or_its_epochs(recipe):
    assert recipe.steps(9) == 7
    by_epochs = Recipe(
        name="x",
        net={"net": "unet", "width": 4},
        stages=({"epochs": 3, "crop": 32, "batch": 4}, {"steps": 5, "crop": 32, "batch": 4}),
    )
    assert by_epochs.steps(9) == 7 + 5
    assert by_epochs.stage_at(6, 9).epochs == 3
    assert by_epochs.stage_at(7, 9).steps == 5


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_is_good(path):
    assert read_recipe(path).name == path.stem or path.stem == "rehue"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("colour = 1", "colour: there is no such key; there are clip, ema"),
        ("learning_rate = 7", "learning_rate: Input should be less than or equal to 0.1"),
        ("stages = [{steps = 1, crop = 33, batch = 1}]", "stages.0.crop: .* multiple of 16"),
        ("stages = [{steps = 1, crop = 32, batch = 1, glow = 1}]", "stages.0.glow: .*, steps"),
        ("stages = [{crop = 32, batch = 1}]", "stages.0: give either epochs or steps"),
        ('optimiser = "lion"', "optimiser: .*'adamw', 'adam', 'sgd' or 'rmsprop'"),
        ('net = {net = "resnet"}', "net: .*nested_attention_unet"),
        ('name = "No Spaces"', "name"),
        ("][", "no TOML"),
    ],
)
def test_a_bad_recipe_names_the_key_and_what_is_allowed(tmp_path, change, says):
    good = {
        "name": 'name = "x"',
        "net": 'net = {net = "unet", width = 4}',
        "stages": "stages = [{steps = 1, crop = 32, batch = 1}]",
    }
    good[change.split(" =")[0]] = change
    path = tmp_path / "recipe.toml"
    path.write_text("\n".join(good.values()))
    with pytest.raises(RecipeError, match=says):
        read_recipe(path)


def test_a_missing_recipe_is_named(tmp_path):
    with pytest.raises(RecipeError, match=r"gone\.toml cannot be read"):
        read_recipe(tmp_path / "gone.toml")


def test_recipes_with_the_words_of_the_first_release_are_read():
    stage = {"steps": 1, "crop": 32, "batch": 2}
    recipe = check_recipe(
        {
            "name": "old",
            "net": {"net": "unet", "width": 4, "depth": 2, "prior": True, "ground": 4},
            "stages": [{**stage, "part": "ground"}, {**stage, "part": "colours"}],
        }
    )
    assert recipe.net_config.field == 4
    assert [stage.part for stage in recipe.stages] == ["field", "colors"]
    assert recipe == check_recipe(recipe.model_dump())
