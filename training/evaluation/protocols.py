"""The protocols of evaluation: at what size, with which hints, and what is measured.

Imports neither SciPy nor torch: a site that only shows scores reads its columns from here. How a
picture is played is in :mod:`fixed_hints <training.evaluation.fixed_hints>`, :mod:`strokes
<training.evaluation.strokes>`, :mod:`objects <training.evaluation.objects>`, :mod:`colorfulness
<training.evaluation.colorfulness>` and :mod:`fullsize <training.evaluation.fullsize>`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image

from colorizer.color import Array, Bytes
from colorizer.samplers import sample_cells, sample_pixels, seeded

Doubles = npt.NDArray[np.float64]
Sampler = Callable[[Array, float, np.random.Generator], tuple[Array, Array]]

TRAINING_FREE = ("grey", "nearest", "levin", "prior", "kriging")
STROKES = 12
GOALS = (28, 30, 32)
DABS = (1, 3)
POINTS = (0, 10, 100)
TRUTH = "truth"
WEIGHT = "weight"  # of a picture's figures in their mean; 1 where nothing is said
_VARIANT = " · "


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a protocol's table holds; the first of its figures is the main one.

    Attributes:
        label: heading of the column.
        figures: that it holds.
        against: a figure of each picture that the main one is compared with over the pictures:
            the figure ``correlation`` tells it.
    """

    label: str
    figures: tuple[str, ...]
    against: str | None = None

    @property
    def main(self) -> str:
        """The figure that has a median and a standard error."""
        return self.figures[0]


@dataclass(frozen=True, slots=True)
class Cell:
    """One row in one column, over all pictures.

    Attributes:
        column: which.
        figures: means over pictures, for the column's figures that the row has.
        error: standard error of the mean of the main figure; 0 for a single picture.
        median: of the main figure.
    """

    column: Column
    figures: dict[str, float]
    error: float = 0.0
    median: float = 0.0

    @classmethod
    def of(cls, column: Column, played: Sequence[Mapping[str, float]]) -> "Cell":
        """Put the figures of all pictures together, each by its weight."""
        keys = [key for key in column.figures if key in played[0]]
        if not keys:
            return cls(column, {})
        played = [figures for figures in played if figures.get(WEIGHT, 1.0) > 0]
        if not played:
            return cls(column, {})
        table = np.array([[figures[key] for key in keys] for figures in played])
        weight = np.array([figures.get(WEIGHT, 1.0) for figures in played])
        weight /= weight.sum()
        means, main = weight @ table, table[:, 0]
        # Of a mean of clusters of unequal sizes; of equal ones it is the usual.
        error = np.sqrt(((weight * (main - means[0])) ** 2).sum() * _unbiased(len(main)))
        figures = dict(zip(keys, means.tolist(), strict=True))
        if column.against is not None and column.against in played[0]:
            other = np.array([each[column.against] for each in played])
            figures["correlation"] = _correlation(main, other)
        return cls(column, figures, float(error), float(np.median(main)))

    def to_json(self) -> dict[str, float]:
        """The cell as plain values; empty where the row has no figures in this column."""
        if not self.figures:
            return {}
        rounded = {key: round(value, 5) for key, value in self.figures.items()}
        return {
            **rounded,
            f"{self.column.main}_error": round(self.error, 5),
            f"{self.column.main}_median": round(self.median, 5),
        }


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way to measure; figures compare only within one.

    Attributes:
        name: what the command calls it.
        side: longer side of a picture as the methods see it.
        about: one line on its pictures and hints.
        columns: of its table, in order.
        hints_seed: the scheme that its hints are drawn by; another scheme, other hints.
        timed: whether pictures are played one at a time, because seconds are a result.
        training_free: the rows that stand beside the networks.
        errors_of: the row whose standard errors a printed table tells.
    """

    name: str
    side: int
    about: str
    columns: tuple[Column, ...]
    hints_seed: str
    timed: bool = False
    training_free: tuple[str, ...] = TRAINING_FREE
    errors_of: str = "prior"


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedHints(Protocol):
    """A protocol on square pictures whose hints are drawn beforehand, the same for every method.

    Attributes:
        resample: how pictures come to ``side``.
        amounts: of hints; the first columns are theirs.
        sampler: draws an amount of hints from the true ab.
    """

    resample: Image.Resampling
    amounts: tuple[float, ...]
    sampler: Sampler

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


def variant(row: str, name: str) -> str:
    """Name the row of a method that is also played in another way."""
    return f"{row}{_VARIANT}{name}"


def method_of(row: str) -> str:
    """The method that a row is of, be it played in another way or not."""
    return row.split(_VARIANT)[0]


def gains(psnr: Mapping[str, Sequence[float | None]], row: str) -> list[float | None]:
    """PSNR of a row above the better of ``levin`` and ``prior``, in dB, column by column.

    Args:
        psnr: for each row its mean PSNR in each column; None where there is none.
        row: which row's.

    Returns:
        None where the row or both of those have no PSNR.
    """
    rivals = [psnr[rival] for rival in ("levin", "prior") if rival in psnr]
    gained: list[float | None] = []
    for n, value in enumerate(psnr[row]):
        known = [other for rival in rivals if (other := rival[n]) is not None]
        gained.append(None if value is None or not known else value - max(known))
    return gained


def _unbiased(count: int) -> float:
    return count / (count - 1) if count > 1 else 0.0


def _correlation(one: Doubles, other: Doubles) -> float:
    """Pearson's; 0 where one of them is constant."""
    if one.std() == 0 or other.std() == 0:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def _cells(ab: Array, amount: float, rng: np.random.Generator) -> tuple[Array, Array]:
    return sample_cells(ab, int(amount), rng)


