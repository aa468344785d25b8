"""Kriging beside Gaussian process regression as SciPy solves it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import linalg, special
from scipy.spatial.distance import cdist

from colorizer import kriging
from colorizer.distribution import BINS, CELL, plausibility
from colorizer.field import Kernel, PhotoField
from colorizer.kriging import FADE, deviation, krige
from colorizer.things import EMBEDDING, PLACE, SOFTNESS


class Dense:
    """Gaussian process regression as the textbook writes it, by SciPy, in double precision.

    Rasmussen and Williams, "Gaussian Processes for Machine Learning" (2006), eq. 2.23 and 2.24.

    Args:
        field: of the photo.
        cells: the pixels (row, column) of each observation.
        ab: (n, 2), its colour.
        nugget: (n,), variance of its error.
        discounted: whether the constant gives way to outliers.
    """

    def __init__(self, field, cells, ab, nugget, *, discounted=True):
        kernel, (height, width) = field.kernel, field.scale.shape
        longer = max(height, width)
        self.shape = height, width
        rows, columns = np.mgrid[:height, :width]
        place = np.stack([rows / kernel.range_y, columns / kernel.range_x], -1) / longer
        planes = [place, field.embedding, field.scale[..., None], field.mean.transpose(1, 2, 0)]
        self.pixels = [plane.reshape(height * width, -1).astype(float) for plane in planes]
        self.observed = [
            np.array([np.mean([plane[cell] for cell in of_one], axis=0) for of_one in cells], float)
            for plane in planes
        ]
        self.residual = ab - self.observed[3]
        mean_square = ((self.residual / self.observed[2]) ** 2).sum(1).mean()
        discount = 1 + kernel.outlier_discount * mean_square * discounted
        self.constant, self.sill = kernel.constant / discount, kernel.partial_sill
        self.length = kernel.length_scale
        self.noisy = self.covariance(self.observed, self.observed) + np.diag(nugget)

    def covariance(self, a, b):
        apart = cdist(a[0], b[0]) + cdist(a[1], b[1])
        return (self.constant + self.sill * np.exp(-apart / self.length)) * (a[2] @ b[2].T)

    def predict(self):
        across = self.covariance(self.pixels, self.observed)
        weights = linalg.solve(self.noisy, self.residual, assume_a="pos")
        return (self.pixels[3] + across @ weights).T.reshape(2, *self.shape)

    def deviation(self):
        across = self.covariance(self.pixels, self.observed)
        explained = (across * linalg.solve(self.noisy, across.T, assume_a="pos").T).sum(1)
        prior = self.pixels[2][:, 0] ** 2 * (self.constant + self.sill)
        return np.sqrt(np.maximum(prior - explained, 0)).reshape(self.shape)


KERNEL = Kernel(0.6, 0.4, 0.5, 1.3, nugget=0.05, brush_nugget=0.4, outlier_discount=0.02)


@pytest.fixture(params=[1.0, 1.7])
def rough_field(request):
    """A field of 24x40 pixels in which everything differs from place to place."""
    rng = np.random.default_rng(7)
    return PhotoField(
        rng.normal(0, 0.6, (24, 40, 5)).astype(np.float32),
        np.exp(rng.normal(0, 0.3, (24, 40))).astype(np.float32),
        rng.normal(0, 5, (2, 24, 40)).astype(np.float32),
        replace(KERNEL, length_scale=request.param),
    )


def hint(planes, rows, columns, color):
    ab, mask = planes
    ab[:, rows, columns] = np.array(color, np.float32)[:, None, None]
    mask[:, rows, columns] = 1


@pytest.fixture
def few_hints():
    """Two pixels, a small cell and a dab of 8x8, and their pixels, colours and nuggets."""
    planes = np.zeros((2, 24, 40), np.float32), np.zeros((1, 24, 40), np.float32)
    hints = [
        (slice(3, 4), slice(5, 6), (20.0, -10.0), KERNEL.nugget),
        (slice(20, 21), slice(33, 34), (-30.0, 4.0), KERNEL.nugget),
        (slice(10, 12), slice(14, 16), (5.0, 60.0), KERNEL.nugget),
        (slice(8, 16), slice(24, 32), (45.0, 30.0), KERNEL.brush_nugget),
    ]
    cells, colors, nuggets = [], [], []
    for rows, columns, color, nugget in hints:
        hint(planes, rows, columns, color)
        cells.append([(r, c) for r in range(24)[rows] for c in range(40)[columns]])
        colors.append(color)
        nuggets.append(nugget)
    return planes, (cells, np.array(colors), np.array(nuggets))


def test_colours_are_those_of_a_gaussian_process(rough_field, few_hints):
    (ab, mask), observed = few_hints
    free = mask[0] == 0
    expected = Dense(rough_field, *observed).predict()
    assert krige(rough_field, ab, mask)[:, free] == pytest.approx(expected[:, free], abs=2e-3)


def test_each_region_is_a_gaussian_process_of_its_own(rough_field, few_hints):
    (ab, mask), (cells, colors, nuggets) = few_hints
    labels = np.zeros((24, 40), np.int16)
    labels[2:22, 20:] = 3  # the second and the fourth hint
    labels[23] = 9  # none
    spread = krige(rough_field, ab, mask, labels)
    unsure = deviation(rough_field, ab, mask, labels)
    for label, chosen in ((0, [0, 2]), (3, [1, 3])):
        observed = [cells[n] for n in chosen], colors[chosen], nuggets[chosen]
        inside = (labels == label) & (mask[0] == 0)
        expected = Dense(rough_field, *observed).predict()
        assert spread[:, inside] == pytest.approx(expected[:, inside], abs=2e-3)
        expected = Dense(rough_field, *observed, discounted=False).deviation()
        assert unsure[0, inside] == pytest.approx(expected[inside], abs=2e-3)
    assert (spread[:, 23] == rough_field.mean[:, 23]).all()


def unlikely_everywhere(field):
    """The field of a photo whose colours are known: nothing but green."""
    logits = np.where(np.hypot(*(BINS - (-40, 40)).T) < 15, 4.0, -4.0).astype(np.float32)
    return replace(field, ab_logits=np.tile(logits[:, None, None], (1, 6, 10)))


def test_a_brush_s_unlikely_colour_goes_to_its_thing_and_no_farther(rough_field, few_hints):
    (ab, mask), (cells, colors, nuggets) = few_hints
    field, free = unlikely_everywhere(rough_field), mask[0] == 0
    middle = np.mean(cells[3], axis=0).astype(int) // CELL
    plausible = plausibility(field.ab_logits[:, *middle][None], colors[3:])[0]
    scale = field.scale[8:16, 24:32].mean()
    sill = KERNEL.constant + KERNEL.partial_sill
    # A discount of the constant makes the sill smaller, too.
    dense = Dense(field, cells, colors, nuggets)
    doubt = np.array([0, 0, 0, scale**2 * (dense.constant + dense.sill) * (1 / plausible - 1)])
    assert doubt[3] > 10 * scale**2 * sill
    dense.noisy += np.diag(doubt)
    rest = doubt[:, None] * linalg.solve(dense.noisy, dense.residual)
    place, embedding = (cdist(dense.pixels[n], dense.observed[n]) ** 2 for n in (0, 1))
    scores = 1 - (EMBEDDING**2 * embedding + PLACE**2 * place) / field.kernel.length_scale**2
    scores = np.column_stack([scores, np.zeros(len(scores))]) / SOFTNESS
    handed = special.softmax(scores, axis=1)[:, :4] @ rest
    expected = dense.predict() + handed.T.reshape(2, 24, 40)
    assert krige(field, ab, mask)[:, free] == pytest.approx(expected[:, free], abs=5e-3)


def test_single_pixels_are_taken_at_their_word(rough_field):
    planes = np.zeros((2, 24, 40), np.float32), np.zeros((1, 24, 40), np.float32)
    hint(planes, slice(3, 4), slice(5, 6), (20.0, -60.0))
    hint(planes, slice(10, 12), slice(14, 16), (60.0, 60.0))
    assert (krige(unlikely_everywhere(rough_field), *planes) == krige(rough_field, *planes)).all()


def test_what_controls_add_gives_way_to_hints(rough_field, few_hints):
    (ab, mask), observed = few_hints
    shift = np.random.default_rng(3).normal(0, 9, (2, 24, 40)).astype(np.float32)
    shifted, free = replace(rough_field, shift=shift), mask[0] == 0
    none = np.zeros_like(mask)
    assert (krige(shifted, ab, none) == rough_field.mean + shift).all()
    # How much hints decide: what a residual as large as the scale everywhere would give back.
    dense = Dense(rough_field, *observed)
    dense.residual = np.repeat(dense.observed[2], 2, axis=1)
    decided = (dense.predict() - rough_field.mean) / rough_field.scale
    added = krige(shifted, ab, mask) - krige(rough_field, ab, mask)
    expected = shift * np.clip(1 - decided, 0, 1) ** FADE
    assert added[:, free] == pytest.approx(expected[:, free], abs=5e-3)
    assert not added[:, ~free].any()


def test_uncertainty_is_that_of_a_gaussian_process(rough_field, few_hints):
    (ab, mask), observed = few_hints
    free = mask[0] == 0  # at hints single precision takes a root of nearly nothing
    expected = Dense(rough_field, *observed, discounted=False).deviation()
    assert deviation(rough_field, ab, mask)[0][free] == pytest.approx(expected[free], abs=2e-3)
    assert deviation(rough_field, ab, mask)[0] == pytest.approx(expected, abs=2e-2)


def test_what_lies_under_no_mask_is_not_read(rough_field, few_hints):
    (ab, mask), _ = few_hints
    litter = np.where(mask > 0, ab, 99)
    assert (krige(rough_field, litter, mask) == krige(rough_field, ab, mask)).all()


def test_strips_and_windows_are_put_together_where_they_belong(rough_field, monkeypatch):
    rng = np.random.default_rng(1)
    mask = (rng.random((1, 24, 40)) < 0.2).astype(np.float32)
    ab = rng.normal(0, 20, (2, 24, 40)).astype(np.float32) * mask
    whole = krige(rough_field, ab, mask)
    monkeypatch.setattr(kriging, "_PIXELS_AT_ONCE", 100)
    assert krige(rough_field, ab, mask) == pytest.approx(whole, abs=1e-3)
    assert deviation(rough_field, ab, mask).shape == mask.shape
    # Windows that all see every observation give what one system gives.
    monkeypatch.setattr(kriging, "MAX_OBSERVATIONS", 10)
    monkeypatch.setattr(kriging, "FAR_OBSERVATIONS", 10_000)
    assert krige(rough_field, ab, mask) == pytest.approx(whole, abs=1e-3)


def test_a_window_sees_what_is_in_and_around_it(rough_field, monkeypatch):
    planes = np.zeros((2, 24, 40), np.float32), np.zeros((1, 24, 40), np.float32)
    for row, column in ((2, 3), (2, 8), (5, 3), (5, 8)):
        hint(planes, slice(row, row + 1), slice(column, column + 1), (30.0, 30.0))
    monkeypatch.setattr(kriging, "MAX_OBSERVATIONS", 3)
    monkeypatch.setattr(kriging, "FAR_OBSERVATIONS", 0)
    monkeypatch.setattr(kriging, "OBSERVATIONS_PER_WINDOW", 1)  # windows of 6x10 pixels
    seen = (krige(rough_field, *planes) != rough_field.mean).any(axis=0)
    assert seen[:11, :18].all()
    assert not seen[12:].any()
    assert not seen[:, 20:].any()


def test_some_of_many_hints_are_surer_than_fewer(rough_field, monkeypatch):
    rng = np.random.default_rng(2)
    mask = (rng.random((1, 24, 40)) < 0.1).astype(np.float32)
    ab = rng.normal(0, 20, (2, 24, 40)).astype(np.float32) * mask
    spreads = []
    for count in (10, 40, 1000):
        monkeypatch.setattr(kriging, "MAX_OBSERVATIONS", count)
        spreads.append(deviation(rough_field, ab, mask))
    assert (spreads[0] >= spreads[1] - 1e-4).all()
    assert (spreads[1] >= spreads[2] - 1e-4).all()
    assert spreads[0].mean() > spreads[1].mean() > spreads[2].mean()


def test_of_very_many_hints_the_nearest_give_nearly_what_all_give(rough_field, monkeypatch):
    rng = np.random.default_rng(3)
    mask = (rng.random((1, 24, 40)) < 0.6).astype(np.float32)
    rows, columns = np.mgrid[:24, :40]
    ab = np.stack([20 * np.sin(rows / 6), 20 * np.cos(columns / 9)]).astype(np.float32)
    whole = krige(rough_field, ab, mask)
    monkeypatch.setattr(kriging, "MAX_OBSERVATIONS", 10)
    monkeypatch.setattr(kriging, "OBSERVATIONS_PER_WINDOW", 40)
    monkeypatch.setattr(kriging, "MAX_COVARIANCES", 30_000)
    few = krige(rough_field, ab, mask)
    assert 0 < np.abs(few - whole).mean() < 1


def test_where_all_is_painted_nothing_is_predicted(rough_field, monkeypatch):
    def predict(*_):
        raise AssertionError("there is nothing to predict")

    monkeypatch.setattr(kriging, "predict", predict)
    mask = np.ones((1, 24, 40), np.float32)
    ab = np.full((2, 24, 40), 12, np.float32)
    assert (krige(rough_field, ab, mask) == ab).all()
