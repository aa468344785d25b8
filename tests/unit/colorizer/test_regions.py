"""Kriging in regions, against a dense solve of the block-diagonal system by SciPy."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import linalg
from scipy.spatial.distance import cdist

from colorizer.color import rgb_to_lab
from colorizer.field import PhotoField
from colorizer.kriging import MAX_OBSERVATIONS, deviation, krige
from colorizer.samplers import sample_pixels, seeded
from tests.support.pictures import astronaut

HEIGHT, WIDTH = 24, 32


@pytest.fixture(scope="module")
def ab():
    """Colours so unlike each other that each hint is an observation of its own."""
    return np.random.default_rng(0).normal(0, 20, (2, HEIGHT, WIDTH)).astype(np.float32)


@pytest.fixture(scope="module")
def field():
    """A field with nothing in it constant."""
    rng = np.random.default_rng(1)
    lightness = rgb_to_lab(np.asarray(astronaut().resize((WIDTH, HEIGHT))))[..., 0] / 100
    plain = PhotoField.plain(lightness)
    return replace(
        plain,
        mean=rng.normal(0, 9, (2, HEIGHT, WIDTH)).astype(np.float32),
        scale=rng.uniform(0.5, 2, (HEIGHT, WIDTH)).astype(np.float32),
        kernel=replace(plain.kernel, outlier_discount=0.01, nugget=0.3),
    )


@pytest.fixture
def labels():
    """Three regions: outside, a box, and a ring that touches two edges."""
    labels = np.zeros((HEIGHT, WIDTH), np.int16)
    labels[3:15, 4:20] = 2
    labels[8:, 12:] = 7
    labels[14:18, 18:24] = 0
    return labels


def dense(field, ab, mask, labels):
    """Mean and deviation of every pixel by the whole covariance, zero between regions."""
    kernel = field.kernel
    pixels = np.indices((HEIGHT, WIDTH)).reshape(2, -1).T
    place = pixels / (WIDTH * np.array([kernel.range_y, kernel.range_x]))
    embedding = field.embedding.reshape(len(pixels), -1).astype(float)
    scale, of = field.scale.ravel().astype(float), labels.ravel()
    hints = np.flatnonzero(mask[0].ravel())
    residual = (ab - field.mean).reshape(2, -1).T[hints]
    squares = ((residual / scale[hints, None]) ** 2).sum(axis=1)
    discount = {
        label: 1 + kernel.outlier_discount * squares[of[hints] == label].mean()
        for label in np.unique(of[hints])
    }
    correlation = np.exp(
        -(cdist(place, place[hints]) + cdist(embedding, embedding[hints])) / kernel.length_scale
    )

    def covariance(constant):
        cross = constant + kernel.partial_sill * correlation
        cross *= np.outer(scale, scale[hints]) * (of[:, None] == of[hints])
        return cross, cross[hints] + kernel.nugget * np.eye(len(hints))

    cross, among = covariance(kernel.constant / np.array([discount[k] for k in of[hints]]))
    colors = field.mean.reshape(2, -1).T + cross @ linalg.solve(among, residual)
    colors[hints] += residual - (colors - field.mean.reshape(2, -1).T)[hints]
    cross, among = covariance(kernel.constant)
    variance = scale**2 * (kernel.constant + kernel.partial_sill)
    variance -= (cross * linalg.solve(among, cross.T).T).sum(axis=1)
    return colors.T.reshape(ab.shape), np.sqrt(np.maximum(variance, 0)).reshape(HEIGHT, WIDTH)


@pytest.mark.parametrize("reach", [0.5, 0.0, 0.8])
def test_regions_are_the_blocks_of_one_covariance(field, ab, labels, reach):
    field = replace(field, kernel=field.kernel.reaching(reach))
    hint_ab, mask = sample_pixels(ab, 0.05, seeded("blocks"))
    colors, spread = dense(field, hint_ab, mask, labels)
    assert krige(field, hint_ab, mask, labels) == pytest.approx(colors, abs=2e-2)
    assert deviation(field, hint_ab, mask, labels)[0] == pytest.approx(spread, abs=5e-3)


def test_without_regions_it_is_the_same_system_whole(field, ab):
    hint_ab, mask = sample_pixels(ab, 0.05, seeded("whole"))
    colors, spread = dense(field, hint_ab, mask, np.zeros((HEIGHT, WIDTH), np.int16))
    assert krige(field, hint_ab, mask) == pytest.approx(colors, abs=2e-2)
    assert deviation(field, hint_ab, mask)[0] == pytest.approx(spread, abs=5e-3)


@pytest.mark.parametrize("share", [0.02, 0.6])
def test_nothing_crosses_a_fence(field, ab, labels, share):
    hint_ab, mask = sample_pixels(ab, share, seeded("fence", share))
    assert (mask.sum() > MAX_OBSERVATIONS) == (share > 0.5)
    everything = krige(field, hint_ab, mask, labels)
    for label in np.unique(labels):
        inside = labels == label
        own = krige(field, hint_ab, mask * inside, labels)
        assert (own[:, inside] == everything[:, inside]).all()
        assert (own[:, ~inside] == field.mean[:, ~inside]).all()


def test_many_hints_in_a_region_are_predicted_in_windows_of_its_box(field, ab, labels):
    hint_ab, mask = sample_pixels(ab, 1.0, seeded("many"))
    mask[0, ::3, ::2] = 0
    mask = mask * (labels == 0)
    assert mask.sum() > MAX_OBSERVATIONS
    windows = krige(field, hint_ab, mask, labels)
    colors, _ = dense(field, hint_ab, mask, labels)
    free = (labels == 0) & (mask[0] == 0)
    assert 0 < np.abs(windows - colors)[:, free].mean() < 2
