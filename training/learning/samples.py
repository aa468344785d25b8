"""The samples that training learns from: pictures or crops of them, with hints and their prior."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor
from torch.utils.data import IterableDataset

from colorizer.color import Array, Bytes, rgb_to_lab
from colorizer.features import features
from colorizer.prior import Affinities, propagate
from colorizer.samplers import sample_mixed, sample_pixels, seeded
from training.data.pictures import Picture
from training.learning.aging import age
from training.learning.crops import Crop, random_crop, whole
from training.learning.recipe import Recipe, Stage
from training.learning.recoloring import Labels, segments

REPORT_SHARES = (0.01, 0.03, 0.05)
TARGETS = 1200
# How many samples a simulated user paints, with at most so many strokes.
_PAINTED_SHARE = 0.4
_STROKES = 12
# Of the samples with regions, those that a person drew, where there are any.
_DRAWN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture, or a part of one, with hints.

    Attributes:
        lightness: (1, H, W), L / 100.
        ab: (2, H, W), the truth in CIELAB units.
        hint_ab: (2, H, W), CIELAB units, 0 where there is no hint.
        mask: (1, H, W), 1 at hints.
        labels: (H, W), its regions, where things are to get colours at will; else None.
    """

    lightness: Array
    ab: Array
    hint_ab: Array
    mask: Array
    labels: Labels | None = None

    @property
    def regions(self) -> Labels:
        """The labels, or a single region."""
        if self.labels is None:
            return np.zeros(self.lightness.shape[1:], np.uint8)
        return self.labels


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
        self.drawn_on = [picture for picture in pictures if picture.regions is not None]
        self.first = first
        self.rank = rank
        self.processes = processes

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        """Yield batches: lightness (N, 1, H, W), ab, hint_ab, prior_ab (N, 2, H, W), mask.

        Networks with a field network get ``features`` (N, 7, H, W) too and make their own prior. Of
        mixed hints they get the ``strokes`` (N,) that a user who sees the field network's results
        paints in their place, seeded by ``user`` (N,); while the field network learns, also the
        pixels ``targets`` (N, 1200) to predict.
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
        if self.recipe.net_config.field:
            questions = _questions(stage, seeded(self.recipe.seed, "questions", first))
            for key, values in questions.items():
                batch[key] = torch.from_numpy(values[self.rank :: self.processes])
        return batch

    def _sample(self, stage: Stage, number: int) -> Sample:
        epoch, place = divmod(number, len(self.pictures))
        shown = _order(self.recipe.seed, epoch, len(self.pictures))[place]
        rng = seeded(self.recipe.seed, number)
        labels = None
        if rng.random() < stage.recolored:
            rgb, labels = self._things(self.pictures[shown], stage.crop, rng)
        elif stage.cut == "whole":
            rgb = whole(self.pictures[shown].rgb(), stage.crop)
        else:
            rgb = random_crop(self.pictures[shown].rgb(), stage.crop, rng)
        lab = rgb_to_lab(rgb).transpose(2, 0, 1)
        lightness = lab[:1] / np.float32(100)
        if stage.aged and rng.random() < stage.aged:
            lightness = age(lightness[0], rng)[None]
        if stage.hints == "report":
            share = REPORT_SHARES[rng.integers(len(REPORT_SHARES))]
            hints = sample_pixels(lab[1:], share, rng)
        else:
            hints = sample_mixed(lab[1:], rng, dense=stage.dense)
        return Sample(lightness, lab[1:], *hints, labels)

    def _things(
        self, picture: Picture, side: int, rng: np.random.Generator
    ) -> tuple[Bytes, Labels]:
        """A crop with regions: those that a person drew, or segments of the true colours."""
        if self.drawn_on and rng.random() < _DRAWN_SHARE:
            picture = self.drawn_on[rng.integers(len(self.drawn_on))]
            image = picture.rgb()
            crop = Crop.draw(image.size, side, rng)
            labels = crop.of(Image.fromarray(picture.labels()), Image.Resampling.NEAREST)
            return crop.of(image), labels
        image = picture.rgb()
        rgb = Crop.draw(image.size, side, rng).of(image)
        # Segments at half the size are as good, and take a fifth of the time.
        return rgb, segments(rgb[::2, ::2]).repeat(2, axis=0).repeat(2, axis=1)

    def collect(self, samples: Sequence[Sample]) -> dict[str, Tensor]:
        """Stack samples to a batch."""
        planes = {
            "lightness": np.stack([sample.lightness for sample in samples]),
            "ab": np.stack([sample.ab for sample in samples]),
            "hint_ab": np.stack([sample.hint_ab for sample in samples]),
            "mask": np.stack([sample.mask for sample in samples]),
        }
        config = self.recipe.net_config
        if config.prior and not config.field:
            affinities = Affinities.of(planes["lightness"])
            planes["prior_ab"] = propagate(affinities, planes["hint_ab"], planes["mask"])
        else:
            planes["prior_ab"] = np.zeros_like(planes["hint_ab"])
        if config.field:
            planes["features"] = np.stack([features(sample.lightness[0]) for sample in samples])
            planes["recolored"] = np.array([sample.labels is not None for sample in samples])
            planes["labels"] = np.stack([sample.regions for sample in samples])
        return {key: torch.from_numpy(np.ascontiguousarray(a)) for key, a in planes.items()}


def _questions(stage: Stage, rng: np.random.Generator) -> dict[str, npt.NDArray[np.int64]]:
    """How many strokes whom paints of a whole batch, and what the field network is asked for."""
    count = stage.batch
    questions = {"user": rng.integers(0, 1 << 30, count)}
    if stage.hints == "mixed":
        strokes = np.exp(rng.uniform(0, np.log(_STROKES + 1), count)).astype(np.int64)
        strokes[rng.random(count) >= _PAINTED_SHARE] = 0  # these leave the hints as they are
        questions["strokes"] = strokes
    if stage.part == "field":
        questions["targets"] = rng.integers(0, stage.crop**2, (count, TARGETS))
    return questions


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, pictures: int) -> npt.NDArray[np.int64]:
    """The order in which an epoch shows the pictures."""
    return seeded(seed, "epoch", epoch).permutation(pictures)
