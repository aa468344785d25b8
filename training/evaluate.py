"""Scoring a model beside the training-free rows, picture by picture, under one protocol."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from colorizer.baselines import levin, nearest
from colorizer.color import Array, lab_to_rgb, rgb_to_lab, to_uint8
from colorizer.engine import Colorizer, Prepared, prepare_lightness
from colorizer.prior import propagate
from colorizer.samplers import seeded
from training.data import Picture
from training.metrics import ciede2000, psnr, ssim
from training.protocols import PROTOCOLS, Protocol

TRAINING_FREE = ("grey", "nearest", "levin", "prior")
FIGURES = ("psnr", "ssim", "ciede2000", "hint_error", "seconds")

Method = Callable[[Prepared, Array, Array], Array]
Figures = dict[str, list[dict[str, float]]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One method at one amount of hints, over all pictures.

    Attributes:
        figures: for each of :data:`FIGURES` its mean over pictures (the figures are dB, a
            share, CIEDE2000 units, ab units and seconds).
        psnr_error: standard error of the mean PSNR in dB.
        psnr_median: in dB.
    """

    figures: dict[str, float]
    psnr_error: float
    psnr_median: float

    def to_json(self) -> dict[str, float]:
        """The cell as plain values."""
        rounded = {key: round(value, 5) for key, value in self.figures.items()}
        return {
            **rounded,
            "psnr_error": round(self.psnr_error, 5),
            "psnr_median": round(self.psnr_median, 5),
        }


def evaluate(
    protocol: Protocol,
    pictures: Sequence[Picture],
    models: dict[str, Path],
    *,
    processes: int = 1,
) -> dict[str, list[Cell]]:
    """Score the training-free rows and models: for each method a cell an amount of hints.

    Where the protocol has a mean over its amounts, it follows as one more cell.

    Args:
        protocol: what to measure.
        pictures: on which; all methods see the same hints.
        models: folders by the name of their row.
        processes: to share the pictures between.

    Raises:
        ModelError: a model cannot be loaded.
        DataError: a picture is damaged.
    """
    score = partial(_score_picture, protocol.name, models)
    if processes > 1:
        with ProcessPoolExecutor(processes) as pool:
            rows = list(tqdm(pool.map(score, pictures, chunksize=4), total=len(pictures)))
    else:
        rows = [score(picture) for picture in tqdm(pictures)]
    return {
        method: _cells([row[method] for row in rows], averaged=protocol.averaged)
        for method in rows[0]
    }


def choose(pictures: Sequence[Picture], limit: int | None) -> Sequence[Picture]:
    """A limited number of pictures, spread over all sources, always the same ones."""
    if limit is None or limit >= len(pictures):
        return pictures
    return sorted(pictures, key=lambda picture: seeded("limit", picture.name).random())[:limit]


def gains(results: dict[str, list[Cell]], model: str) -> list[float]:
    """PSNR of a model above the better of ``levin`` and ``prior``, in dB, cell by cell."""
    means = {method: [cell.figures["psnr"] for cell in cells] for method, cells in results.items()}
    best = np.maximum(means["levin"], means["prior"])
    gained: list[float] = (np.array(means[model]) - best).tolist()
    return gained


_loaded: dict[Path, Colorizer] = {}


def _method(path: Path) -> Method:
    """A model as a method; loaded once a process."""
    if path not in _loaded:
        _loaded[path] = Colorizer.load(path)
    colorizer = _loaded[path]
    return lambda photo, ab, mask: colorizer.predict_planes([photo], [(ab, mask)])[0]


def _grey(photo: Prepared, ab: Array, mask: Array) -> Array:
    return np.zeros_like(ab)


def _nearest(photo: Prepared, ab: Array, mask: Array) -> Array:
    return nearest(ab, mask)


def _levin(photo: Prepared, ab: Array, mask: Array) -> Array:
    return levin(photo.lightness[0], ab, mask)


def _prior(photo: Prepared, ab: Array, mask: Array) -> Array:
    spread: Array = propagate(photo.affinities, ab[None], mask[None])[0]
    return spread


def _score_picture(protocol_name: str, models: dict[str, Path], picture: Picture) -> Figures:
    protocol = PROTOCOLS[protocol_name]
    truth = protocol.truth(picture.rgb())
    lab = rgb_to_lab(truth)
    ab = np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))
    photo = prepare_lightness(lab[..., 0] / 100)
    methods: dict[str, Method] = dict(
        zip(TRAINING_FREE, (_grey, _nearest, _levin, _prior), strict=True)
    )
    methods |= {name: _method(path) for name, path in models.items()}
    figures: Figures = {name: [] for name in methods}
    for amount in protocol.amounts:
        hint_ab, mask = protocol.hints(picture.name, ab, amount)
        for name, method in methods.items():
            started = time.perf_counter()
            result = method(photo, hint_ab, mask)
            seconds = time.perf_counter() - started
            figures[name].append(_figures(lab, truth, result, hint_ab, mask, seconds))
    return figures


def _figures(
    lab: Array, truth: Any, ab: Array, hint_ab: Array, mask: Array, seconds: float
) -> dict[str, float]:
    result = to_uint8(lab_to_rgb(np.concatenate([lab[..., :1], ab.transpose(1, 2, 0)], axis=-1)))
    off = np.hypot(*(ab - hint_ab))[mask[0] > 0]
    return {
        "psnr": psnr(result, truth),
        "ssim": ssim(result, truth),
        "ciede2000": float(ciede2000(rgb_to_lab(result), lab).mean()),
        "hint_error": float(off.mean()) if off.size else 0.0,
        "seconds": seconds,
    }


def _cells(rows: Sequence[Sequence[dict[str, float]]], *, averaged: bool) -> list[Cell]:
    # (pictures, amounts, figures)
    table = np.array([[[cell[key] for key in FIGURES] for cell in row] for row in rows])
    if averaged:
        table = np.concatenate([table, table.mean(1, keepdims=True)], axis=1)
    quality = table[..., 0]
    error = quality.std(0, ddof=1) / np.sqrt(len(rows)) if len(rows) > 1 else quality[0] * 0
    return [
        Cell(
            dict(zip(FIGURES, table[:, column].mean(0).tolist(), strict=True)),
            float(error[column]),
            float(np.median(quality[:, column])),
        )
        for column in range(table.shape[1])
    ]
