"""The random field that the colours of a photo are taken for: its mean and its covariance.

The covariance of two pixels is::

    scale * scale' * (constant + partial_sill * exp(-distance / length_scale))

where the distance is that in place and that in embedding together.
The mean, the scale and most of the embedding come from a network that sees the photo alone
(:mod:`colorizer.nets.field`); without one the mean is grey and the embedding holds the features
of lightness.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from colorizer.color import Array
from colorizer.features import features

Doubles = npt.NDArray[np.float64]
WIDEST_LENGTH_SCALE = 2.5
"""At a reach of 1, as a multiple of the learned one; at 0 it is that part of it."""
WIDEST_CONSTANT = 10
"""At a reach of 1, as a multiple of the learned one; at 0 there is none."""

Numbers = npt.NDArray[np.integer[Any]] | npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Kernel:
    """The numbers of the covariance, in the words of geostatistics.

    Attributes:
        range_x: how far apart two pixels are at a distance of 1, in parts of the longer side.
        range_y: likewise, upwards; colours change quicker that way.
        constant: covariance of any two pixels.
        partial_sill: variance of what falls off with distance.
        nugget: variance of the errors of hints that are exact pixels or small cells.
        brush_nugget: of those made with a brush.
        outlier_discount: how soon the constant gives way to hints far from the mean; 0 never.
        sharpening: by how much more distances count where the hints lie far from the mean.
        length_scale: of all distances; 1 as learned.
        scepticism: how much less is made of hints whose colour the photo is unlikely to have.
    """

    range_x: float
    range_y: float
    constant: float
    partial_sill: float
    nugget: float
    brush_nugget: float
    outlier_discount: float
    sharpening: float = 0.0
    length_scale: float = 1.0
    scepticism: float = 1.0

    def discounted(self, mean_squared_residual: float) -> "Kernel":
        """The covariance where hints lie far from the mean.

        People put hints where the colours are wrong, and in colours of their own choice: these say
        less of other places than hints at random ones, which are a sample of the photo. The
        constant, by which a hint counts everywhere, therefore gives way, and distances grow.

        Args:
            mean_squared_residual: of the hints, over the scale.

        >>> kernel = Kernel(1, 1, 0.5, 1, 0, 0, outlier_discount=0.25, sharpening=1)
        >>> kernel = kernel.discounted(4)
        >>> kernel.constant, kernel.length_scale
        (0.25, 0.6666666666666666)
        """
        credit = 1 / (1 + self.outlier_discount * mean_squared_residual)
        return replace(
            self,
            constant=self.constant * credit,
            length_scale=self.length_scale / (1 + self.sharpening * (1 - credit)),
        )

    def reaching(self, reach: float) -> "Kernel":
        """The covariance where hints are meant for more or less than the model would give them.

        The length scale grows by the same factor for each step of ``reach``. So does the constant,
        from a start that makes it 0 at a reach of 0: :data:`WIDEST_CONSTANT` times its own at 1.
        Above 0.5 hints are less and less taken for exceptions: not at all at 1.

        Args:
            reach: 0, this thing, to 1, everywhere; 0.5 is the covariance as learned.

        >>> kernel = Kernel(1, 1, constant=0.5, partial_sill=1, nugget=0, brush_nugget=0,
        ...                 outlier_discount=0)
        >>> kernel.reaching(0.5) == kernel
        True
        >>> [(k.constant, k.length_scale) for k in map(kernel.reaching, (0, 1))]
        [(0.0, 0.4), (5.0, 2.5)]
        """
        base = (WIDEST_CONSTANT - 1) ** 2
        return replace(
            self,
            constant=self.constant * (base**reach - 1) / (base**0.5 - 1),
            length_scale=self.length_scale * WIDEST_LENGTH_SCALE ** (2 * reach - 1),
            outlier_discount=self.outlier_discount * min(1, 2 - 2 * reach),
            scepticism=self.scepticism * min(1, 2 - 2 * reach),
        )


# Fitted by gradient descent on the PSNR of what they predict, on 300 training pictures.
PLAIN = Kernel(0.91, 0.556, 0.46, 0.96, 0.004, 0.004, 0.0)
PLAIN_RANGES = (0.93, 0.61, 1.36, 1.09, 0.45, 1.22, 1.24)


@dataclass(frozen=True, slots=True)
class PhotoField:
    """What kriging needs of a photo alone.

    Attributes:
        embedding: (H, W, K), each number over its own range; near each other for pixels that
            have like colours.
        scale: (H, W), above 0; how strong colours are.
        mean: (2, H, W), the colours without any hint, in CIELAB units.
        kernel: of the covariance.
        mode: (2, H, W), the likeliest colours without any hint, stronger than their mean, in
            CIELAB units; None where the model gives none.
        ab_logits: (Q, >= H / 4, >= W / 4), over :data:`colorizer.distribution.BINS`; likewise.
        shift: (2, H, W), what controls add to the mean where no hint decides; None for nothing.
        things: (H, W, K), an embedding too; near each other for pixels that are parts of one thing.
            None for the embedding itself.
    """

    embedding: Array
    scale: Array
    mean: Array
    kernel: Kernel
    mode: Array | None = None
    ab_logits: Array | None = None
    shift: Array | None = None
    things: Array | None = None

    @property
    def thing_embedding(self) -> Array:
        """What tells things apart: (H, W, K)."""
        return self.embedding if self.things is None else self.things

    @property
    def unhinted(self) -> Array:
        """The colours without any hint: (2, H, W), CIELAB units."""
        return self.mean if self.shift is None else self.mean + self.shift

    @classmethod
    def of(cls, maps: Iterable[Array], kernel: Array) -> "PhotoField":
        """The field that a network gave.

        Args:
            maps: mean (2, H, W) in CIELAB units, scale (1, H, W), and the embeddings of colours
                and of things (K, H, W).
            kernel: (8,), the numbers of :class:`Kernel` in its order.
        """
        mean, scale, *embeddings = maps
        colors, things = (np.ascontiguousarray(plane.transpose(1, 2, 0)) for plane in embeddings)
        return cls(colors, scale[0], mean, Kernel(*map(float, kernel)), things=things)

    @classmethod
    def plain(cls, lightness: Array) -> "PhotoField":
        """The field without a network, of (H, W), L / 100, in [0, 1].

        >>> field = PhotoField.plain(np.zeros((4, 6), np.float32))
        >>> field.embedding.shape, field.scale.shape, field.mean.shape
        ((4, 6, 7), (4, 6), (2, 4, 6))
        """
        height, width = lightness.shape
        ranges = np.array(PLAIN_RANGES, np.float32)
        return cls(
            np.ascontiguousarray(features(lightness).transpose(1, 2, 0) / ranges),
            np.ones((height, width), np.float32),
            np.zeros((2, height, width), np.float32),
            PLAIN,
        )

    def places(self, rows: Numbers, columns: Numbers) -> tuple[Doubles, Doubles]:
        """Places in pixels over their ranges."""
        longer = max(self.embedding.shape[:2])
        return rows / (longer * self.kernel.range_y), columns / (longer * self.kernel.range_x)
