"""The engine: a photo and its hints in, colours out, at any size."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from colorizer.backends import Backend, load_backend
from colorizer.color import Array, Bytes, join_lightness, rgb_to_lab
from colorizer.hints import HintSet, rasterise
from colorizer.kriging import Terrain, deviation, krige
from colorizer.looks import looks
from colorizer.model import Card, ModelError, ModelFolder
from colorizer.opinions import CELL, Suggestion, suggestions
from colorizer.prior import Affinities, gather, halve, propagate

MULTIPLE = 32
# Below this share of hinted pixels, a photo is also coloured at half the size.
FEW_HINTS = 0.005
# Doubt from kriging's standard deviation, fitted to the logarithms of true distances on 40
# validation pictures with 0 to 20 hints.
DOUBT_AT_ONE, DOUBT_POWER = 12.8, 1.28
_STRIP = 256

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a photo's colouring needs of the photo alone, computed once.

    Attributes:
        lightness: (1, 1, H', W'), L / 100, padded to multiples of 32.
        height: of the photo as the network sees it, without padding.
        width: likewise.
        half: the same photo at half the size; None for that one itself.
    """

    lightness: Array
    height: int
    width: int
    half: "Prepared | None" = None
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, made when it is first asked for and kept with the photo."""
        if key not in self._kept:
            self._kept[key] = make()
        kept: Made = self._kept[key]
        return kept

    @property
    def affinities(self) -> Affinities:
        """The prior's weights, of the padded planes."""
        return self.once("affinities", lambda: Affinities.of(self.lightness))

    @property
    def cropped(self) -> Array:
        """(h, w), L / 100, without the padding."""
        return self.lightness[0, 0, : self.height, : self.width]


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

    @property
    def surveys(self) -> bool:
        """Whether the model surveys a photo before any hint, and krigs from that."""
        return bool(self.card.net.get("ground"))

    @property
    def gives_opinions(self) -> bool:
        """Whether the model can :meth:`suggest` and :meth:`doubt`."""
        return bool(self.card.net.get("opinions"))

    def prepare(self, rgb: Bytes) -> Prepared:
        """Bring a photo to the network's size, and do what needs no hint.

        Args:
            rgb: (H, W, 3) sRGB, any size; a photo smaller than the network keeps its size.
        """
        small = shrink(rgb, self.card.size)
        photo = prepare_lightness(rgb_to_lab(small)[..., 0] / 100)
        if self.surveys:
            self._terrain(photo)
        return photo

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

        Where hints are few, most of a photo is decided from far away. A model that does not
        survey the photo is better there as the mean of two predictions, at the full and at half
        the size (by 0.1 dB at ten hints, docs/explanation/network.md), for a quarter more work.

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
            if photo.half is not None and not self.surveys and hints[n][1].mean() < FEW_HINTS
        }
        coarse = self._run([*halves.values()], [_halve_hints(*hints[n]) for n in halves])
        for n, ab in zip(halves, coarse, strict=True):
            hint_ab, mask = hints[n]
            mean = (results[n] + _enlarge(ab, results[n].shape)) / 2
            results[n] = np.where(mask > 0, hint_ab, mean)
        return results

    def doubt(self, prepared: Prepared, hint_set: HintSet) -> Array:
        """How unsure the model is of each colour.

        Returns:
            (1, h, w), the expected distance of the predicted ab from the truth, in CIELAB units;
            0 at hints.

        Raises:
            ModelError: the model cannot tell.
        """
        return self.doubt_planes(prepared, *rasterise(hint_set, prepared.height, prepared.width))

    def doubt_planes(self, prepared: Prepared, hint_ab: Array, mask: Array) -> Array:
        """The same for hints as planes: ab (2, h, w) in CIELAB units and mask (1, h, w).

        A model that surveys knows it by its kriging, which is better to follow than what heads of
        networks learnt to tell (docs/explanation/network.md).
        """
        if self.surveys:
            spread = deviation(self._terrain(prepared), hint_ab, mask)
            doubt = np.maximum(DOUBT_AT_ONE * spread**DOUBT_POWER - 1, 0)
        else:
            doubt = self._opinions(prepared, hint_ab, mask)[0]
            doubt = doubt[:, : prepared.height, : prepared.width]
        return np.where(mask > 0, 0, doubt)

    def suggest(
        self, prepared: Prepared, hint_set: HintSet, x: float, y: float, *, count: int = 6
    ) -> list[Suggestion]:
        """Colours that a place may well have, likeliest first.

        Args:
            prepared: the photo.
            hint_set: the hints so far.
            x: of the place, relative to the photo's width, in [0, 1].
            y: likewise, to its height.
            count: of the suggestions, at most.

        Raises:
            ModelError: the model cannot tell.
        """
        _, odds = self._opinions(prepared, *rasterise(hint_set, prepared.height, prepared.width))
        row = min(int(y * prepared.height), prepared.height - 1)
        column = min(int(x * prepared.width), prepared.width - 1)
        lightness = float(prepared.lightness[0, 0, row, column])
        return suggestions(odds[:, row // CELL, column // CELL], lightness, count)

    def _opinions(self, photo: Prepared, hint_ab: Array, mask: Array) -> tuple[Array, Array]:
        """Doubt (1, H', W') and odds (Q, H' / 4, W' / 4)."""
        if not self.gives_opinions:
            raise ModelError(f"The model {self.card.name} gives no suggestions and no doubt.")
        doubt, odds = self.backend.opinions(*self._planes([photo], [(hint_ab, mask)]))
        return doubt[0], odds[0]

    def _run(
        self, prepared: Sequence[Prepared], hints: Sequence[tuple[Array, Array]]
    ) -> list[Array]:
        alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for n, photo in enumerate(prepared):
            alike[photo.lightness.shape].append(n)
        results: dict[int, Array] = {}
        for numbers in alike.values():
            photos = [prepared[n] for n in numbers]
            planes = self._planes(photos, [hints[n] for n in numbers])
            for n, p, ab in zip(numbers, photos, self.backend.run(*planes), strict=True):
                results[n] = ab[:, : p.height, : p.width]
        return [results[n] for n in range(len(prepared))]

    def _planes(
        self, photos: Sequence[Prepared], hints: Sequence[tuple[Array, Array]]
    ) -> tuple[Array, Array, Array, Array]:
        """What the network sees of photos of one size: lightness, hints' ab, mask and prior."""
        hint_ab = np.stack([_pad(ab, p) for p, (ab, _) in zip(photos, hints, strict=True)])
        mask = np.stack([_pad(mask, p) for p, (_, mask) in zip(photos, hints, strict=True)])
        if self.surveys:
            prior = np.stack(
                [
                    _pad(krige(self._terrain(p), ab, mask), p, mode="edge")
                    for p, (ab, mask) in zip(photos, hints, strict=True)
                ]
            )
        else:
            prior = np.concatenate(
                [
                    propagate(p.affinities, hint_ab[k : k + 1], mask[k : k + 1])
                    for k, p in enumerate(photos)
                ]
            )
        return np.concatenate([p.lightness for p in photos]), hint_ab, mask, prior

    def _terrain(self, photo: Prepared) -> Terrain:
        """The photo as this model surveys it."""
        return photo.once(self, lambda: self._survey(photo))

    def _survey(self, photo: Prepared) -> Terrain:
        seen = _pad(looks(photo.cropped), photo, mode="reflect")
        *planes, kernel = self.backend.survey(seen[None])
        inside = np.s_[0, :, : photo.height, : photo.width]
        return Terrain.of((plane[inside] for plane in planes), kernel)

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
    return Prepared(padded, height, width)


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


def _pad(plane: Array, photo: Prepared, *, mode: Any = "constant") -> Array:
    """Bring (C, h, w) to the padded photo's size."""
    rows, columns = photo.lightness.shape[-2:]
    around = (0, 0), (0, rows - photo.height), (0, columns - photo.width)
    return np.pad(plane, around, mode=mode)
