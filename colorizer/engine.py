"""The engine: a photo and its hints in, colours out, at any size."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from colorizer.backends import Backend, load_backend
from colorizer.color import Array, Bytes, join_lightness, rgb_to_lab
from colorizer.hints import HintSet, rasterise
from colorizer.model import Card, ModelFolder
from colorizer.prior import Affinities, gather, halve, propagate

MULTIPLE = 16
# Below this share of hinted pixels, a photo is also coloured at half the size.
FEW_HINTS = 0.005
_STRIP = 256


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a photo's colouring needs of the photo alone, computed once.

    Attributes:
        lightness: (1, 1, H', W'), L / 100, padded to multiples of 16.
        affinities: the prior's weights, of the padded planes.
        height: of the photo as the network sees it, without padding.
        width: likewise.
        half: the same photo at half the size; None for that one itself.
    """

    lightness: Array
    affinities: Affinities
    height: int
    width: int
    half: "Prepared | None" = None


class Colorizer:
    """A loaded model, ready to colour photos; safe to share between threads."""

    def __init__(self, card: Card, backend: Backend) -> None:
        self.card = card
        self.backend = backend

    @classmethod
    def load(cls, path: Path, *, backend: str = "onnx", threads: int = 1) -> "Colorizer":
        """Verify a model folder and load it.

        Args:
            path: the folder.
            backend: ``onnx``, or ``torch``.
            threads: that one prediction may use.

        Raises:
            ModelError: the folder or its network cannot be used.
        """
        folder = ModelFolder.open(path)
        return cls(folder.card, load_backend(folder, backend, threads=threads))

    def prepare(self, rgb: Bytes) -> Prepared:
        """Bring a photo to the network's size, and weigh its neighbours for the prior.

        Args:
            rgb: (H, W, 3) sRGB, any size; a photo smaller than the network keeps its size.
        """
        small = shrink(rgb, self.card.size)
        return prepare_lightness(rgb_to_lab(small)[..., 0] / 100)

    def predict(self, prepared: Prepared, hint_set: HintSet) -> Array:
        """Colour a prepared photo with hints.

        Returns:
            (2, h, w), ab in CIELAB units, at the network's size.
        """
        planes = rasterise(hint_set, prepared.height, prepared.width)
        return self.predict_planes([prepared], [planes])[0]

    def predict_planes(
        self, prepared: Sequence[Prepared], hints: Sequence[tuple[Array, Array]]
    ) -> list[Array]:
        """Colour a batch of prepared photos of any sizes; those of one size run together.

        Where hints are few, most of a photo is decided from far away: there the mean of two
        predictions, at the full and at half the size, is the better one (by 0.1 dB at ten
        hints, docs/explanation/network.md), for a quarter more work.

        Args:
            prepared: the photos.
            hints: for each photo ab (2, h, w) in CIELAB units and mask (1, h, w).

        Returns:
            For each photo (2, h, w), ab in CIELAB units.
        """
        results = self._run(prepared, hints)
        halves = {
            n: photo.half
            for n, photo in enumerate(prepared)
            if photo.half is not None and hints[n][1].mean() < FEW_HINTS
        }
        coarse = self._run([*halves.values()], [_halve_hints(*hints[n]) for n in halves])
        for n, ab in zip(halves, coarse, strict=True):
            hint_ab, mask = hints[n]
            mean = (results[n] + _enlarge(ab, results[n].shape)) / 2
            results[n] = np.where(mask > 0, hint_ab, mean)
        return results

    def _run(
        self, prepared: Sequence[Prepared], hints: Sequence[tuple[Array, Array]]
    ) -> list[Array]:
        alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for n, photo in enumerate(prepared):
            alike[photo.lightness.shape].append(n)
        results: dict[int, Array] = {}
        for numbers in alike.values():
            photos = [prepared[n] for n in numbers]
            hint_ab = np.stack([_pad(hints[n][0], p) for n, p in zip(numbers, photos, strict=True)])
            mask = np.stack([_pad(hints[n][1], p) for n, p in zip(numbers, photos, strict=True)])
            prior = np.concatenate(
                [
                    propagate(p.affinities, hint_ab[k : k + 1], mask[k : k + 1])
                    for k, p in enumerate(photos)
                ]
            )
            lightness = np.concatenate([p.lightness for p in photos])
            for n, p, ab in zip(
                numbers, photos, self.backend.run(lightness, hint_ab, mask, prior), strict=True
            ):
                results[n] = ab[:, : p.height, : p.width]
        return [results[n] for n in range(len(prepared))]

    @staticmethod
    def apply(
        rgb: Bytes, ab: Array, *, resample: Image.Resampling = Image.Resampling.BICUBIC
    ) -> Bytes:
        """Give a photo colours at its own size: its own L, ``ab`` enlarged to it.

        Args:
            rgb: (H, W, 3) sRGB; only its lightness is used.
            ab: (2, h, w), CIELAB units.
            resample: how ``ab`` is enlarged.

        Returns:
            (H, W, 3) sRGB.
        """
        height, width = rgb.shape[:2]
        planes = [Image.fromarray(np.ascontiguousarray(plane, np.float32)) for plane in ab]
        step = ab.shape[1] / height
        result = np.empty_like(rgb)
        # In strips, so that a large photo never stands in memory as floats.
        for top in range(0, height, _STRIP):
            bottom = min(height, top + _STRIP)
            box = (0, top * step, ab.shape[2], bottom * step)
            large = [
                np.asarray(
                    plane.resize((width, bottom - top), resample, box=box),
                    np.float32,
                )
                for plane in planes
            ]
            result[top:bottom] = join_lightness(rgb[top:bottom], np.stack(large, axis=-1))
        return result

    def colorize(self, rgb: Bytes, hint_set: HintSet = HintSet.empty) -> Bytes:
        """Colour a photo from beginning to end: (H, W, 3) sRGB in and out."""
        return self.apply(rgb, self.predict(self.prepare(rgb), hint_set))


