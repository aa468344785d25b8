"""The distribution of the colours that a place may have, and what to suggest from it.

``ab_logits`` are over the cells of the ab plane (:data:`BINS`), for each cell of 4x4 pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from colorizer.color import Array, join_lightness, lab_to_rgb, rgb_to_lab, to_uint8

CELL = 4  # pixels a side
STEP = 10.0  # of the ab plane, in CIELAB units
COVERED = 14.0  # so far from a suggestion it is as good as right
CHOICE_DENSITY, CHOICE_SLOPE = 0.9, 8
"""Where choices are told from samples, and how sharply; fitted with :mod:`colorizer.things`."""
COMPANY = 2
"""How much a photo's other hint colours count beside a colour's own density."""

_WIDEST = 110
_FAINTEST = 1e-9  # of a colour beyond all cells, or within those of others
_LEAST_WEIGHT = 1e-3  # of a suggestion
_REVISIONS = 2  # of each suggestion beside all others: 0.4 % more places have a right one
_MOST_LOG_ODDS = 25
_COMPANY_RANGE = (-1, 3)  # of another colour's log density, so that none decides alone
_LEAST_DEVIATION = 1.0  # CIELAB units; nobody tells colours apart more finely


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A colour that a place may well have.

    Attributes:
        color: sRGB, ``#rrggbb``, with the photo's own lightness.
        weight: its probability, in (0, 1].
    """

    color: str
    weight: float


def _gamut() -> Array:
    steps = np.arange(-_WIDEST, _WIDEST + 1, STEP)
    grid = np.stack(np.meshgrid(np.arange(2.0, 100, 4), steps, steps, indexing="ij"), axis=-1)
    back = rgb_to_lab(to_uint8(lab_to_rgb(grid)))
    in_gamut = (np.abs(back - grid)[..., 1:] < STEP / 2).all(axis=-1).any(axis=0)
    return (np.argwhere(in_gamut) * STEP - _WIDEST).astype(np.float32)


# (Q, 2): ab of the cells that some lightness can show, as in Zhang, Isola and Efros, "Colorful
# Image Colorization" (ECCV 2016), section 2.1.
BINS = _gamut()


def suggestions(logits: Array, lightness: float, count: int) -> list[Suggestion]:
    """The likeliest colours of one place, unlike each other, likeliest first.

    Each is chosen to stand for as much as it can of what those before it do not: the greedy way to
    cover most (Nemhauser, Wolsey and Fisher, 1978). Then each is chosen anew beside all others, and
    becomes the mean of what it alone stands for.

    Args:
        logits: (Q,), over :data:`BINS`.
        lightness: of the place, L / 100.
        count: of the suggestions, at most.

    >>> logits = np.full(len(BINS), -9.0)
    >>> logits[BINS.tolist().index([40.0, 30.0])] = 3
    >>> [(round(s.weight, 1), s.color) for s in suggestions(logits, 0.5, count=1)]
    [(1.0, '#b...')]
    """
    share = _coverage()
    probability = np.exp(logits - logits.max())
    probability /= probability.sum()
    chosen: list[int] = []
    while len(chosen) < count:
        covered = share @ (probability * _left(chosen))
        best = int(covered.argmax())
        if covered[best] < _LEAST_WEIGHT:
            break
        chosen.append(best)
    for _ in range(_REVISIONS):
        for place in range(len(chosen)):
            others = chosen[:place] + chosen[place + 1 :]
            chosen[place] = int((share @ (probability * _left(others))).argmax())
    suggested = []
    for place, candidate in enumerate(chosen):
        weight = float((share[candidate] * _left(chosen[:place])) @ probability)
        left = _left(chosen[:place] + chosen[place + 1 :]) + _FAINTEST
        alone = share[candidate] * probability * left
        if weight >= _LEAST_WEIGHT:
            suggested.append(Suggestion(_hex(lightness, alone @ BINS / alone.sum()), weight))
    return sorted(suggested, key=lambda suggestion: -suggestion.weight)


def _left(chosen: Sequence[int]) -> Array:
    """The share of each cell that none of some candidates stands for: (Q,)."""
    return np.asarray(np.prod(1 - _coverage()[list(chosen)], axis=0))


