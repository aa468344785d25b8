"""A recipe's stages fitted into the time there is, on the device there is."""

import math
import time
from collections.abc import Sequence

import torch
from torch.utils.data import DataLoader

from training.data.pictures import Picture
from training.learning.distributed import World
from training.learning.recipe import Recipe
from training.learning.samples import Batches
from training.learning.train_state import TrainState

# A GPU does several times a CPU's batch in about the time of one.
CUDA_BATCHES = 4
# Of the budget; the rest is for measurements, checkpoints and the export.
LEARNING_SHARE = 0.85

_WARM, _TIMED = 2, 4  # steps


def for_device(recipe: Recipe, device: str) -> Recipe:
    """The recipe as a device does it best: on CUDA in bf16, with larger batches."""
    if not device.startswith("cuda"):
        return recipe
    stages = []
    for stage in recipe.stages:
        changes: dict[str, int] = {"batch": CUDA_BATCHES * stage.batch}
        if stage.steps is not None:
            changes["steps"] = math.ceil(stage.steps / CUDA_BATCHES)
        stages.append(stage.model_copy(update=changes))
    return recipe.model_copy(update={"stages": tuple(stages), "precision": "bf16"})


def fit_into(
    recipe: Recipe, seconds: float, train: Sequence[Picture], *, device: str, workers: int
) -> Recipe:
    """Give each stage as many steps as its share of a time holds.

    A few steps of each stage are timed on the device first. The stages keep the shares of the time
    that they have in the recipe, and each gets at least one step.

    Args:
        recipe: what to do.
        seconds: for all of it.
        train: pictures to learn from.
        device: a torch device.
        workers: processes that prepare batches.
    """
    paces = _paces(recipe, train, device, workers)
    whole = sum(
        pace * stage.length(len(train)) for pace, stage in zip(paces, recipe.stages, strict=True)
    )
    factor = LEARNING_SHARE * seconds / whole
    stages = tuple(
        stage.model_copy(
            update={"epochs": None, "steps": max(1, int(factor * stage.length(len(train))))}
        )
        for stage in recipe.stages
    )
    warm_up = min(recipe.warm_up, sum(stage.steps or 0 for stage in stages) // 10)
    return recipe.model_copy(update={"stages": stages, "warm_up": warm_up})


def _paces(recipe: Recipe, train: Sequence[Picture], device: str, workers: int) -> list[float]:
    """Seconds that a step of each stage takes, batches and all."""
    paces = []
    for stage in recipe.stages:
        alone = recipe.model_copy(
            update={"stages": (stage.model_copy(update={"epochs": None, "steps": _WARM + _TIMED}),)}
        )
        state = TrainState(alone, len(train), device, World())
        batches = DataLoader(Batches(train, alone), None, num_workers=workers)
        for step, batch in enumerate(batches):
            if step == _WARM:
                start = time.monotonic()
            state.learn(batch)
        if device.startswith("cuda"):
            torch.cuda.synchronize()
        paces.append((time.monotonic() - start) / _TIMED)
    return paces
