"""Features against SciPy's Gaussian filter."""

import numpy as np
import pytest
from scipy import ndimage

from colorizer.features import CHANNELS, RADII, features


def reference(lightness):
    """The same in double precision, by scipy.ndimage."""
    longer, plane = max(lightness.shape), lightness.astype(np.float64)
    means, deviations = [], []
    for radius in RADII:
        # As its definition has it: cut off at three deviations, and at one pixel at least.
        sigma = round(radius * longer, 3)
        reach = max(1, int(3 * sigma + 0.5))
        mean, square = (
            ndimage.gaussian_filter(p, sigma, mode="nearest", radius=reach)
            for p in (plane, plane * plane)
        )
        means.append(mean)
        deviations.append(np.sqrt(np.maximum(square - mean * mean, 0)))
    return np.stack([plane, *means, *deviations])


@pytest.mark.parametrize("shape", [(128, 128), (256, 100), (31, 77), (16, 9), (1, 40)])
def test_they_are_scipy_s_gaussian_means_and_deviations(shape):
    rng = np.random.default_rng(0)
    lightness = rng.random(shape, np.float32)
    lightness[: shape[0] // 2] = 0.2 * lightness[: shape[0] // 2] + 0.7
    found = features(lightness)
    assert found.shape == (CHANNELS, *shape)
    assert found.dtype == np.float32
    expected = reference(lightness)
    assert found[:4] == pytest.approx(expected[:4], abs=2e-6)
    assert found[4:] == pytest.approx(expected[4:], abs=2e-4)


def test_a_flat_photo_has_no_deviation():
    flat = features(np.full((48, 64), 0.6, np.float32))
    assert flat[:4] == pytest.approx(np.full((4, 48, 64), 0.6), abs=1e-6)
    assert flat[4:] == pytest.approx(np.zeros((3, 48, 64)), abs=1e-3)


def test_wider_surroundings_see_farther():
    dot = np.zeros((65, 129), np.float32)
    dot[32, 64] = 1
    spreads = [(plane > 0).sum() for plane in features(dot)[1:4]]
    assert spreads == sorted(spreads)
    assert len(set(spreads)) == 3
