"""How often one of six suggested colours is right, beside colours that need no network.

``python -m benchmarks.suggestions --data TEST.tar --train TRAIN.tar [--model FOLDER ...]``: at
1,000 random pixels of test pictures (5 of each of 200), without hints, how often a suggestion lies
within 12 units of the true ab. Beside each model:

- ``commonest``: the six commonest cells of the ab plane at that lightness, in training pictures;
- ``commonest, apart``: six colours chosen from the same counts as models choose theirs from their
  probabilities, each unlike the others.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.spatial import KDTree

from colorizer.color import Array, hex_to_lab, rgb_to_lab
from colorizer.distribution import BINS, suggestions
from colorizer.engine import Colorizer
from colorizer.hints import HintSet
from colorizer.models import SHIPPED
from colorizer.prepared import Prepared, shrink
from colorizer.samplers import seeded
from training.data.pictures import Picture, read_pictures
from training.evaluation.evaluate import SPLIT, choose

COUNT = 6
NEAR = 12.0  # ab units
PIXELS = 5  # of a picture
BANDS = 20  # of lightness
_COUNTED_SIDE = 64  # pixels: training pictures are counted at that size

Suggest = Callable[[Prepared, float, float, float], Array]
"""From a photo, x and y of a place in it and its L / 100 to the suggested ab, (n, 2)."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="test pictures")
    parser.add_argument("--train", type=Path, nargs="+", required=True, help="to count colours in")
    parser.add_argument("--model", type=Path, nargs="*", default=[SHIPPED], help="model folders")
    parser.add_argument("--limit", type=int, default=200, help="ask at this many pictures only")
    parser.add_argument("--count", type=int, default=1000, help="training pictures to count")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    pictures = choose(read_pictures(options.data, SPLIT), options.limit)
    counts = count_colors(choose(read_pictures(options.train, "train"), options.count))
    rows: dict[str, tuple[Colorizer, Suggest]] = {}
    for folder in options.model:
        colorizer = Colorizer.load(folder)
        rows[colorizer.card.name] = colorizer, from_model(colorizer)
    first = next(iter(rows.values()))[0]
    rows["commonest"] = first, lambda photo, x, y, lightness: commonest(counts, lightness)
    rows["commonest, apart"] = first, lambda photo, x, y, lightness: apart(counts, lightness)
    figures = {}
    print(f"{PIXELS} pixels of each of {len(pictures)} pictures; {COUNT} colours, {NEAR:g} units")
    for name, (colorizer, suggest) in rows.items():
        hits = [hit_rate(colorizer, picture, suggest) for picture in pictures]
        error = np.std(hits, ddof=1) / np.sqrt(len(hits)) if len(hits) > 1 else 0.0
        figures[name] = {"hit": float(np.mean(hits)), "hit_error": float(error)}
        print(
            f"{name:20}{100 * np.mean(hits):6.1f} % (standard error {100 * error:.1f})", flush=True
        )
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def hit_rate(colorizer: Colorizer, picture: Picture, suggest: Suggest) -> float:
    """Share of a picture's pixels where a suggestion is near the truth."""
    rgb = np.asarray(picture.rgb())
    photo = colorizer.prepare(rgb)
    lab = rgb_to_lab(shrink(rgb, colorizer.card.size))
    rng = seeded("suggestions", picture.name)
    hits = []
    for row, column in zip(
        rng.integers(photo.height, size=PIXELS), rng.integers(photo.width, size=PIXELS), strict=True
    ):
        x, y = (column + 0.5) / photo.width, (row + 0.5) / photo.height
        suggested = suggest(photo, x, y, float(lab[row, column, 0]) / 100)
        hits.append(is_hit(suggested, lab[row, column, 1:]))
    return float(np.mean(hits))


def is_hit(suggested: Array, truth: Array) -> bool:
    """Whether one of the colours (n, 2) lies near the true one (2,), in ab."""
    return bool((np.hypot(*(suggested - truth).T) <= NEAR).any())


def from_model(colorizer: Colorizer) -> Suggest:
    """What a model suggests without hints."""

    def suggest(photo: Prepared, x: float, y: float, lightness: float) -> Array:
        chosen = colorizer.suggest(photo, HintSet.empty, x, y, count=COUNT)
        return ab_of([suggestion.color for suggestion in chosen])

    return suggest


def count_colors(pictures: Sequence[Picture]) -> npt.NDArray[np.int64]:
    """How often each cell of the ab plane comes at each lightness: (BANDS, Q)."""
    counts, tree = np.zeros((BANDS, len(BINS)), np.int64), KDTree(BINS)
    for picture in pictures:
        rgb = np.asarray(picture.rgb().resize((_COUNTED_SIDE, _COUNTED_SIDE)))
        lab = rgb_to_lab(rgb).reshape(-1, 3)
        _, cells = tree.query(lab[:, 1:])
        np.add.at(counts, (band(lab[:, 0] / 100), cells), 1)
    return counts


def band(lightness: float | Array) -> npt.NDArray[np.intp]:
    """The band of lightness that L / 100 lies in."""
    return np.asarray(np.minimum(np.asarray(lightness) * BANDS, BANDS - 1), np.intp)


def commonest(counts: npt.NDArray[np.int64], lightness: float) -> Array:
    """The middles of the commonest cells at a lightness: (6, 2)."""
    return BINS[np.argsort(-counts[band(lightness)], kind="stable")[:COUNT]]


def apart(counts: npt.NDArray[np.int64], lightness: float) -> Array:
    """Common colours at a lightness that are unlike each other: (n, 2)."""
    logits = np.log(counts[band(lightness)] + 1e-9)
    return ab_of([suggestion.color for suggestion in suggestions(logits, lightness, COUNT)])


def ab_of(colors: Sequence[str]) -> Array:
    """The ab of sRGB colours: (n, 2)."""
    return np.array([hex_to_lab(color)[1:] for color in colors], np.float32).reshape(-1, 2)


if __name__ == "__main__":
    main()
