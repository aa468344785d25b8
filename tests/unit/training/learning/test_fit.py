import errno
import json
import math
import os
import signal
from itertools import count

import pytest
import torch
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from colorizer.nets import build
from training.learning import monitor, validation
from training.learning import train_state as learning
from training.learning.fit import TrainingStoppedError, fit
from training.learning.folder import (
    BEST,
    BOARD,
    LOG,
    STATE,
    TrainingError,
    read_state,
    restore_network,
)
from training.learning.losses import ab_loss, rgb_loss
from training.learning.recipe import Recipe, RecipeError, check_recipe
from training.learning.samples import Batches
from training.learning.train_state import learning_rate

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:tensorboard")


def weights(folder):
    net, _, _ = restore_network(folder)
    return torch.cat([value.flatten().float() for value in net.state_dict().values()])


def in_parts(recipe, **net):
    """A recipe for a network whose field network learns first."""
    kinds = {"width": 4, "depth": 2, "mask": True, "prior": True, "half": True, "field": 4}
    stage = recipe.stages[0].model_dump() | {"epochs": None, "steps": 3, "crop": 32, "batch": 2}
    values = recipe.model_dump() | {
        "net": {"net": "nested_attention_unet", **kinds, **net},
        "stages": [
            stage | {"part": "mean", "steps": 1},
            stage | {"part": "field", "steps": 2, "recolored": 0.5},
            stage | {"loss": "psnr"},
        ],
        "ema": 0.9,
        "warm_up": 1,
    }
    return Recipe.model_validate(values)


class StopAfter:
    """A callback that stops a training."""

    def __init__(self, steps):
        self.steps = steps
        self.reported = []

    def stepped(self, step, steps):
        return step < self.steps

    def measured(self, step, values, best):
        self.reported.append((step, values["psnr"], best["step"]))


