"""The training loop, one screen, top to bottom."""

import json
import math
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel
from torch.utils.data import DataLoader
from tqdm import tqdm

from colorizer.nets import ColorNet, build
from colorizer.nets.build import channels_last
from training.data import Crops, Picture
from training.losses import ab_loss, rgb_loss
from training.recipe import Recipe, Stage
from training.validate import gain_over_prior

STATE = "state.pt"
LOG = "log.jsonl"


class TrainingError(Exception):
    """Training cannot start or go on; the message says why, for people to read."""


@dataclass(slots=True)
class Learner:
    """The network in training and all that changes with it."""

    net: ColorNet
    ema: AveragedModel
    optimiser: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0

    def state(self, recipe: Recipe) -> dict[str, Any]:
        """Everything that a resumed run needs, in types that load without pickled code."""
        return {
            "recipe": recipe.model_dump_json(),
            "net": self.net.state_dict(),
            "ema": self.ema.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }


def fit(
    recipe: Recipe,
    train: Sequence[Picture],
    val: Sequence[Picture],
    folder: Path,
    *,
    resume: bool = False,
    device: str = "cpu",
    workers: int = 1,
) -> ColorNet:
    """Train a network; returns it with the averaged weights, in evaluation mode.

    Args:
        recipe: what to do.
        train: pictures to learn from.
        val: pictures to score on while it learns.
        folder: where the checkpoint (``state.pt``) and the log (``log.jsonl``) go.
        resume: go on from the folder's checkpoint.
        device: a torch device.
        workers: processes that prepare batches.

    Raises:
        TrainingError: the folder's state does not fit, or the loss is no number any more.
    """
    torch.manual_seed(recipe.seed)
    learner = _start(recipe, device)
    _restore(learner, recipe, folder, resume=resume)
    crops = Crops(train, recipe.stages, seed=recipe.seed, first=learner.step)
    loader = DataLoader(crops, batch_size=None, num_workers=workers)
    saved = started = time.monotonic() - learner.seconds
    progress = tqdm(total=recipe.steps, initial=learner.step, unit="step", mininterval=10)
    for batch in loader:
        loss = _learn(learner, batch, recipe, device)
        learner.step += 1
        now = time.monotonic()
        learner.seconds = now - started
        progress.update()
        if learner.step % recipe.score_every == 0 or learner.step == recipe.steps:
            net = averaged(learner)
            score = gain_over_prior(net, val[: recipe.score_pictures], device)
            _log(folder, step=learner.step, seconds=learner.seconds, loss=loss, **score)
            progress.set_postfix({"loss": loss, **score})
        if now - saved > recipe.save_every_seconds or learner.step == recipe.steps:
            _save(learner, recipe, folder)
            saved = now
    progress.close()
    return averaged(learner)


def averaged(learner: Learner) -> ColorNet:
    """The network with the running mean of its weights, in evaluation mode."""
    return cast(ColorNet, learner.ema.module).eval()


def _start(recipe: Recipe, device: str) -> Learner:
    net = channels_last(build(**recipe.net)).to(device)
    decayed = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": recipe.weight_decay},
            {"params": others, "weight_decay": 0.0},
        ],
        lr=recipe.learning_rate,
        betas=(0.9, 0.99),
    )

    def average(mean: Tensor, new: Tensor, count: Tensor | int) -> Tensor:
        # The ramp lets the mean forget the start quickly.
        decay = min(recipe.ema, (1 + int(count)) / (10 + int(count)))
        return mean.lerp(new, 1 - decay) if mean.is_floating_point() else new

    return Learner(net, AveragedModel(net, avg_fn=average, use_buffers=True), optimiser)


def _learn(learner: Learner, batch: dict[str, Tensor], recipe: Recipe, device: str) -> float:
    for group in learner.optimiser.param_groups:
        group["lr"] = learning_rate(recipe, learner.step)
    learner.net.train()
    batch = {key: value.to(device, non_blocking=True) for key, value in batch.items()}
    predicted = learner.net(batch["lightness"], batch["hint_ab"], batch["mask"], batch["prior_ab"])
    if stage_at(recipe, learner.step).rgb_loss:
        loss = rgb_loss(batch["lightness"], predicted, batch["ab"])
    else:
        loss = ab_loss(predicted, batch["ab"])
    value = float(loss.detach())
    if not math.isfinite(value):
        raise TrainingError(
            f"the loss is {value} at step {learner.step}: try a lower learning rate; "
            "the last checkpoint is usable"
        )
    learner.optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(learner.net.parameters(), 1.0)
    learner.optimiser.step()
    learner.ema.update_parameters(learner.net)
    return value


def stage_at(recipe: Recipe, step: int) -> Stage:
    """The stage that a step belongs to."""
    for stage in recipe.stages:
        if step < stage.steps:
            return stage
        step -= stage.steps
    raise IndexError(step)


def learning_rate(recipe: Recipe, step: int) -> float:
    """Linear warm-up, then a cosine down to a hundredth of the peak."""
    if step < recipe.warm_up:
        return recipe.learning_rate * (step + 1) / recipe.warm_up
    done = (step - recipe.warm_up) / max(1, recipe.steps - recipe.warm_up)
    return recipe.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


def _restore(learner: Learner, recipe: Recipe, folder: Path, *, resume: bool) -> None:
    path = folder / STATE
    if not resume:
        if path.exists():
            raise TrainingError(f"{folder} holds a run already: resume it or name another folder")
        folder.mkdir(parents=True, exist_ok=True)
        return
    if not path.exists():
        raise TrainingError(f"there is no run in {folder} to resume")
    state = torch.load(path, weights_only=True)
    if Recipe.model_validate_json(state["recipe"]) != recipe:
        raise TrainingError(f"the run in {folder} was started with another recipe")
    learner.net.load_state_dict(state["net"])
    learner.ema.load_state_dict(state["ema"])
    learner.optimiser.load_state_dict(state["optimiser"])
    learner.step, learner.seconds = state["step"], state["seconds"]


def _save(learner: Learner, recipe: Recipe, folder: Path) -> None:
    """Write the checkpoint beside the old one, then put it in its place."""
    fresh = folder / f"{STATE}.new"
    with fresh.open("wb") as file:
        torch.save(learner.state(recipe), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / STATE)


def _log(folder: Path, **row: float) -> None:
    with (folder / LOG).open("a") as file:
        file.write(json.dumps({key: round(value, 5) for key, value in row.items()}) + "\n")
