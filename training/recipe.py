"""Recipes: everything that fixes a training, in one small TOML file."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from colorizer.nets import NetConfig, build

Positive = Annotated[int, Field(ge=1)]


class RecipeError(ValueError):
    """A recipe cannot be used; the message names the key and what is allowed."""


class Stage(BaseModel):
    """A stretch of training with one size of crop.

    Attributes:
        steps: optimiser steps.
        crop: side of the crops in pixels, a multiple of 16.
        batch: crops a step.
        rgb_loss: measure the error in RGB (as PSNR does) instead of in ab.
        dense: share of the crops with dense hints; 12 % get none, the rest a few.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    steps: Positive
    crop: Annotated[int, Field(ge=32, le=512, multiple_of=16)]
    batch: Positive
    rgb_loss: bool = False
    dense: Annotated[float, Field(ge=0, le=0.88)] = 0.4


class Recipe(BaseModel):
    """A training from beginning to end; saved whole into its checkpoints and its card.

    Attributes:
        name: of the model that comes out.
        net: settings of the network, as in :class:`colorizer.nets.NetConfig`.
        stages: done one after the other.
        learning_rate: at its peak, after the warm-up; a cosine brings it to a hundredth.
        weight_decay: on the weights of convolutions.
        warm_up: steps until the learning rate is at its peak.
        ema: decay of the running mean of the weights, which is what is scored and kept.
        seed: of initialisation, crops and hints.
        score_every: steps between two scores on the validation pictures.
        score_pictures: how many of them.
        save_every_seconds: between two checkpoints.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]
    net: dict[str, Any]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    learning_rate: Annotated[float, Field(gt=0, le=0.1)] = 2e-3
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 1e-4
    warm_up: Positive = 200
    ema: Annotated[float, Field(ge=0, lt=1)] = 0.998
    seed: Annotated[int, Field(ge=0)] = 0
    score_every: Positive = 500
    score_pictures: Positive = 60
    save_every_seconds: Annotated[float, Field(gt=0)] = 120.0

    @field_validator("net")
    @classmethod
    def _known_net(cls, net: dict[str, Any]) -> dict[str, Any]:
        build(**net)
        return net

    @property
    def steps(self) -> int:
        """Optimiser steps of all stages together."""
        return sum(stage.steps for stage in self.stages)

    @property
    def net_config(self) -> NetConfig:
        """The network's settings, defaults filled in."""
        return NetConfig.from_json(self.net)


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe.

    Raises:
        RecipeError: the file is missing, is no TOML, or has an unknown key or a bad value.
    """
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text()))
    except OSError as error:
        raise RecipeError(f"{path} cannot be read: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"{path} is no TOML: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}" for problem in error.errors()
        )
        raise RecipeError(f"{path}: {wrong}") from error
