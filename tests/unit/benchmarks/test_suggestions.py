"""The hit rate of suggestions, and of the commonest colours beside them."""

import numpy as np
import pytest

from benchmarks import suggestions
from colorizer.color import rgb_to_lab
from colorizer.distribution import BINS
from colorizer.engine import Colorizer
from colorizer.models import SHIPPED
from tests.support.pictures import astronaut, encoded
from training.data.pictures import Picture


@pytest.fixture(scope="module")
def colorizer():
    return Colorizer.load(SHIPPED)


@pytest.fixture(scope="module")
def picture():
    return Picture("astronaut", encoded(astronaut().resize((64, 64)), "PNG"))


def test_colours_are_counted_at_their_lightness_in_the_nearest_cell(picture):
    counts = suggestions.count_colors([picture, picture])
    expected = np.zeros_like(counts)
    for lightness, a, b in rgb_to_lab(np.asarray(picture.rgb())).reshape(-1, 3).tolist():
        nearest = min(range(len(BINS)), key=lambda n: (BINS[n][0] - a) ** 2 + (BINS[n][1] - b) ** 2)
        expected[min(int(lightness / 5), 19), nearest] += 2
    assert abs(counts - expected).sum() <= 8  # pixels midway between two cells may fall either way
    assert counts.sum() == 2 * 64 * 64


def test_the_commonest_are_the_six_cells_counted_most():
    counts = np.zeros((20, len(BINS)), np.int64)
    counts[10, [7, 3, 90, 5, 200, 40, 12]] = [70, 60, 50, 40, 30, 20, 10]
    assert np.array_equal(suggestions.commonest(counts, 0.52), BINS[[7, 3, 90, 5, 200, 40]])


def test_those_apart_are_unlike_each_other():
    counts = np.exp(-np.hypot(*BINS.T) / 20) * 10_000  # grey and what is near it, as in photos
    chosen = suggestions.apart(np.tile(counts.astype(np.int64), (20, 1)), 0.5)
    distances = np.hypot(*(chosen[:, None] - chosen).transpose(2, 0, 1))
    assert len(chosen) == 6
    assert distances[~np.eye(6, dtype=bool)].min() > 10


@pytest.mark.parametrize(("distance", "hit"), [(0, True), (11.9, True), (12.1, False)])
def test_a_hit_is_a_colour_within_twelve_units(distance, hit):
    suggested = np.array([[80.0, 0.0], [10.0, 20.0]])
    assert suggestions.is_hit(suggested, np.array([10.0, 20.0 + distance])) == hit
    assert not suggestions.is_hit(np.empty((0, 2)), np.zeros(2))


def test_the_truth_is_that_of_the_given_place(colorizer, picture):
    lab = rgb_to_lab(np.asarray(picture.rgb()))
    requested = []

    def truth(photo, x, y, lightness):
        row, column = int(y * 64), int(x * 64)
        requested.append((row, column))
        assert lightness == pytest.approx(lab[row, column, 0] / 100)
        return lab[row, column, 1:][None]

    assert suggestions.hit_rate(colorizer, picture, truth) == 1
    assert suggestions.hit_rate(colorizer, picture, lambda *place: truth(*place) + 30) == 0
    assert len(requested) == 10
    assert requested[:5] == requested[5:]  # the same places for every row


def test_six_colours_are_requested_of_a_model(colorizer, picture):
    suggested = suggestions.from_model(colorizer)(
        colorizer.prepare(np.asarray(picture.rgb())), 0.4, 0.6, 0.5
    )
    assert suggested.shape[0] <= 6
    assert suggested.shape[1] == 2
