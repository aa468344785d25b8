"""Whether a model's uncertainty is honest: does it rank the true error, and is it worth following?

``python -m benchmarks.uncertainty --data TEST.tar [--limit 100]``: on pictures of 224x224,

- the rank correlation (Spearman) of uncertainty and true distance in ab over a picture's pixels,
  and over those of all pictures together, with 0, 5 and 20 hints at random places;
- PSNR with 5 hints put one after the other where uncertainty is largest (blurred by 6 % of the
  side, nearly as the studio's next place), against 5 at random places. Hints are cells of 2x2
  pixels with the cell's mean colour, as in the protocol ``points``.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from scipy import ndimage, stats

from colorizer.color import Array, lab_to_rgb, rgb_to_lab, to_uint8
from colorizer.engine import Colorizer
from colorizer.models import SHIPPED
from colorizer.prepared import Prepared, prepare_lightness
from colorizer.raster import HintPlanes
from colorizer.samplers import sample_cells, seeded
from training.data.pictures import read_pictures
from training.evaluation.evaluate import SPLIT, choose
from training.evaluation.metrics import psnr
from training.evaluation.protocols import PROTOCOLS, FixedHints

AMOUNTS = (0, 5, 20)
PLACED = 5
LOOK = 0.06
SAMPLED = 2_000  # pixels of a picture that count where all pictures are taken together


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="test pictures")
    parser.add_argument("--model", type=Path, nargs="*", default=[SHIPPED], help="model folders")
    parser.add_argument("--limit", type=int, default=100, help="score this many pictures only")
    options = parser.parse_args()
    points = PROTOCOLS["points"]
    assert isinstance(points, FixedHints)
    pictures = choose(read_pictures(options.data, SPLIT), options.limit)
    for folder in options.model:
        colorizer = Colorizer.load(folder)
        within: dict[int, list[float]] = {amount: [] for amount in AMOUNTS}
        together: dict[int, list[Any]] = {amount: [] for amount in AMOUNTS}
        gained = []
        for picture in pictures:
            truth = points.truth(picture.rgb())
            lab = rgb_to_lab(truth)
            ab = np.ascontiguousarray(lab[..., 1:].transpose(2, 0, 1))
            photo = prepare_lightness(lab[..., 0] / 100)
            rng = seeded("uncertainty", picture.name)
            for amount in AMOUNTS:
                hints = points.hints(picture.name, ab, amount)
                uncertainty, error = uncertainty_and_error(colorizer, photo, hints, ab)
                within[amount].append(stats.spearmanr(uncertainty, error).statistic)
                some = rng.choice(uncertainty.size, SAMPLED, replace=False)
                together[amount].append((uncertainty[some], error[some]))
            followed = follow_uncertainty(colorizer, photo, ab)
            chance = sample_cells(ab, PLACED, rng)
            scores = [
                psnr(shown(lab, colorizer.predict_planes([photo], [HintPlanes(*hints)])[0]), truth)
                for hints in (followed, chance)
            ]
            gained.append(scores[0] - scores[1])
        print(f"{colorizer.card.name}: {len(pictures)} pictures")
        for amount in AMOUNTS:
            pooled = np.concatenate([np.stack(pair) for pair in together[amount]], axis=1)
            print(
                f"  @{amount}: rank correlation within a picture {np.mean(within[amount]):.2f} "
                f"(mean), over all pictures {stats.spearmanr(*pooled).statistic:.2f}"
            )
        error = np.std(gained, ddof=1) / np.sqrt(len(gained))
        print(
            f"  {PLACED} hints where uncertainty is largest against {PLACED} at random places: "
            f"{np.mean(gained):+.2f} dB (standard error {error:.2f})"
        )


def uncertainty_and_error(
    colorizer: Colorizer, photo: Prepared, hints: tuple[Array, Array], ab: Array
) -> tuple[Array, Array]:
    """Uncertainty and true distance in ab at the pixels without hints: two lines of numbers."""
    uncertainty = colorizer.uncertainty_planes(photo, HintPlanes(*hints))
    error = np.hypot(*(colorizer.predict_planes([photo], [HintPlanes(*hints)])[0] - ab))
    free = hints[1][0] == 0
    return uncertainty[0][free], error[free]


def follow_uncertainty(colorizer: Colorizer, photo: Prepared, ab: Array) -> tuple[Array, Array]:
    """Hints where uncertainty is largest, one after the other."""
    hint_ab, mask = np.zeros_like(ab), np.zeros_like(ab[:1])
    for _ in range(PLACED):
        uncertainty = colorizer.uncertainty_planes(photo, HintPlanes(hint_ab, mask))[0]
        seen = ndimage.gaussian_filter(uncertainty, LOOK * len(uncertainty), mode="constant")
        row, column = (2 * (place // 2) for place in np.unravel_index(seen.argmax(), seen.shape))
        cell = np.s_[:, row : row + 2, column : column + 2]
        hint_ab[cell] = ab[cell].mean(axis=(1, 2), keepdims=True)
        mask[cell] = 1
    return hint_ab, mask


def shown(lab: Array, ab: Array) -> Any:
    """The picture with other colours, in 8 bits."""
    return to_uint8(lab_to_rgb(np.concatenate([lab[..., :1], ab.transpose(1, 2, 0)], axis=-1)))


if __name__ == "__main__":
    main()
