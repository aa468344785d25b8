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
EMBEDDING, PLACE = 3.3, 4.7
"""How much a distance in embedding and one in place count, in units of the kernel."""
SOFTNESS = 0.05
"""Of a thing's edge, in squared distances; the edge lies at 1."""


def hand_out(place: Array, embedding: Array, length_scale: float, values: Array) -> Array:
    """Hand what n hints say to the things that they are on.

    Args:
        place: (P, n), squared distances of P pixels to the hints, in place.
        embedding: (P, n), squared distances in embedding.
        length_scale: of all distances.
        values: (n, K), what the hints say.

    Returns:
        (P, K): the mean of the values, weighted by the pixel's membership in each thing; the
        background has a share too, and its value is 0.

    >>> near, far = np.zeros((1, 2), np.float32), np.full((1, 2), 4, np.float32)
    >>> values = np.array([[10], [20]], np.float32)
    >>> [round(float(hand_out(d, d, 1, values)[0, 0]), 3) for d in (near, far)]
    [15.0, 0.0]
    """
    softness = length_scale**2 * SOFTNESS
    # At most 1 / SOFTNESS, so that its exponential is far from the largest number.
    score = embedding * np.float32(-(EMBEDDING**2) / softness)
    score += place * np.float32(-(PLACE**2) / softness)
    score += np.float32(1 / SOFTNESS)
    weight = np.exp(score, out=score)
    sums = weight @ np.column_stack([values, np.ones(len(values), np.float32)])
    return np.asarray(sums[:, :-1] / (sums[:, -1:] + 1))
