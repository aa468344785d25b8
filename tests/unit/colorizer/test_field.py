from dataclasses import astuple, fields

import numpy as np
import pytest

from colorizer.features import features
from colorizer.field import PLAIN, PLAIN_RANGES, Kernel, PhotoField


def test_a_network_s_numbers_are_the_kernel_s_in_order():
    maps = (
        np.zeros((2, 3, 5), np.float32),
        np.full((1, 3, 5), 2.0, np.float32),
        np.arange(4 * 3 * 5, dtype=np.float32).reshape(4, 3, 5),
        np.ones((4, 3, 5), np.float32),
    )
    field = PhotoField.of(maps, np.arange(1, 8, dtype=np.float32))
    assert astuple(field.kernel)[:7] == (1, 2, 3, 4, 5, 6, 7)
    assert [item.name for item in fields(Kernel)][:7] == [
        "range_x",
        "range_y",
        "constant",
        "partial_sill",
        "nugget",
        "brush_nugget",
        "outlier_discount",
    ]
    assert field.embedding.shape == (3, 5, 4)
    assert (field.embedding[1, 2] == maps[2][:, 1, 2]).all()
    assert (field.thing_embedding == 1).all()
    assert field.scale.shape == (3, 5)
    assert (field.scale == 2).all()
    assert field.mean is maps[0]


def test_the_plain_field_is_grey_and_knows_lightness_alone():
    lightness = np.random.default_rng(0).random((24, 40), np.float32)
    field = PhotoField.plain(lightness)
    assert not field.mean.any()
    assert (field.scale == 1).all()
    assert field.kernel == PLAIN
    back = field.embedding.transpose(2, 0, 1) * np.array(PLAIN_RANGES)[:, None, None]
    assert back == pytest.approx(features(lightness), abs=1e-6)


def test_places_are_in_ranges_of_the_longer_side():
    kernel = Kernel(0.5, 0.25, 1, 1, 0, 0, 0)
    field = PhotoField(np.zeros((20, 40, 1)), np.ones((20, 40)), np.zeros((2, 20, 40)), kernel)
    y, x = field.places(np.array([10.0]), np.array([10.0]))
    assert y == pytest.approx(10 / (40 * 0.25))
    assert x == pytest.approx(10 / (40 * 0.5))


@pytest.mark.parametrize(("residual", "expected"), [(0.0, 0.8), (1.0, 0.4), (3.0, 0.2)])
def test_only_the_constant_gives_way_to_outliers(residual, expected):
    kernel = Kernel(0.5, 0.25, 0.8, 1.5, 0.1, 0.2, 1.0)
    discounted = kernel.discounted(residual)
    assert discounted.constant == pytest.approx(expected)
    assert astuple(discounted)[3:] == astuple(kernel)[3:]
    assert astuple(discounted)[:2] == astuple(kernel)[:2]
