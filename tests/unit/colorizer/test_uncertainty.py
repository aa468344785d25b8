"""The error to expect, beside the same from its definition, pixel by pixel."""

import math

import numpy as np
import pytest

from colorizer.distribution import BINS, CELL
from colorizer.field import Kernel, PhotoField
from colorizer.kriging import deviation, krige
from colorizer.raster import HintPlanes
from colorizer.uncertainty import CHROMA, DEVIATION, DISTANCE, LEVEL, expected_error

HEIGHT, WIDTH = 10, 14


@pytest.fixture
def field():
    rng = np.random.default_rng(5)
    return PhotoField(
        rng.normal(size=(HEIGHT, WIDTH, 3)).astype(np.float32),
        rng.uniform(2, 9, (HEIGHT, WIDTH)).astype(np.float32),
        rng.normal(scale=15, size=(2, HEIGHT, WIDTH)).astype(np.float32),
        Kernel(
            0.5, 0.5, constant=0.3, partial_sill=1, nugget=0.1, brush_nugget=1, outlier_discount=0
        ),
        ab_logits=rng.normal(scale=2, size=(len(BINS), 3, 4)),
    )


def hints(*places, labels=None):
    ab, mask = np.zeros((2, HEIGHT, WIDTH), np.float32), np.zeros((1, HEIGHT, WIDTH), np.float32)
    for row, column in places:
        ab[:, row, column], mask[0, row, column] = (20, -30), 1
    return HintPlanes(ab, mask, labels=labels)


def at(field, planes, row, column):
    """By hand, of a cell's first pixel in its region."""
    ab = krige(field, planes.ab, planes.mask, planes.labels)[:, row, column]
    before, after = (
        float(deviation(field, planes.ab, mask, planes.labels)[0, row, column])
        for mask in (0 * planes.mask, planes.mask)
    )
    added = 1 / max(after, 1) ** 2 - 1 / max(before, 1) ** 2
    total = weighted = 0.0
    for logit, color in zip(field.ab_logits[:, row // CELL, column // CELL], BINS, strict=True):
        distance = math.dist(color, ab)
        density = math.exp(logit - 0.5 * added * distance**2)
        total, weighted = total + density, weighted + density * distance
    left = (after / before) ** 2
    undecided = DISTANCE * math.log(weighted / total + 0.5) + CHROMA * math.log(
        math.hypot(*field.mean[:, row, column]) + 1
    )
    return math.exp((1 - left) * DEVIATION * math.log(after) + left * undecided + LEVEL) - 1


@pytest.mark.parametrize("places", [[], [(2, 3)], [(1, 12), (9, 0), (5, 5)]])
def test_it_mixes_deviation_and_distribution_by_what_hints_decide(field, places):
    planes = hints(*places)
    found = expected_error(field, planes)
    assert found.shape == (1, HEIGHT, WIDTH)
    for row, column in ((0, 0), (0, 8), (4, 4), (8, 12)):
        assert found[0, row, column] == pytest.approx(at(field, planes, row, column), rel=1e-4)


def test_a_region_knows_nothing_of_hints_outside_even_in_a_shared_cell(field):
    labels = np.zeros((HEIGHT, WIDTH), np.int16)
    labels[:, 6:] = 1
    none, some = (
        expected_error(field, hints(*places, labels=labels))[0] for places in ([], [(5, 5)])
    )
    assert (none[:, 6:] == some[:, 6:]).all()
    assert some[:, :6].mean() < none[:, :6].mean()