@pytest.mark.slow
class TestFit:
    @pytest.mark.parametrize("after", [2, 5])
    def test_a_resumed_run_ends_as_an_unbroken_one(self, recipe, pictures, tmp_path, after):
        fit(recipe, pictures, pictures, tmp_path / "whole", workers=0)
        with pytest.raises(TrainingStoppedError):
            fit(
                recipe,
                pictures,
                pictures,
                tmp_path / "broken",
                callback=StopAfter(after),
                workers=0,
            )
        assert read_state(tmp_path / "broken")["step"] == after + 1
        fit(recipe, pictures, pictures, tmp_path / "broken", resume=True, workers=0)
        for name in ("net", "mean"):
            one, other = (read_state(tmp_path / run)[name] for run in ("whole", "broken"))
            assert all(torch.equal(one[key], other[key]) for key in one)
        assert torch.equal(weights(tmp_path / "whole"), weights(tmp_path / "broken"))

    def test_it_keeps_logs_a_checkpoint_and_the_best(self, recipe, pictures, tmp_path):
        callback = StopAfter(99)
        best = fit(recipe, pictures, pictures, tmp_path, workers=0, callback=callback)
        rows = [json.loads(line) for line in (tmp_path / LOG).read_text().splitlines()]
        assert (
            [row["step"] for row in rows] == [3, 6, 7] == [step for step, *_ in callback.reported]
        )
        assert {"psnr", "ssim", "gain", "psnr @0", "loss", "learning_rate"} <= set(rows[-1])
        assert best["psnr"] == max(row["psnr"] for row in rows)
        assert {path.name for path in tmp_path.iterdir()} == {STATE, BEST, LOG, BOARD, "lock"}
        assert any((tmp_path / BOARD).iterdir())

    def test_it_shows_signs_of_life_while_it_measures(
        self, recipe, pictures, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(validation, "_BATCH", 2)
        steps = []

        class Listener(StopAfter):
            def stepped(self, step, steps_of_all):
                steps.append(step)
                return True

        fit(recipe, pictures, pictures, tmp_path, workers=0, callback=Listener(0))
        assert steps.count(2) == 1
        assert steps.count(3) == 1 + 3  # three amounts of hints for two pictures

    def test_tensorboard_shows_figures_pictures_and_settings(self, recipe, pictures, tmp_path):
        fit(recipe, pictures, pictures, tmp_path, workers=0)
        board = EventAccumulator(str(tmp_path / BOARD)).Reload()
        tags = board.Tags()
        assert {"loss", "learning_rate", "psnr", "ssim", "best/psnr"} <= set(tags["scalars"])
        assert [event.step for event in board.Scalars("psnr")] == [3, 6, 7]
        (grid,) = tags["images"]
        rows = len(pictures[: recipe.score_pictures])
        assert board.Images(grid)[-1].height == pytest.approx(rows * 128, abs=8)
        settings = board.summary_metadata["_hparams_/session_start_info"].plugin_data.content
        assert b"learning_rate" in settings
        assert b"nested_attention_unet" in settings

    def test_ctrl_c_ends_it_between_two_steps(self, recipe, pictures, tmp_path):
        class Impatient(StopAfter):
            def stepped(self, step, steps):
                if step == 2:
                    os.kill(os.getpid(), signal.SIGINT)
                return True

        with pytest.raises(TrainingStoppedError):
            fit(recipe, pictures, pictures, tmp_path, workers=0, callback=Impatient(0))
        assert read_state(tmp_path)["step"] == 3

    def test_a_second_run_does_not_overwrite_the_first(self, recipe, pictures, tmp_path):
        fit(recipe, pictures, pictures, tmp_path, workers=0, data="one")
        before = (tmp_path / STATE).read_bytes()
        with pytest.raises(TrainingError, match="holds a run already"):
            fit(recipe, pictures, pictures, tmp_path, workers=0)
        changed = recipe.model_copy(update={"seed": 9, "clip": 0.5})
        with pytest.raises(TrainingError, match="another recipe: clip, seed changed"):
            fit(changed, pictures, pictures, tmp_path, resume=True, workers=0)
        with pytest.raises(TrainingError, match="pictures have changed"):
            fit(recipe, pictures, pictures, tmp_path, resume=True, workers=0, data="two")
        assert (tmp_path / STATE).read_bytes() == before

    def test_two_runs_do_not_share_a_folder(self, recipe, pictures, tmp_path):
        class Second(StopAfter):
            def stepped(self, step, steps):
                with pytest.raises(TrainingError, match="being trained in by another process"):
                    fit(recipe, pictures, pictures, tmp_path, resume=True, workers=0)
                return False

        with pytest.raises(TrainingStoppedError):
            fit(recipe, pictures, pictures, tmp_path, workers=0, callback=Second(0))

    def test_a_checkpoint_of_another_net_or_none_is_refused(self, recipe, pictures, tmp_path):
        with pytest.raises(TrainingError, match="no run"):
            fit(recipe, pictures, pictures, tmp_path, resume=True, workers=0)
        fit(recipe, pictures, pictures, tmp_path, workers=0)
        state = read_state(tmp_path)
        other = build(**{**recipe.net, "width": 6})
        torch.save({**state, "net": other.state_dict()}, tmp_path / STATE)
        with pytest.raises(TrainingError, match="another network"):
            fit(recipe, pictures, pictures, tmp_path, resume=True, workers=0)
        (tmp_path / STATE).write_bytes(b"PK nothing of ours")
        with pytest.raises(TrainingError, match="damaged"):
            fit(recipe, pictures, pictures, tmp_path, resume=True, workers=0)


@pytest.mark.slow
class TestTrouble:
    """Each ends with a sentence, and with a checkpoint that a later run can use."""

    def ends_well(self, recipe, pictures, folder, says):
        with pytest.raises(TrainingError, match=says):
            fit(recipe, pictures, pictures, folder, workers=0)
        assert not list(folder.glob("*.new"))
        return read_state(folder)["step"]

    def test_a_loss_that_is_no_number(self, recipe, pictures, tmp_path, monkeypatch):
        monkeypatch.setattr(learning, "ab_loss", lambda *_: torch.tensor(math.nan))
        assert self.ends_well(recipe, pictures, tmp_path, "lower learning rate") == 0

    @pytest.mark.parametrize(
        "error",
        [
            torch.OutOfMemoryError("CUDA out of memory"),
            RuntimeError("DefaultCPUAllocator: can't allocate memory"),
        ],
        ids=["gpu", "cpu"],
    )
    def test_no_memory(self, recipe, pictures, tmp_path, monkeypatch, error):
        calls, loss = count(), learning.ab_loss

        def fails_third_time(*planes):
            if next(calls) == 2:
                raise error
            return loss(*planes)

        monkeypatch.setattr(learning, "ab_loss", fails_third_time)
        says = "out of memory at step 2 with batches of 2 samples of 32 pixels"
        assert self.ends_well(recipe, pictures, tmp_path, says) == 2

    def test_a_full_disk(self, recipe, pictures, tmp_path, monkeypatch):
        calls, write = count(), monitor.write_state

        def fails_second_time(folder, *rest):
            if next(calls) == 1:
                (folder / f"{STATE}.new").unlink(missing_ok=True)
                raise OSError(errno.ENOSPC, "No space left on device")
            write(folder, *rest)

        monkeypatch.setattr(monitor, "write_state", fails_second_time)
        assert self.ends_well(recipe, pictures, tmp_path, "the disk is full") == 0


@pytest.mark.slow
class TestFieldNetwork:
    def test_learns_before_the_colours_and_rests_while_they_do(self, recipe, pictures, tmp_path):
        recipe = in_parts(recipe)
        with pytest.raises(TrainingStoppedError):
            fit(recipe, pictures, pictures, tmp_path / "run", callback=StopAfter(3), workers=0)
        learnt = read_state(tmp_path / "run")["net"]
        fit(recipe, pictures, pictures, tmp_path / "run", resume=True, workers=0)
        state = read_state(tmp_path / "run")
        whole, mean = state["net"], state["mean"]
        field = [key for key in whole if key.startswith("field.")]
        assert all(torch.equal(whole[key], mean[f"module.{key}"]) for key in field)
        assert any(not torch.equal(whole[key], learnt[key]) for key in whole if key not in field)

    @pytest.mark.parametrize("after", [1, 4])
    def test_resumes_to_the_same(self, recipe, pictures, tmp_path, after):
        recipe = in_parts(recipe)
        fit(recipe, pictures, pictures, tmp_path / "whole", workers=0)
        with pytest.raises(TrainingStoppedError):
            fit(
                recipe,
                pictures,
                pictures,
                tmp_path / "broken",
                callback=StopAfter(after),
                workers=0,
            )
        fit(recipe, pictures, pictures, tmp_path / "broken", resume=True, workers=0)
        assert torch.equal(weights(tmp_path / "whole"), weights(tmp_path / "broken"))

    @pytest.mark.parametrize(
        ("field", "parts", "says"),
        [
            (0, ("field",), "no field network to learn"),
            (4, ("colors", "field"), "in the order mean, field, colors"),
        ],
    )
    def test_a_recipe_that_cannot_be_is_refused(self, recipe, field, parts, says):
        stage = recipe.stages[0].model_dump()
        values = recipe.model_dump() | {"stages": [stage | {"part": part} for part in parts]}
        values["net"] = {**recipe.net, "field": field}
        with pytest.raises(RecipeError, match=says):
            check_recipe(values)


@pytest.mark.slow
def test_one_batch_is_learnt_by_heart(recipe, pictures):
    batch = next(iter(Batches(pictures, recipe)))
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
    batch = next(iter(Batches(pictures, recipe)))
    lightness, ab = batch["lightness"], batch["ab"]
    assert float(rgb_loss(lightness, ab, ab)) == pytest.approx(1e-3, rel=0.01)
    off = ab + 5
    off.requires_grad_(True)
    loss = rgb_loss(lightness, off, ab)
    loss.backward()
    assert 0.005 < float(loss.detach()) < 0.05
    assert off.grad.isfinite().all()


def test_the_learning_rate_warms_up_and_falls_to_a_hundredth(recipe):
    rates = [learning_rate(recipe, step, 7) for step in range(8)]
    assert rates[0] < rates[1] == max(rates)
    assert rates[-1] == pytest.approx(recipe.learning_rate / 100)


def test_a_constant_learning_rate_stays(recipe):
    steady = recipe.model_copy(update={"schedule": "constant", "warm_up": 0})
    assert {learning_rate(steady, step, 7) for step in range(7)} == {recipe.learning_rate}