@lru_cache
def _coverage() -> Array:
    """Of each of K colours to suggest, the share of every cell that it stands for: (K, Q)."""
    cells = _distances(BINS, BINS) <= 1.5 * STEP
    near = (BINS[:, None] + BINS)[cells] / 2  # the cells' middles, and halfway to their neighbours
    candidates = np.unique(near, axis=0)
    inside = (np.arange(5) - 2) * STEP / 5
    share = np.zeros((len(candidates), len(BINS)), np.float32)
    for a in inside:
        for b in inside:
            share += _distances(candidates, BINS + np.array([a, b])) <= COVERED
    return share / len(inside) ** 2


def _distances(some: Array, others: Array) -> Array:
    return np.asarray(np.linalg.norm(some[:, None] - others, axis=-1), np.float32)


def plausibility(logits: Array, ab: Array) -> Array:
    """How likely colours are the photo's own, rather than a person's choice.

    Logistic in the logarithm of a colour's density, over that of a colour drawn from all blindly
    and :data:`CHOICE_DENSITY`. A stroke has one colour, so that its places are judged together, by
    their mean. And who restores one thing will hardly repaint the next, so the mean of the other
    colours counts :data:`COMPANY` times, shrunk to nothing as if one more were undecided.

    Args:
        logits: (n, Q), over :data:`BINS`, of n places.
        ab: (n, 2), the colour at each, in CIELAB units.

    Returns:
        (n,), in (0, 1).

    >>> logits = np.where(np.hypot(*(BINS - (40, 30)).T) < 15, 3, -3)[None]
    >>> own, chosen = (plausibility(logits, np.array([color])) for color in ((42, 27), (-50, 0)))
    >>> bool(own > 0.99), bool(chosen < 0.01)
    (True, True)
    """
    probability = np.exp(logits - logits.max(axis=1, keepdims=True))
    probability /= probability.sum(axis=1, keepdims=True)
    near = np.exp(-0.5 * ((BINS - ab[:, None]) / STEP) ** 2).prod(axis=-1) + _FAINTEST
    density = len(BINS) * (probability * near).sum(axis=1) / near.sum(axis=1)
    _, color, places = np.unique(ab.round(1), axis=0, return_inverse=True, return_counts=True)
    color = color.reshape(-1)
    log_density = np.bincount(color, np.log(density / CHOICE_DENSITY)) / places
    bounded = log_density.clip(*_COMPANY_RANGE)
    # With one colour alone this is 0; with very many, the mean of all others.
    company = (bounded.sum() - bounded) / len(bounded)
    log_odds = CHOICE_SLOPE * (log_density + COMPANY * company)[color]
    return np.asarray(1 / (1 + np.exp(-log_odds.clip(-_MOST_LOG_ODDS, _MOST_LOG_ODDS))))


def hint_log_likelihood(ab: Array, before: Array | float, after: Array | float) -> Array:
    """What kriging from hints adds to the logits of places.

    What is known of a colour is taken for normal; hints multiply its density by that of a
    measurement whose precision (the inverse of the variance) is what they add to it.

    Args:
        ab: (2, ...), what kriging predicts, in CIELAB units.
        before: (...), kriging's standard deviation without hints, CIELAB units.
        after: (...), with them.

    Returns:
        (Q, ...), over :data:`BINS`.

    >>> bool(hint_log_likelihood(np.array([40.0, 0.0]), before=20, after=20).any())
    False
    >>> BINS[hint_log_likelihood(np.array([40.0, 0.0]), before=20, after=5).argmax()].tolist()
    [40.0, 0.0]
    """
    precise, vague = (np.maximum(value, _LEAST_DEVIATION) ** -2.0 for value in (after, before))
    added = np.maximum(precise - vague, 0)
    bins = BINS.reshape(*BINS.shape, *[1] * (ab.ndim - 1))
    return np.asarray(-0.5 * added * ((bins - ab) ** 2).sum(axis=1), np.float32)


def _hex(lightness: float, ab: Array) -> str:
    grey = to_uint8(lab_to_rgb(np.array([100 * lightness, 0.0, 0.0])))
    red, green, blue = join_lightness(grey[None], ab[None].astype(np.float32))[0].tolist()
    return f"#{red:02x}{green:02x}{blue:02x}"
