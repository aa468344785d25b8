"""The network in training with all that changes along with it."""

import copy
import math
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel

from colorizer.nets import ColorNet, build
from colorizer.nets.build import channels_last
from colorizer.nets.field import FieldNet
from training.learning.distributed import World, synchronise
from training.learning.losses import ab_loss, psnr_loss, rgb_loss, squared_ab_loss
from training.learning.recipe import Recipe, Stage
from training.learning.regression import field_loss, hinted, mean_loss

Batch = dict[str, Tensor]


# Factors of the learning rate: what ImageNet taught the encoder stays nearly as it is, and what the
# first part taught does while the second learns.
RATES = {
    "mean": {"encoder": 0.3},
    "field": {
        "encoder": 0.1,
        "grid": 0.3,
        "context": 0.3,
        "distribution": 0.3,
        "embedder": 1.5,
        "covariance": 4.0,
    },
}


class NonFiniteLossError(Exception):
    """The loss became infinite or no number at all."""


class TrainState:
    """A network, its optimiser, the running mean of its weights, and how far they came.

    Args:
        recipe: what to build and how to learn.
        pictures: how many there are to learn from.
        device: a torch device.
        world: the processes that learn together.
    """

    def __init__(self, recipe: Recipe, pictures: int, device: str, world: World) -> None:
        self.recipe = recipe
        self.pictures = pictures
        self.device = device
        self.world = world
        self.net = channels_last(build(**recipe.net)).to(device)
        self.mean = AveragedModel(self.net, avg_fn=_decay(recipe.ema), use_buffers=True)
        compute = torch.bfloat16 if recipe.precision == "bf16" else None
        self.net.compute = compute
        if self.net.field is not None:
            self.net.field.compute = compute
        self.optimiser = _optimiser(recipe, self.net)
        self.step = 0
        self.seconds = 0.0
        self.best: dict[str, float] = {}
        self._measure: nn.Module = Measured(self.net)
        if world.size > 1:
            synchronise(self.net)
            self._measure = DistributedDataParallel(
                self._measure, find_unused_parameters=self.net.field is not None
            )

    def learn(self, batch: Batch) -> float:
        """Take one step; returns this process's loss.

        Raises:
            NonFiniteLossError: nothing has been learnt from this batch.
        """
        stage = self.recipe.stage_at(self.step, self.pictures)
        for group in self.optimiser.param_groups:
            group["lr"] = self.learning_rate() * RATES.get(stage.part, {}).get(group["role"], 1.0)
        # So that a resumed run leaves out the same branches as an unbroken one.
        torch.manual_seed(self.recipe.seed + self.step)
        self.net.train()
        batch = {key: value.to(self.device, non_blocking=True) for key, value in batch.items()}
        if self.net.field is not None and stage.part == "colors":
            batch |= hinted(self._fixed_field(), batch)
        loss = self._measure(stage, batch)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise NonFiniteLossError(value)
        self.optimiser.zero_grad()
        loss.backward()
        if self.recipe.clip:
            nn.utils.clip_grad_norm_(self.net.parameters(), self.recipe.clip)
        self.optimiser.step()
        if self.recipe.ema:
            self.mean.update_parameters(self.net)
        self.step += 1
        return value

    def learning_rate(self) -> float:
        """The rate of the next step."""
        _, first, steps = self.recipe.part_at(self.step, self.pictures)
        return learning_rate(self.recipe, self.step - first, steps)

    def part(self) -> None:
        """Learn with no other process any more, so that this one can leave them."""
        self._measure = Measured(self.net)

    def _fixed_field(self) -> FieldNet:
        """The field network that colours learn upon: the running mean of what it learnt."""
        field = cast(FieldNet, self.net.field)
        _, first, _ = self.recipe.part_at(self.step, self.pictures)
        if self.recipe.ema and self.step == first:
            field.load_state_dict(cast(ColorNet, self.mean.module).field.state_dict())  # type: ignore[union-attr] # there is one
        return field.eval()

    def averaged(self) -> ColorNet:
        """A copy of the network as it is scored and kept: in evaluation mode and full precision."""
        source = cast(ColorNet, self.mean.module) if self.recipe.ema else self.net
        net = copy.deepcopy(source).eval()
        net.compute = None
        return net

    def state(self) -> dict[str, Any]:
        """Everything that a resumed run needs, in types that load without pickled code."""
        return {
            "recipe": self.recipe.model_dump_json(),
            "net": self.net.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
            "best": self.best,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to a saved state.

        Raises:
            RuntimeError: it is of another network.
        """
        self.net.load_state_dict(state["net"])
        self.mean.load_state_dict(state["mean"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.seconds, self.best = state["step"], state["seconds"], state["best"]


class Measured(nn.Module):
    """A network with the error that a stage makes small; one module, as DDP wants it."""

    def __init__(self, net: ColorNet) -> None:
        super().__init__()
        self.net = net

    def forward(self, stage: Stage, batch: Batch) -> Tensor:
        """The loss of a batch: a scalar."""
        if stage.part == "field":
            return field_loss(cast(FieldNet, self.net.field), batch)
        if stage.part == "mean":
            return mean_loss(cast(FieldNet, self.net.field), batch)
        planes = (batch["lightness"], batch["hint_ab"], batch["mask"], batch["prior_ab"])
        return measure(stage, batch, self.net(*planes))


def measure(stage: Stage, batch: Batch, predicted: Tensor) -> Tensor:
    """The error of colours that a stage makes small."""
    if stage.loss == "rgb":
        return rgb_loss(batch["lightness"], predicted, batch["ab"])
    if stage.loss == "psnr":
        return psnr_loss(batch["lightness"], predicted, batch["ab"])
    return (ab_loss if stage.loss == "l1" else squared_ab_loss)(predicted, batch["ab"])


def learning_rate(recipe: Recipe, step: int, steps: int) -> float:
    """Linear warm-up, then constant, or a cosine down to a hundredth of the peak."""
    if step < recipe.warm_up:
        return recipe.learning_rate * (step + 1) / recipe.warm_up
    if recipe.schedule == "constant":
        return recipe.learning_rate
    done = (step - recipe.warm_up) / max(1, steps - recipe.warm_up)
    return recipe.learning_rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))


def _optimiser(recipe: Recipe, net: ColorNet) -> torch.optim.Optimizer:
    roles: dict[tuple[str, bool], list[nn.Parameter]] = {}
    for name, parameter in net.named_parameters():
        if parameter.requires_grad:
            # Biases and normalisations are not pulled towards zero.
            roles.setdefault((_role(name), parameter.ndim > 1), []).append(parameter)
    groups = [
        {"params": params, "role": role, "weight_decay": recipe.weight_decay * decays}
        for (role, decays), params in roles.items()
    ]
    rate = recipe.learning_rate
    if recipe.optimiser == "adamw":
        return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.99))
    if recipe.optimiser == "adam":
        return torch.optim.Adam(groups, lr=rate)
    if recipe.optimiser == "rmsprop":
        return torch.optim.RMSprop(groups, lr=rate)
    return torch.optim.SGD(groups, lr=rate, momentum=0.9)


def _role(name: str) -> str:
    """What a parameter is for; see :data:`RATES`."""
    match name.split("."):
        case ["field", part, _, *_]:
            return part
        case ["field", _]:
            return "covariance"
        case _:
            return "colors"


def _decay(ema: float) -> Any:
    def average(mean: Tensor, new: Tensor, count: Tensor | int) -> Tensor:
        # The ramp lets the mean forget the start quickly.
        decay = min(ema, (1 + int(count)) / (10 + int(count)))
        return mean.lerp(new, 1 - decay) if mean.is_floating_point() else new

    return average
