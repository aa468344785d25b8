"""Recipes: everything that fixes a training, in one small TOML file."""

import tomllib
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from colorizer.nets import NetConfig, build

Positive = Annotated[int, Field(ge=1)]
Hints = Literal["mixed", "report"]
Part = Literal["mean", "field", "colors"]
PARTS: tuple[Part, ...] = get_args(Part)
_OLD_PARTS = {"colours": "colors", "ground": "field"}
_OLD_SETTINGS = {"ground": "field"}


class RecipeError(ValueError):
    """A recipe cannot be used; the message names the key and what is allowed."""


class Stage(BaseModel):
    """A stretch of training with one size of crop and one kind of hints.

    Attributes:
        epochs: passes over all pictures; either this or ``steps``.
        steps: optimiser steps.
        crop: side of the samples in pixels, a multiple of 16.
        batch: samples a step, over all processes together.
        cut: ``random`` crops at random scale, flipped and with shifted tones, or the ``whole``
            picture as it is.
        hints: ``report`` has 1, 3 or 5 % of the pixels; ``mixed`` is none for 12 % of the samples,
            dense ones for a share of ``dense``, and a few dabs for the rest. In networks with a
            field network a simulated user paints 40 % of mixed samples instead.
        dense: see ``hints``.
        aged: share of the samples whose lightness is made like that of old photographs.
        loss: mean absolute (``l1``) or squared (``mse``) error of ab, the root of a picture's
            mean squared error in ``rgb``, or its logarithm, which is ``psnr``.
        part: what learns, in this order: the ``mean`` colours that the field network sees before
            any hint, directly; the whole ``field`` through the kriging; what sees the hints and
            gives the ``colors``, upon a field that rests. The first two always learn by ``psnr``,
            and in networks with a field network alone.
        recolored: share of the field's samples in which things get colours at will.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: Positive | None = None
    steps: Positive | None = None
    crop: Annotated[int, Field(ge=32, le=512, multiple_of=16)]
    batch: Positive
    cut: Literal["random", "whole"] = "random"
    hints: Hints = "mixed"
    dense: Annotated[float, Field(ge=0, le=0.88)] = 0.4
    aged: Annotated[float, Field(ge=0, le=1)] = 0.0
    loss: Literal["l1", "mse", "rgb", "psnr"] = "l1"
    part: Part = "colors"
    recolored: Annotated[float, Field(ge=0, le=1)] = 0.0

    @field_validator("part", mode="before")
    @classmethod
    def _part_today(cls, part: object) -> object:
        return _OLD_PARTS.get(str(part), part)

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.epochs is None) == (self.steps is None):
            raise ValueError("give either epochs or steps")
        return self

    def length(self, pictures: int) -> int:
        """Optimiser steps of the stage with so many pictures."""
        return self.steps or -(-(self.epochs or 0) * pictures // self.batch)


class Recipe(BaseModel):
    """A training from beginning to end; saved whole into its checkpoints and its card.

    Attributes:
        name: of the model that comes out.
        net: settings of the network, as in :class:`colorizer.nets.NetConfig`.
        stages: done one after the other.
        optimiser: of torch, with its usual settings; ``sgd`` has a momentum of 0.9.
        learning_rate: at its peak, after the warm-up.
        schedule: ``cosine`` brings the learning rate down to a hundredth, ``constant`` keeps it;
            each part has its own.
        warm_up: steps until the learning rate is at its peak.
        weight_decay: on the weights of convolutions.
        clip: largest norm of the gradient; 0 leaves it as it is.
        ema: decay of the running mean of the weights, which then is what is scored and kept; 0 for
            the weights themselves.
        precision: of the convolutions while training; scores are always taken in ``fp32``.
        seed: of initialisation, order, crops and hints.
        score_every: steps between two measurements on the validation pictures; 0 is once an epoch.
        score_pictures: how many of them.
        save_every_minutes: between two checkpoints.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")]
    net: dict[str, Any]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    optimiser: Literal["adamw", "adam", "sgd", "rmsprop"] = "adamw"
    learning_rate: Annotated[float, Field(gt=0, le=0.1)] = 2e-3
    schedule: Literal["cosine", "constant"] = "cosine"
    warm_up: Annotated[int, Field(ge=0)] = 200
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 1e-4
    clip: Annotated[float, Field(ge=0)] = 1.0
    ema: Annotated[float, Field(ge=0, lt=1)] = 0.998
    precision: Literal["fp32", "bf16"] = "fp32"
    seed: Annotated[int, Field(ge=0)] = 0
    score_every: Annotated[int, Field(ge=0)] = 0
    score_pictures: Positive = 100
    save_every_minutes: Annotated[float, Field(gt=0)] = 5.0

    @field_validator("net")
    @classmethod
    def _known_net(cls, net: dict[str, Any]) -> dict[str, Any]:
        # Runs that are under way have the old words.
        net = {_OLD_SETTINGS.get(key, key): value for key, value in net.items()}
        build(**net)
        return net

    @model_validator(mode="after")
    def _crops_fit(self) -> Self:
        multiple = self.net_config.multiple
        if any(stage.crop % multiple for stage in self.stages):
            raise ValueError(f"stages: crops must be multiples of {multiple} for this network")
        return self

    @model_validator(mode="after")
    def _field_first(self) -> Self:
        parts = [stage.part for stage in self.stages]
        if {"mean", "field"} & set(parts) and not self.net_config.field:
            raise ValueError("stages: this network has no field network to learn")
        if parts != sorted(parts, key=PARTS.index):
            raise ValueError(f"stages: parts come in the order {', '.join(PARTS)}")
        return self

    @property
    def net_config(self) -> NetConfig:
        """The network's settings, defaults filled in."""
        return NetConfig.from_json(self.net)

    @property
    def hints(self) -> Hints:
        """What kind of hints it is scored with: ``mixed`` as soon as one stage learns them."""
        return "mixed" if any(stage.hints == "mixed" for stage in self.stages) else "report"

    def steps(self, pictures: int) -> int:
        """Optimiser steps of all stages together with so many pictures."""
        return sum(stage.length(pictures) for stage in self.stages)

    def part_at(self, step: int, pictures: int) -> tuple[Part, int, int]:
        """What learns at a step (or learned last), since which step, and for how many."""
        first = 0
        parts = [
            (part, sum(stage.length(pictures) for stage in stages))
            for part, stages in groupby(self.stages, key=lambda stage: stage.part)
        ]
        for part, length in parts[:-1]:
            if step < first + length:
                return part, first, length
            first += length
        part, length = parts[-1]
        return part, first, length

    def stage_at(self, step: int, pictures: int) -> Stage:
        """The stage that a step belongs to."""
        for stage in self.stages:
            if step < stage.length(pictures):
                return stage
            step -= stage.length(pictures)
        raise IndexError(step)


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe.

    Raises:
        RecipeError: the file is missing, is no TOML, or has an unknown key or a bad value.
    """
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise RecipeError(f"{path} cannot be read: {reason}") from error
    try:
        return parse_recipe(text)
    except RecipeError as error:
        raise RecipeError(f"{path}: {error}") from error


def parse_recipe(text: str) -> Recipe:
    """Check a recipe's text.

    Raises:
        RecipeError: it is no TOML, or has an unknown key or a bad value.
    """
    try:
        return check_recipe(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"this is no TOML: {error}") from error


def check_recipe(values: dict[str, Any]) -> Recipe:
    """Check a recipe's values.

    Raises:
        RecipeError: a key is unknown or missing, or a value is out of range.
    """
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        raise RecipeError("; ".join(_sentence(problem) for problem in problems)) from error


def _sentence(problem: Any) -> str:
    """What is wrong with one key, and what is allowed."""
    place = problem["loc"]
    where = ".".join(map(str, problem["loc"])) or "recipe"
    if problem["type"] == "extra_forbidden":
        known = Stage.model_fields if "stages" in place else Recipe.model_fields
        return f"{where}: there is no such key; there are {', '.join(sorted(known))}"
    return f"{where}: {str(problem['msg']).removeprefix('Value error, ')}"
