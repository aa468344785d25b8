"""The samples that training learns from: pictures or crops of them, with hints and their prior."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import IterableDataset

from colorizer.color import Array, Bytes, rgb_to_lab
from colorizer.looks import looks
from colorizer.prior import Affinities, propagate
from colorizer.samplers import sample_mixed, sample_pixels, seeded
from training.learning.aging import age
from training.learning.recipe import Recipe, Stage
from training.pictures.data import Picture

REPORT_SHARES = (0.01, 0.03, 0.05)
ASKED = 1200
# How many samples a simulated user paints, with at most so many strokes.
_PAINTED = 0.4
_STROKES = 12
_LEAST_SHARE_OF_PICTURE = 0.25


class Batches(IterableDataset[dict[str, Tensor]]):
    """Batches for the steps ``first`` to the end of a recipe.

    Samples are numbered through the whole training; each depends on (seed, number) alone. So a
    resumed run sees what an unbroken one would have seen, and several processes together see what
    one would, however many workers prepare it. Every epoch shows each picture once, in a new order.

    Args:
        pictures: to learn from.
        recipe: whose stages say how.
        first: step to begin at.
        rank: number of this process.
        processes: that share each batch.
    """

    def __init__(
        self,
        pictures: Sequence[Picture],
        recipe: Recipe,
        *,
        first: int = 0,
        rank: int = 0,
        processes: int = 1,
    ) -> None:
        self.pictures = pictures
        self.recipe = recipe
        self.first = first
        self.rank = rank
        self.processes = processes

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        """Yield batches: lightness (N, 1, H, W), ab, hint_ab, prior_ab (N, 2, H, W), mask.

        Networks with a ground get ``looks`` (N, 7, H, W) too and make their own prior. Of mixed
        hints they get the ``strokes`` (N,) that a user who sees the ground's results paints in
        their place, seeded by ``user`` (N,); while the ground learns, also the pixels ``asked``
        (N, 1200).
        """
        worker = torch.utils.data.get_worker_info()
        number, workers = (worker.id, worker.num_workers) if worker else (0, 1)
        step = sample = 0
        for stage in self.recipe.stages:
            for _ in range(stage.length(len(self.pictures))):
                if step >= self.first and (step - self.first) % workers == number:
                    yield self._batch(stage, sample)
                step += 1
                sample += stage.batch

    def _batch(self, stage: Stage, first: int) -> dict[str, Tensor]:
        own = range(first + self.rank, first + stage.batch, self.processes)
        batch = self.collect([self._sample(stage, number) for number in own])
        if self.recipe.net_config.ground:
            questions = _questions(stage, seeded(self.recipe.seed, "questions", first))
            for key, values in questions.items():
                batch[key] = torch.from_numpy(values[self.rank :: self.processes])
        return batch

    def _sample(self, stage: Stage, number: int) -> tuple[Array, Array, Array]:
        epoch, place = divmod(number, len(self.pictures))
        shown = _order(self.recipe.seed, epoch, len(self.pictures))[place]
        rng = seeded(self.recipe.seed, number)
        picture = self.pictures[shown].rgb()
        if stage.cut == "whole":
            rgb = whole(picture, stage.crop)
        else:
            rgb = random_crop(picture, stage.crop, rng)
        lab = rgb_to_lab(rgb).transpose(2, 0, 1)
        if stage.aged and rng.random() < stage.aged:
            lab[0] = 100 * age(lab[0] / 100, rng)
        if stage.hints == "report":
            share = REPORT_SHARES[rng.integers(len(REPORT_SHARES))]
            return lab, *sample_pixels(lab[1:], share, rng)
        return lab, *sample_mixed(lab[1:], rng, dense=stage.dense)

    def collect(self, samples: Sequence[tuple[Array, Array, Array]]) -> dict[str, Tensor]:
        """Stack samples, each Lab (3, H, W), hint ab (2, H, W) and mask (1, H, W), to a batch."""
        lab, hint_ab, mask = (np.stack(planes) for planes in zip(*samples, strict=True))
        lightness = np.ascontiguousarray(lab[:, :1] / np.float32(100))
        config = self.recipe.net_config
        if config.prior and not config.ground:
            prior = propagate(Affinities.of(lightness), hint_ab, mask)
        else:
            prior = np.zeros_like(hint_ab)
        batch = {
            "lightness": lightness,
            "ab": lab[:, 1:],
            "hint_ab": hint_ab,
            "mask": mask,
            "prior_ab": prior,
        }
        if config.ground:
            batch["looks"] = np.stack([looks(plane[0]) for plane in lightness])
        return {key: torch.from_numpy(np.ascontiguousarray(a)) for key, a in batch.items()}


def _questions(stage: Stage, rng: np.random.Generator) -> dict[str, npt.NDArray[np.int64]]:
    """How many strokes whom paints of a whole batch, and what the ground is asked for."""
    count = stage.batch
    questions = {}
    if stage.hints == "mixed":
        strokes = np.exp(rng.uniform(0, np.log(_STROKES + 1), count)).astype(np.int64)
        strokes[rng.random(count) >= _PAINTED] = 0  # these leave the hints as they are
        questions = {"strokes": strokes, "user": rng.integers(0, 1 << 30, count)}
    if stage.part == "ground":
        questions["asked"] = rng.integers(0, stage.crop**2, (count, ASKED))
    return questions


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, pictures: int) -> npt.NDArray[np.int64]:
    """The order in which an epoch shows the pictures."""
    return seeded(seed, "epoch", epoch).permutation(pictures)


def whole(picture: Image.Image, side: int) -> Bytes:
    """The whole picture as a square of ``side`` pixels (LANCZOS): (side, side, 3) uint8."""
    if picture.size != (side, side):
        picture = picture.resize((side, side), Image.Resampling.LANCZOS)
    return np.asarray(picture)


def random_crop(picture: Image.Image, side: int, rng: np.random.Generator) -> Bytes:
    """Cut a square crop at a random scale, between a part of the picture and all of it.

    Also flips it, and shifts exposure, contrast and saturation a little, before any Lab is
    taken, so that true colours stay true to their lightness.

    Args:
        picture: sRGB, at least ``side`` wide and high or it is enlarged.
        side: of the crop, in pixels.
        rng: decides everything.

    Returns:
        (side, side, 3) uint8.
    """
    shorter = min(picture.size)
    least = min(1.0, max(side / shorter, _LEAST_SHARE_OF_PICTURE))
    cut = round(shorter * float(np.exp(rng.uniform(np.log(least), 0.0))))
    left = int(rng.integers(0, picture.width - cut + 1))
    top = int(rng.integers(0, picture.height - cut + 1))
    crop = picture.resize(
        (side, side), Image.Resampling.BICUBIC, box=(left, top, left + cut, top + cut)
    )
    rgb: Array = np.asarray(crop, np.float32) / np.float32(255)
    if rng.random() < 0.5:
        rgb = rgb[:, ::-1]
    if rng.random() < 0.5:
        rgb = _shift_tones(rgb, rng)
    return (np.clip(rgb, 0, 1) * 255 + 0.5).astype(np.uint8)


def _shift_tones(rgb: Array, rng: np.random.Generator) -> Array:
    gamma, contrast, saturation = np.exp(rng.uniform(-0.25, 0.25, 3))
    toned = (rgb**gamma - 0.5) * contrast + 0.5
    grey = toned.mean(-1, keepdims=True)
    return np.asarray(grey + (toned - grey) * saturation, np.float32)
