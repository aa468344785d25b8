"""Training-free rows that stand beside every network (they need SciPy; serving does not)."""

import numpy as np
from scipy import ndimage, sparse
from scipy.sparse import linalg

from colorizer.color import Array
from colorizer.prior import Affinities


def nearest(ab: Array, mask: Array) -> Array:
    """Each pixel takes the colour of the nearest hint.

    Args:
        ab: (2, H, W), CIELAB units; read only where ``mask`` is 1.
        mask: (1, H, W), 1 at hints, 0 elsewhere.

    Returns:
        (2, H, W); zero for a picture without hints.
    """
    if not mask.any():
        return np.zeros_like(ab)
    rows, columns = ndimage.distance_transform_edt(
        mask[0] == 0, return_distances=False, return_indices=True
    )
    return np.asarray(ab[:, rows, columns])


def levin(lightness: Array, ab: Array, mask: Array) -> Array:
    """Levin, Lischinski and Weiss, "Colorization using Optimization" (SIGGRAPH 2004), eq. 2.

    Each pixel without a hint is the weighted mean of its 8 neighbours; one sparse linear
    system, solved directly.

    Args:
        lightness: (1, H, W), L / 100, in [0, 1].
        ab: (2, H, W), CIELAB units; read only where ``mask`` is 1.
        mask: (1, H, W), 1 at hints, 0 elsewhere.

    Returns:
        (2, H, W); zero for a picture without hints.
    """
    if not mask.any():
        return np.zeros_like(ab)
    height, width = mask.shape[1:]
    weights = Affinities.of(lightness[None]).levels[0][0] * (1 - mask)
    index = np.arange(height * width).reshape(height, width)
    padded = np.pad(index, 1, mode="edge")
    around = [
        padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
        for dy in (-1, 0, 1)
        for dx in (-1, 0, 1)
        if (dy, dx) != (0, 0)
    ]
    means = sparse.csr_matrix(
        (weights.ravel(), (np.tile(index.ravel(), 8), np.stack(around).ravel())),
        shape=(index.size, index.size),
    )
    system = (sparse.identity(index.size) - means).tocsc()
    # Its diagonal is dominant and its pattern nearly symmetric: solved so, it takes half the time.
    factors = linalg.splu(
        system,
        permc_spec="MMD_AT_PLUS_A",
        diag_pivot_thresh=0.0,
        options={"SymmetricMode": True},
    )
    solved = factors.solve((ab * mask).reshape(2, -1).T.astype(np.float64))
    return np.asarray(solved.T, np.float32).reshape(2, height, width)