def shrink(rgb: Bytes, size: int) -> Bytes:
    """A photo with at most ``size`` pixels on its longer side: (H, W, 3) sRGB in and out."""
    height, width = rgb.shape[:2]
    scale = min(1.0, size / max(height, width))
    small = max(1, round(width * scale)), max(1, round(height * scale))
    resized = Image.fromarray(rgb).resize(small, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(resized)


def prepare_lightness(lightness: Array) -> Prepared:
    """Make a photo that already has the network's size ready.

    Args:
        lightness: (h, w), L / 100, in [0, 1].
    """
    half = _prepare(halve(lightness[None, None])[0, 0])
    return replace(_prepare(lightness), half=half)


def _prepare(lightness: Array) -> Prepared:
    height, width = lightness.shape
    around = [(0, -size % MULTIPLE) for size in lightness.shape]
    padded = np.pad(lightness, around, mode="reflect")[None, None]
    return Prepared(padded, Affinities.of(padded), height, width)


def _halve_hints(hint_ab: Array, mask: Array) -> tuple[Array, Array]:
    colours, weight = gather(hint_ab[None], mask[None])
    return colours[0], (weight[0] > 0).astype(np.float32)


def _enlarge(ab: Array, shape: tuple[int, ...]) -> Array:
    """Twice the size (bicubic), without the row or column that made an odd side even."""
    large = [
        Image.fromarray(np.ascontiguousarray(plane)).resize(
            (2 * ab.shape[2], 2 * ab.shape[1]), Image.Resampling.BICUBIC
        )
        for plane in ab
    ]
    return np.stack([np.asarray(plane, np.float32) for plane in large])[:, : shape[1], : shape[2]]


def _pad(plane: Array, photo: Prepared) -> Array:
    rows, columns = photo.lightness.shape[-2:]
    return np.pad(plane, ((0, 0), (0, rows - photo.height), (0, columns - photo.width)))
