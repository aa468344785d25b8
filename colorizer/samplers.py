"""Random hints for training and evaluation: where a simulated person would have put them."""

import hashlib

import numpy as np

from colorizer.color import Array

_NONE = 0.12


def seeded(*key: object) -> np.random.Generator:
    """A generator that depends on ``key`` alone, the same on every machine and in every run.

    >>> seeded("photo", 3).integers(100) == seeded("photo", 3).integers(100)
    np.True_
    """
    digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def sample_pixels(ab: Array, share: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """Hints at exactly ``round(share * H * W)`` distinct random pixels, with their exact ab.

    Args:
        ab: (2, H, W), the true colours in CIELAB units.
        share: of the pixels, in [0, 1].
        rng: decides the places.

    Returns:
        ab (2, H, W), 0 where there is no hint, and mask (1, H, W).

    >>> hint_ab, mask = sample_pixels(np.ones((2, 10, 10)), 0.03, seeded("docs"))
    >>> int(mask.sum()), int(hint_ab.sum())
    (3, 6)
    """
    mask = np.zeros((1, *ab.shape[1:]), np.float32)
    chosen = rng.choice(mask.size, round(share * mask.size), replace=False)
    mask.flat[chosen] = 1.0
    return ab * mask, mask


def sample_cells(ab: Array, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Hints at ``count`` cells of the 2x2 grid, drawn with replacement, with the cell's mean ab.

    The protocol of iColoriT (WACV 2023): so ``count`` is an upper bound.

    Args:
        ab: (2, H, W) with even sides, the true colours in CIELAB units.
        count: cells to draw.
        rng: decides the places.

    Returns:
        ab (2, H, W), 0 where there is no hint, and mask (1, H, W).
    """
    height, width = ab.shape[1:]
    cells = np.zeros((height // 2, width // 2), np.float32)
    cells.flat[rng.integers(0, cells.size, count)] = 1.0
    mask = cells.repeat(2, 0).repeat(2, 1)[None]
    mean = ab.reshape(2, height // 2, 2, width // 2, 2).mean((2, 4))
    return mean.repeat(2, 1).repeat(2, 2) * mask, mask


def sample_mixed(ab: Array, rng: np.random.Generator, *, dense: float = 0.4) -> tuple[Array, Array]:
    """Hints for training, from none at all over a few dabs to a dense sprinkling.

    12 % of the pictures get none, a share of them dense exact pixels (0.5 to 5 %), the rest
    a log-uniform number of square dabs of side 1 to 7, some with a colour a little off.

    Args:
        ab: (2, H, W), the true colours in CIELAB units.
        rng: decides everything.
        dense: share of the pictures with dense hints, at most 0.88.

    Returns:
        ab (2, H, W), 0 where there is no hint, and mask (1, H, W).
    """
    kind = rng.random()
    if kind < _NONE:
        return np.zeros_like(ab), np.zeros((1, *ab.shape[1:]), np.float32)
    if kind < _NONE + dense:
        return sample_pixels(ab, float(np.exp(rng.uniform(np.log(0.005), np.log(0.055)))), rng)
    height, width = ab.shape[1:]
    hint_ab = np.zeros_like(ab)
    mask = np.zeros((1, height, width), np.float32)
    jitter = 3.0 if rng.random() < 0.25 else 0.0
    for _ in range(round(float(np.exp(rng.uniform(0.0, np.log(120.0)))))):
        side = int(rng.choice((1, 2, 3, 5, 7), p=(0.35, 0.4, 0.1, 0.1, 0.05)))
        y, x = rng.integers(0, height - side + 1), rng.integers(0, width - side + 1)
        place = np.s_[:, y : y + side, x : x + side]
        color = ab[place].mean((1, 2)) + jitter * rng.standard_normal(2)
        hint_ab[place] = color[:, None, None]
        mask[place] = 1.0
    return hint_ab, mask
