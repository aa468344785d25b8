import json
import math
from pathlib import Path

import pytest
import torch

from colorizer.nets import build
from training import fit as fitting
from training.fit import LOG, STATE, TrainingError, fit, learning_rate
from training.losses import ab_loss, rgb_loss
from training.recipe import Recipe, RecipeError, read_recipe

RECIPES = sorted((Path(__file__).parents[3] / "recipes").glob("*.toml"))


def weights(net):
    return torch.cat([value.flatten().float() for value in net.state_dict().values()])


@pytest.mark.slow
class TestFit:
    def test_a_resumed_run_ends_as_an_unbroken_one(self, recipe, pictures, tmp_path, monkeypatch):
        whole = fit(recipe, pictures, pictures, tmp_path / "whole", workers=0)
        learn = fitting._learn

        def killed_at_step_5(learner, *rest):
            if learner.step == 5:
                raise KeyboardInterrupt
            return learn(learner, *rest)

        always = recipe.model_copy(update={"save_every_seconds": 1e-9})
        monkeypatch.setattr(fitting, "_learn", killed_at_step_5)
        with pytest.raises(KeyboardInterrupt):
            fit(always, pictures, pictures, tmp_path / "broken", workers=0)
        monkeypatch.undo()
        resumed = fit(always, pictures, pictures, tmp_path / "broken", resume=True, workers=0)
        assert torch.equal(weights(whole), weights(resumed))

    def test_it_keeps_a_log_and_a_checkpoint(self, recipe, pictures, tmp_path):
        fit(recipe, pictures, pictures, tmp_path, workers=0)
        (row,) = map(json.loads, (tmp_path / LOG).read_text().splitlines())
        assert row["step"] == recipe.steps
        assert {"none", "few", "dense", "loss"} <= set(row)
        assert (tmp_path / STATE).exists()
        assert not (tmp_path / f"{STATE}.new").exists()

    def test_a_second_run_does_not_overwrite_the_first(self, recipe, pictures, tmp_path):
        fit(recipe, pictures, pictures, tmp_path, workers=0)
        before = (tmp_path / STATE).read_bytes()
        with pytest.raises(TrainingError, match="holds a run already"):
            fit(recipe, pictures, pictures, tmp_path, workers=0)
        changed = recipe.model_copy(update={"seed": 9})
        with pytest.raises(TrainingError, match="another recipe"):
            fit(changed, pictures, pictures, tmp_path, resume=True, workers=0)
        assert (tmp_path / STATE).read_bytes() == before

    def test_there_must_be_something_to_resume(self, recipe, pictures, tmp_path):
        with pytest.raises(TrainingError, match="no run"):
            fit(recipe, pictures, pictures, tmp_path, resume=True, workers=0)

    def test_a_loss_that_is_no_number_stops_with_a_sentence(
        self, recipe, pictures, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(fitting, "ab_loss", lambda *_: torch.tensor(math.nan))
        with pytest.raises(TrainingError, match="lower learning rate"):
            fit(recipe, pictures, pictures, tmp_path, workers=0)


@pytest.mark.slow
def test_one_batch_is_learnt_by_heart(recipe, pictures):
    batch = next(iter(fitting.Crops(pictures, recipe.stages, seed=0, first=0)))
    torch.manual_seed(0)
    net = build("nested_attention_unet", width=8, depth=2, mask=True, prior=True).train()
    optimiser = torch.optim.Adam(net.parameters(), 3e-3)
    losses = []
    for _ in range(80):
        out = net(batch["lightness"], batch["hint_ab"], batch["mask"], batch["prior_ab"])
        loss = ab_loss(out, batch["ab"])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.3 * losses[0]


def test_the_rgb_loss_is_the_error_that_psnr_measures(pictures, recipe):
    batch = next(iter(fitting.Crops(pictures, recipe.stages, seed=0, first=0)))
    lightness, ab = batch["lightness"], batch["ab"]
    assert float(rgb_loss(lightness, ab, ab)) == pytest.approx(1e-3, rel=0.01)
    off = ab + 5
    off.requires_grad_(True)
    loss = rgb_loss(lightness, off, ab)
    loss.backward()
    assert 0.005 < float(loss.detach()) < 0.05
    assert off.grad.isfinite().all()


def test_the_learning_rate_warms_up_and_falls_to_a_hundredth(recipe):
    rates = [learning_rate(recipe, step) for step in range(recipe.steps + 1)]
    assert rates[0] < rates[1] == max(rates)
    assert rates[-1] == pytest.approx(recipe.learning_rate / 100)


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_is_good(path):
    assert isinstance(read_recipe(path), Recipe)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("colour = 1", "colour"),
        ("learning_rate = 7", "learning_rate"),
        ("stages = [{steps = 1, crop = 33, batch = 1}]", "crop"),
        ('net = {net = "resnet"}', "nested_attention_unet"),
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
