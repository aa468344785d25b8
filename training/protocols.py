"""The protocols of evaluation: which pictures, at what size, with which hints."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from colorizer.color import Array, Bytes
from colorizer.samplers import sample_cells, sample_pixels, seeded

Sampler = Callable[[Array, float, np.random.Generator], tuple[Array, Array]]


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way to measure; figures compare only within one.

    Attributes:
        name: ``report`` or ``points``.
        side: pictures are squares of this side.
        resample: how they come to that size.
        amounts: of hints, in the order of the columns.
        label: of a column, made from its amount.
        sampler: draws an amount of hints from the true ab.
        averaged: whether the mean over the amounts is a figure of the protocol.
    """

    name: str
    side: int
    resample: Image.Resampling
    amounts: tuple[float, ...]
    label: str
    sampler: Sampler
    averaged: bool = False

    def columns(self) -> list[str]:
        """Headings of the amounts."""
        return [self.label.format(amount) for amount in self.amounts]

    def truth(self, picture: Image.Image) -> Bytes:
        """The picture at the protocol's size: (side, side, 3) sRGB."""
        return np.asarray(picture.resize((self.side, self.side), self.resample))

    def hints(self, name: str, ab: Array, amount: float) -> tuple[Array, Array]:
        """The hints of a picture: the same in every run, on every machine, for every method.

        Args:
            name: of the picture.
            ab: (2, side, side), the true colours.
            amount: one of ``amounts``.

        Returns:
            ab (2, side, side), 0 where there is no hint, and mask (1, side, side).
        """
        return self.sampler(ab, amount, seeded(self.name, name, amount))


def _cells(ab: Array, amount: float, rng: np.random.Generator) -> tuple[Array, Array]:
    return sample_cells(ab, int(amount), rng)


PROTOCOLS = {
    protocol.name: protocol
    for protocol in (
        Protocol(
            "report",
            side=128,
            resample=Image.Resampling.LANCZOS,
            amounts=(0.01, 0.03, 0.05),
            label="{:.0%}",
            sampler=sample_pixels,
            averaged=True,
        ),
        Protocol(
            "points",
            side=224,
            resample=Image.Resampling.BILINEAR,
            amounts=(0, 1, 2, 5, 10, 20, 50, 100, 200),
            label="@{}",
            sampler=_cells,
        ),
    )
}
