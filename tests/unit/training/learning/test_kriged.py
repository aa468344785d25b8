import numpy as np
import pytest

from colorizer.color import rgb_to_lab
from colorizer.kriging import Terrain, krige
from tests.support.pictures import astronaut
from training.learning.kriged import paint


@pytest.fixture(scope="module")
def lab():
    return rgb_to_lab(np.asarray(astronaut().resize((64, 64))))


def test_a_user_paints_where_it_is_wrong_until_it_is_better(lab):
    terrain = Terrain.plain(lab[..., 0] / 100)
    truth = lab[..., 1:].transpose(2, 0, 1)
    errors = []
    for strokes in (1, 6):
        ab, mask = paint(terrain, lab, strokes, np.random.default_rng(1))
        colours = {tuple(colour) for colour in ab[:, mask[0] > 0].T}
        assert 1 <= len(colours) <= strokes
        errors.append(np.abs(krige(terrain, ab, mask) - truth).mean())
    assert errors[1] < errors[0]


def test_the_same_user_paints_the_same(lab):
    terrain = Terrain.plain(lab[..., 0] / 100)
    one, other = (paint(terrain, lab, 2, np.random.default_rng(3)) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
