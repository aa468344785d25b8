"""Which thing a pixel is part of: that of one of the hints, or none of them.

Kriging fades with distance, which is right for samples of a photo: there is always a bit of a
colour elsewhere. A person who gives a coat a colour of their own means all of the coat and nothing
else. So what such hints say is handed to whole things, as a mixture of Gaussians with a background
hands points to its components (Bishop, "Pattern Recognition and Machine Learning", 2006, eq. 9.23):
each hint is the middle of a component, and all hints compete.
"""

import numpy as np

from colorizer.color import Array

# Fitted on regions that people drew, with the plausibility of colours.
EMBEDDING, PLACE = 3.4, 5.4
"""How much a distance in embedding and one in place count, in units of the kernel."""
SOFTNESS = 0.07
"""Of a thing's edge, in squared distances; the edge lies at 1."""


def membership(place: Array, embedding: Array, length_scale: float) -> Array:
    """The share of each of P pixels that belongs to the thing of each of n hints.

    Args:
        place: (P, n), squared distances in place.
        embedding: (P, n), squared distances in embedding.
        length_scale: of all distances.

    Returns:
        (P, n), whose rows add up to less than 1: the rest is background.

    >>> near, far = np.zeros((1, 2), np.float32), np.full((1, 2), 4, np.float32)
    >>> membership(near, near, 1).round(2).tolist(), membership(far, far, 1).round(2).tolist()
    ([[0.5, 0.5]], [[0.0, 0.0]])
    """
    score = np.float32(EMBEDDING**2) * embedding
    score += np.float32(PLACE**2) * place
    score *= np.float32(-1 / (length_scale**2 * SOFTNESS))
    score += np.float32(1 / SOFTNESS)
    highest = np.maximum(score.max(axis=1, keepdims=True), 0)
    share = np.exp(score - highest)
    share /= share.sum(axis=1, keepdims=True) + np.exp(-highest)
    return np.asarray(share)