def _columns(labels: Sequence[str], *figures: str) -> tuple[Column, ...]:
    return tuple(Column(label, figures) for label in labels)


_QUALITY = ("psnr", "ssim", "ciede2000", "hint_error", "seconds")
_FEW_TO_MANY = (0, 1, 2, 5, 10, 20, 50, 100, 200)

PROTOCOLS: dict[str, Protocol] = {
    protocol.name: protocol
    for protocol in (
        FixedHints(
            "report",
            side=128,
            about="128x128, exact colours at 1, 3 and 5 % of the pixels",
            columns=_columns(["1%", "3%", "5%", "mean"], *_QUALITY),
            hints_seed="sha256(protocol/picture/amount)/1",
            resample=Image.Resampling.LANCZOS,
            amounts=(0.01, 0.03, 0.05),
            sampler=sample_pixels,
        ),
        FixedHints(
            "points",
            side=224,
            about="224x224, mean colours of 0 to 200 cells of 2x2 pixels",
            columns=_columns([f"@{amount}" for amount in _FEW_TO_MANY], *_QUALITY),
            hints_seed="sha256(protocol/picture/amount)/1",
            resample=Image.Resampling.BILINEAR,
            amounts=_FEW_TO_MANY,
            sampler=_cells,
        ),
        Protocol(
            "strokes",
            side=256,
            about="256 on the longer side, 1 to 12 strokes where the result is furthest off",
            columns=(
                *_columns([f"@{n}" for n in range(1, STROKES + 1)], "psnr", "seconds"),
                *_columns([f"{goal} dB" for goal in GOALS], "strokes", "reached"),
            ),
            hints_seed="sha256(protocol/picture/stroke)/1",
        ),
        Protocol(
            "objects",
            side=256,
            about="256 on the longer side, 1 and 3 dabs of a chosen colour on one thing",
            columns=(
                *_columns([f"{n} dab{'s' * (n > 1)}" for n in DABS], "soft_iou", "reach", "leak"),
                Column("mosaic", ("mosaic",)),
            ),
            hints_seed="sha256(protocol/picture/region)/1",
            training_free=("nearest", "prior", "kriging"),
        ),
        Protocol(
            "colorfulness",
            side=224,
            about="224x224, without hints",
            columns=(Column("@0", ("colorfulness", "correlation", "psnr"), against=TRUTH),),
            hints_seed="none",
            training_free=("grey",),
            errors_of=TRUTH,
        ),
        Protocol(
            "fullsize",
            side=256,
            about="photos at their own size, 0, 10 and 100 points of true colour",
            columns=(
                *_columns([f"@{amount}" for amount in POINTS], "psnr", "seconds"),
                Column("file", ("seconds", "memory", "seconds_ratio", "memory_ratio")),
            ),
            hints_seed="sha256(protocol/picture/amount)/1",
            timed=True,
        ),
    )
}
