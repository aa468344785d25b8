"""The engine: a photo and its hints in, colours out, at any size."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from colorizer.apply import apply_colors
from colorizer.backends import load_backend
from colorizer.color import Array, Pixels, rgb_to_lab
from colorizer.controls import control, controlled
from colorizer.distribution import CELL, Suggestion, hint_log_likelihood, suggestions
from colorizer.features import features
from colorizer.field import PhotoField
from colorizer.graphs import Backend
from colorizer.hints import Controls, HintSet, Point
from colorizer.kriging import deviation, krige
from colorizer.model import Card, ModelError, ModelFolder
from colorizer.outline import outline
from colorizer.prepared import GUIDED, Prepared, prepare_lightness, shrink
from colorizer.prior import propagate
from colorizer.raster import HintPlanes, rasterise
from colorizer.reference import Reference, guided
from colorizer.uncertainty import expected_error

# Below this share of hinted pixels, a photo is also coloured at half the size.
FEW_HINTS = 0.005


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
    def has_field(self) -> bool:
        """Whether the model sees a photo before any hint, and krigs in the field it gives."""
        return bool(self.card.net.get("field"))

    @property
    def corrects(self) -> bool:
        """Whether the model has a network that sees the hints."""
        return bool(self.card.net.get("corrects", True))

    def prepare(
        self, pixels: Pixels, *, references: Sequence[Reference] = (), strength: float = 1.0
    ) -> Prepared:
        """Bring a photo to the network's size, and do what needs no hint.

        Args:
            pixels: (H, W) or (H, W, 3) sRGB, any size; a photo smaller than the network keeps its
                size.
            references: photos whose colours it takes where no hint decides, by this model's
                :meth:`reference`.
            strength: of the references, from 0 to 1.
        """
        small = shrink(pixels, self.card.size)
        photo = prepare_lightness(rgb_to_lab(small)[..., 0] / 100)
        photo = replace(photo, references=tuple(references), strength=strength)
        if self.has_field:
            self._guided(photo)
        return photo

    def reference(self, pixels: Pixels) -> Reference:
        """Take from a photo what gives its colours to others.

        Args:
            pixels: (H, W, 3) sRGB, any size.

        Raises:
            NoColorsError: it has no colours.
        """
        lab = rgb_to_lab(shrink(pixels, self.card.size))
        photo = prepare_lightness(lab[..., 0] / 100)
        return Reference.of(self._field(photo), lab[..., 1:].transpose(2, 0, 1))

    def predict(self, prepared: Prepared, hint_set: HintSet) -> Array:
        """Colour a prepared photo with hints.

        Returns:
            (2, h, w), ab in CIELAB units, at the network's size.
        """
        planes = rasterise(hint_set, prepared.height, prepared.width)
        return self.predict_planes([prepared], [planes])[0]

    def predict_planes(
        self, prepared: Sequence[Prepared], hints: Sequence[HintPlanes]
    ) -> list[Array]:
        """Colour a batch of prepared photos of any sizes; those of one size run together.

        Args:
            prepared: the photos.
            hints: those of each photo.

        Returns:
            For each photo (2, h, w), ab in CIELAB units.
        """
        if self.has_field:
            colors = [self._krige(*pair) for pair in zip(prepared, hints, strict=True)]
            if not self.corrects:
                return colors
            corrections = self._corrections(prepared, hints)
            return [ab + more for ab, more in zip(colors, corrections, strict=True)]
        results = self._predict_outside(prepared, [planes.within(0) for planes in hints])
        return [
            self._control(photo, planes, ab)
            for photo, planes, ab in zip(prepared, hints, results, strict=True)
        ]

    def _krige(self, photo: Prepared, planes: HintPlanes) -> Array:
        """Hints as the controls would have them spread."""
        field = controlled(self._guided(photo), planes.controls, self._field(photo))
        return krige(field, planes.ab, planes.mask, planes.labels)

    def _corrections(
        self, prepared: Sequence[Prepared], hints: Sequence[HintPlanes]
    ) -> list[Array]:
        """What a network that sees the hints adds to kriging, outside regions and hints.

        It has learned to correct kriging in its own field, so that is what it sees, and what it
        adds is the same at all controls. Inside regions it adds nothing: it sees hints on both
        sides of a fence, and whatever it makes of them crosses it.
        """
        outside = [planes.within(0) for planes in hints]
        kriged = [
            krige(self._field(photo), planes.ab, planes.mask)
            for photo, planes in zip(prepared, outside, strict=True)
        ]
        corrections = []
        results = self._run(prepared, outside, kriged)
        for planes, ab, prior in zip(outside, results, kriged, strict=True):
            free = planes.mask == 0 if planes.labels is None else planes.labels == 0
            free = free & (planes.mask == 0)
            corrections.append(np.where(free, ab - prior, 0))
        return corrections

    def _control(self, photo: Prepared, planes: HintPlanes, ab: Array) -> Array:
        """Let controls, references and regions change what the network made of other hints."""
        if planes.controls == Controls() and planes.labels is None and not photo.references:
            return ab
        return control(ab, planes, self._field(photo), self._guided(photo))

    def _predict_outside(
        self, prepared: Sequence[Prepared], hints: Sequence[HintPlanes]
    ) -> list[Array]:
        """Colours of a batch without regions, at the default controls.

        Where hints are few, most of a photo is decided from far away. A model without a
        field network is better there as the mean of two predictions, at the full and at half
        the size (by 0.1 dB at ten hints, docs/explanation/network.md), for a quarter more work.
        """
        results = self._run(prepared, hints)
        halves = {
            n: photo.half
            for n, photo in enumerate(prepared)
            if photo.half is not None and hints[n].mask.mean() < FEW_HINTS
        }
        coarse = self._run([*halves.values()], [hints[n].halved() for n in halves])
        for n, ab in zip(halves, coarse, strict=True):
            mean = (results[n] + _enlarge(ab, results[n].shape)) / 2
            results[n] = np.where(hints[n].mask > 0, hints[n].ab, mean)
        return results

    def uncertainty(self, prepared: Prepared, hint_set: HintSet) -> Array:
        """How unsure the model is of each colour.

        Returns:
            (1, h, w), the expected distance of the predicted ab from the truth, in CIELAB units;
            0 at hints.

        Raises:
            ModelError: the model cannot tell.
        """
        planes = rasterise(hint_set, prepared.height, prepared.width)
        return self.uncertainty_planes(prepared, planes)

    def uncertainty_planes(self, prepared: Prepared, planes: HintPlanes) -> Array:
        """The same for hints as planes.

        It is that of the field as learned, whatever the controls: these are a matter of taste.
        """
        uncertainty = expected_error(self._photo_field(prepared), planes)
        return np.where(planes.mask > 0, 0, uncertainty)

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
        field = self._photo_field(prepared)
        row, column = prepared.pixel(x, y)
        ab_logits = np.asarray(field.ab_logits)[:, row // CELL, column // CELL]
        planes = rasterise(hint_set, prepared.height, prepared.width)
        if planes.mask.any():
            ab = krige(field, planes.ab, planes.mask, planes.labels)[:, row, column]
            before, after = (
                float(deviation(field, planes.ab, mask, planes.labels)[0, row, column])
                for mask in (0 * planes.mask, planes.mask)
            )
            ab_logits = ab_logits + hint_log_likelihood(ab, before, after)
        lightness = float(prepared.lightness[0, 0, row, column])
        return suggestions(ab_logits, lightness, count)

    def outline(self, prepared: Prepared, x: float, y: float, *, size: float = 0.5) -> list[Point]:
        """The thing at a place as a polygon, fit for a region of a hint set.

        Args:
            prepared: the photo.
            x: of the place, relative to the photo's width, in [0, 1].
            y: likewise, to its height.
            size: how much belongs to it, from 0, what is most like the place, to 1.

        Returns:
            Corners, relative to width and height, in [0, 1]; the last is joined to the first.
        """
        row, column = prepared.pixel(x, y)
        return outline(self._field(prepared), row, column, size=size)

    def _photo_field(self, photo: Prepared) -> PhotoField:
        """The photo's field, of a network that has learned one."""
        if not self.has_field:
            raise ModelError(f"The model {self.card.name} gives no suggestions and no uncertainty.")
        return self._field(photo)

    def _run(
        self,
        prepared: Sequence[Prepared],
        hints: Sequence[HintPlanes],
        kriged: Sequence[Array] = (),
    ) -> list[Array]:
        """What the network makes of photos, with ``kriged`` colours as prior if it has a field."""
        alike: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for n, photo in enumerate(prepared):
            alike[photo.lightness.shape].append(n)
        results: dict[int, Array] = {}
        for numbers in alike.values():
            photos = [prepared[n] for n in numbers]
            priors = [kriged[n] for n in numbers] if kriged else []
            planes = self._planes(photos, [hints[n] for n in numbers], priors)
            for n, p, ab in zip(numbers, photos, self.backend.run(*planes), strict=True):
                results[n] = ab[:, : p.height, : p.width]
        return [results[n] for n in range(len(prepared))]

    def _planes(
        self, photos: Sequence[Prepared], hints: Sequence[HintPlanes], kriged: Sequence[Array]
    ) -> tuple[Array, Array, Array, Array]:
        """What the network sees of photos of one size: lightness, hints' ab, mask and prior."""
        pairs = list(zip(photos, hints, strict=True))
        hint_ab = np.stack([_pad(planes.ab, photo) for photo, planes in pairs])
        mask = np.stack([_pad(planes.mask, photo) for photo, planes in pairs])
        if kriged:
            prior = np.stack(
                [_pad(ab, photo, mode="edge") for ab, photo in zip(kriged, photos, strict=True)]
            )
        else:
            prior = np.concatenate(
                [
                    propagate(p.affinities, hint_ab[k : k + 1], mask[k : k + 1])
                    for k, p in enumerate(photos)
                ]
            )
        return np.concatenate([p.lightness for p in photos]), hint_ab, mask, prior

    def _field(self, photo: Prepared) -> PhotoField:
        """What hints are kriged in, as this model gives it."""
        return photo.once(self, lambda: self._encode(photo))

    def _guided(self, photo: Prepared) -> PhotoField:
        """The same with the colours of the photo's references."""
        return photo.once(
            (self, GUIDED), lambda: guided(self._field(photo), photo.references, photo.strength)
        )

    def _encode(self, photo: Prepared) -> PhotoField:
        if not self.has_field:
            # By lightness, around what the network says without hints: for controls and regions.
            none = rasterise(HintSet.empty, photo.height, photo.width)
            (mean,) = self._predict_outside([photo], [none])
            return replace(PhotoField.plain(photo.cropped), mean=mean)
        padded = _pad(features(photo.cropped), photo, mode="reflect")
        *maps, ab_logits, mode, kernel = self.backend.encode(padded[None])
        inside = np.s_[0, :, : photo.height, : photo.width]
        field = PhotoField.of((plane[inside] for plane in maps), kernel)
        return replace(field, mode=mode[inside], ab_logits=ab_logits[0])

    apply = staticmethod(apply_colors)

    def colorize(
        self,
        pixels: Pixels,
        hint_set: HintSet = HintSet.empty,
        *,
        references: Sequence[Reference] = (),
        strength: float = 1.0,
    ) -> Pixels:
        """Colour a photo from beginning to end: (H, W) or (H, W, 3) in, (H, W, 3) out.

        What else goes in is said with :meth:`prepare`.
        """
        prepared = self.prepare(pixels, references=references, strength=strength)
        return self.apply(pixels, self.predict(prepared, hint_set))


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
