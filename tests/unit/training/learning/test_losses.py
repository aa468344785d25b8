"""The losses over distributions, against plain NumPy and SciPy."""

import numpy as np
import torch
from scipy.special import log_softmax
from scipy.stats import norm

from colorizer.distribution import BINS, CELL
from training.learning.losses import distribution_loss, log_rarity


def spread(ab):
    """The shares of the five cells nearest to a colour, over all cells."""
    distance = np.hypot(*(BINS - ab).T)
    nearest = np.argsort(distance)[:5]
    shares = np.zeros(len(BINS))
    shares[nearest] = norm.pdf(distance[nearest], scale=5)
    return shares / shares.sum()


def test_the_target_is_soft_over_the_five_nearest_cells_and_rare_ones_weigh_more():
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((1, len(BINS), 1, 2)).astype(np.float32)
    rarity = rng.uniform(-1, 1, len(BINS)).astype(np.float32)
    colors = np.array([[13.0, -7.0], [52.0, 41.0]])
    truth = np.repeat(colors.T[None, :, None, :], CELL, axis=2).repeat(CELL, axis=3)
    expected = []
    for column, color in enumerate(colors):
        shares = spread(color)
        entropy = -(shares * log_softmax(logits[0, :, 0, column] + rarity)).sum()
        expected.append(np.exp(rarity[shares.argmax()]) * entropy)
    loss = distribution_loss(
        torch.from_numpy(logits),
        torch.from_numpy(truth.astype(np.float32)),
        torch.from_numpy(rarity)[:, None, None],
    )
    assert np.isclose(float(loss), np.mean(expected), rtol=1e-4)


def test_rare_colours_weigh_more_and_the_mean_weight_is_one():
    ab = torch.zeros(10, 2, 16, 16)
    ab[0] = torch.tensor([50.0, 40.0])[:, None, None]
    weights = log_rarity(ab).exp().flatten().numpy()
    grey = np.flatnonzero((BINS == 0).all(axis=1))[0]
    red = np.flatnonzero((BINS == (50, 40)).all(axis=1))[0]
    shares = 0.9 * spread(np.zeros(2)) + 0.1 * spread(np.array([50.0, 40.0]))
    expected = 1 / (0.5 * shares + 0.5 / len(BINS))
    expected /= (expected * shares).sum()
    assert weights[red] > 5 * weights[grey]
    np.testing.assert_allclose(weights, expected, rtol=1e-3)
