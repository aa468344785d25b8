"""Photographs from tar shards, and the training samples that are cut from them."""

import io
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor
from torch.utils.data import IterableDataset

from colorizer.color import Array, Bytes, rgb_to_lab
from colorizer.prior import Affinities, propagate
from colorizer.samplers import sample_mixed, seeded
from training.recipe import Stage

_LEAST_SHARE_OF_PICTURE = 0.25


class DataError(Exception):
    """The pictures cannot be used; the message says why, for people to read."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of a shard, still encoded: ``name`` as the shard gives it."""

    name: str
    encoded: bytes

    def rgb(self) -> Image.Image:
        """Decode it to sRGB.

        Raises:
            DataError: it is damaged.
        """
        try:
            return Image.open(io.BytesIO(self.encoded)).convert("RGB")
        except (OSError, UnidentifiedImageError) as error:
            raise DataError(f"{self.name} is damaged: {error}") from error


def read_shards(shards: Sequence[Path]) -> list[Picture]:
    """Read the pictures of tar shards, ordered by name.

    Raises:
        DataError: a shard is missing or no tar file, or there is no picture.
    """
    pictures = []
    for shard in shards:
        try:
            with tarfile.open(shard) as tar:
                for member in tar:
                    if member.isfile() and member.name.lower().endswith((".jpg", ".jpeg", ".png")):
                        file = tar.extractfile(member)
                        if file is not None:
                            pictures.append(Picture(member.name, file.read()))
        except (OSError, tarfile.TarError) as error:
            raise DataError(f"{shard} is no readable tar of pictures: {error}") from error
    if not pictures:
        raise DataError(f"no pictures in {', '.join(map(str, shards)) or 'an empty list of tars'}")
    return sorted(pictures, key=lambda picture: picture.name)


class Crops(IterableDataset[dict[str, Tensor]]):
    """Batches of crops with hints and prior, for steps ``first`` to the end of the stages.

    Each batch depends on (seed, step) alone, so that a resumed run sees what an unbroken one
    would have seen, however many workers prepare it.
    """

    def __init__(
        self, pictures: Sequence[Picture], stages: Sequence[Stage], *, seed: int, first: int
    ) -> None:
        self.pictures = pictures
        self.steps = [stage for stage in stages for _ in range(stage.steps)]
        self.seed = seed
        self.first = first

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        """Yield batches: lightness (N, 1, H, W), ab, hint_ab, prior_ab (N, 2, H, W), mask."""
        worker = torch.utils.data.get_worker_info()
        number, workers = (worker.id, worker.num_workers) if worker else (0, 1)
        for step in range(self.first + number, len(self.steps), workers):
            yield self._batch(step)

    def _batch(self, step: int) -> dict[str, Tensor]:
        stage = self.steps[step]
        rng = seeded(self.seed, step)
        chosen = rng.integers(0, len(self.pictures), stage.batch)
        lab = np.stack(
            [rgb_to_lab(random_crop(self.pictures[i].rgb(), stage.crop, rng)) for i in chosen]
        ).transpose(0, 3, 1, 2)
        ab = np.ascontiguousarray(lab[:, 1:])
        hints = [sample_mixed(truth, rng, dense=stage.dense) for truth in ab]
        hint_ab, mask = np.stack([h for h, _ in hints]), np.stack([m for _, m in hints])
        lightness = np.ascontiguousarray(lab[:, :1] / 100)
        batch = {
            "lightness": lightness,
            "ab": ab,
            "hint_ab": hint_ab,
            "mask": mask,
            "prior_ab": propagate(Affinities.of(lightness), hint_ab, mask),
        }
        return {key: torch.from_numpy(np.ascontiguousarray(a)) for key, a in batch.items()}


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
